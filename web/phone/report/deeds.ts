/** What I do to this report: each goes through the queue, so that it also works with no network, and
 * stands on the page as pending until the server's own word is read. */

import { useEffect, useRef } from "preact/hooks";
import type { Act, SessionKey } from "../core/db";
import { uuid } from "../core/session";
import type { Report } from "../core/types";
import { acts, queueAct } from "../sending/acts";

export type About = Pick<Report, "id" | "code">;

export interface Deeds {
  /** Not yet in what the server told: waiting, on its way, or refused; oldest first. */
  pending: Act[];
  step: (name: string, note?: string, photos?: string[]) => Promise<Act>;
  support: (wanted: boolean) => Promise<Act>;
  rate: (stars: number, comment: string) => Promise<Act>;
  comment: (text: string) => Promise<Act>;
}

/** `readAt`: when the report was last told (ms); `again`: reads it anew. */
export function useDeeds(
  about: About | null,
  session: SessionKey,
  readAt: number | null,
  again: () => void,
): Deeds {
  const pending = usePending(about?.id ?? null, readAt, again);
  const queue = (kind: Act["kind"], method: Act["method"], what: string, body: unknown, id = uuid(), photos: string[] = []) => {
    if (!about) throw new Error("no report to act on");
    const path = `/reports/${about.id}/${what}`;
    return queueAct({ id, kind, report: about.id, code: about.code, method, path, body, photos, session });
  };
  return {
    pending,
    step: (name, note = "", photos = []) => {
      const id = uuid();
      return queue("step", "POST", "steps", { id, step: name, note: note.trim() }, id, photos);
    },
    support: (wanted) =>
      wanted
        ? queue("support", "PUT", "support", undefined)
        : queue("unsupport", "DELETE", "support", undefined),
    rate: (stars, comment) => queue("rating", "PUT", "rating", { stars, comment: comment.trim() }),
    comment: (text) => {
      const id = uuid();
      return queue("comment", "POST", "comments", { id, text: text.trim() }, id);
    },
  };
}

/** The acts on one report that are not done, and those done since the page was last read. */
function usePending(report: string | null, readAt: number | null, again: () => void): Act[] {
  const told = (act: Act) => act.state === "sent" && (act.sentAt ?? 0) < (readAt ?? 0);
  const mine = acts.value.filter((act) => act.report === report);
  const sent = mine.filter((act) => act.state === "sent").length;
  const before = useRef(sent);
  useEffect(() => {
    if (sent > before.current) again();
    before.current = sent;
  }, [sent]);
  return mine.filter((act) => !told(act));
}

export function stepOf(act: Act): string | null {
  return act.kind === "step" ? ((act.body as { step?: string } | null)?.step ?? null) : null;
}

export function wordsOf(act: Act): string {
  const body = (act.body ?? {}) as { note?: string; text?: string; comment?: string };
  return body.note ?? body.text ?? body.comment ?? "";
}
