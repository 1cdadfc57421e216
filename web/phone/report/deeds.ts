/** What I do to this report: each goes through the queue, so that it also works with no network, and
 * stands on the page as pending until the server's own word is read. */

import { useEffect, useRef } from "preact/hooks";
import { type Act, type SessionKey, database } from "../core/db";
import { uuid } from "../core/session";
import type { Report } from "../core/types";
import { type Undo, acts, discardAct, forgetWriting, keepAct, queueAct } from "../sending/acts";
import { stepOf } from "../sending/named";

export type About = Pick<Report, "id" | "code">;

export interface Deeds {
  /** Not yet in what the server told: waiting, on its way, or refused; oldest first. */
  pending: Act[];
  step: (name: "confirm" | "withdraw", note?: string) => Promise<Act>;
  support: (wanted: boolean) => Promise<Act>;
  rate: (stars: number, comment: string) => Promise<Act>;
  complain: (text: string) => Promise<Act>;
  wording: (what: What) => Wording;
}

/** What is said in words of one's own, and so is written for a while before it is sent. */
export type What = "answer" | "reopen" | "reconsider" | "comment";

/** Such words, kept on this phone from the first one on until they are sent or thrown away. */
export interface Wording {
  /** Something was written here before and not sent. */
  begun: boolean;
  load: () => Promise<Act | null>;
  keep: (id: string, text: string, photos: string[]) => Promise<void>;
  empty: (id: string) => Promise<void>;
  drop: (id: string) => Promise<Undo | null>;
  send: (id: string, text: string, photos: string[]) => Promise<Act>;
}

/** `readAt`: when what is shown was asked for (ms); `again`: reads it anew. */
export function useDeeds(
  about: About | null,
  session: SessionKey,
  readAt: number | null,
  again: () => void,
): Deeds {
  const pending = usePending(about?.id ?? null, readAt, again);
  const wish = (kind: Act["kind"], method: Act["method"], what: string, body: unknown, id = uuid(), photos: string[] = []) => {
    if (!about) throw new Error("no report to act on");
    const path = `/reports/${about.id}/${what}`;
    return { id, kind, report: about.id, code: about.code, method, path, body, photos, session };
  };
  const queue = (...said: Parameters<typeof wish>) => queueAct(wish(...said));
  const worded = (what: What, id: string, text: string, photos: string[]) =>
    what === "comment"
      ? wish("comment", "POST", "comments", { text }, id)
      : wish("step", "POST", "steps", { step: what, note: text }, id, photos);
  return {
    pending,
    step: (name, note = "") => queue("step", "POST", "steps", { step: name, note: note.trim() }),
    support: (wanted) =>
      wanted
        ? queue("support", "PUT", "support", undefined)
        : queue("unsupport", "DELETE", "support", undefined),
    rate: (stars, comment) => queue("rating", "PUT", "rating", { stars, comment: comment.trim() }),
    complain: (text) => queue("complaint", "POST", "complaints", { text: text.trim() }),
    wording: (what) => ({
      begun: acts.value.some((act) => isWording(act, about?.id, what)),
      load: async () => (await readAll()).find((act) => isWording(act, about?.id, what)) ?? null,
      keep: (id, text, photos) => keepAct(worded(what, id, text, photos)),
      empty: (id) => forgetWriting(id),
      drop: (id) => discardAct(id),
      send: (id, text, photos) => queueAct(worded(what, id, text.trim(), photos)),
    }),
  };
}

async function readAll(): Promise<Act[]> {
  return (await database()).getAll("acts");
}

function isWording(act: Act, report: string | undefined, what: What): boolean {
  return act.state === "writing" && act.report === report && (stepOf(act) ?? act.kind) === what;
}

/** The acts on one report that are not done, and those done since the page was last read. */
function usePending(report: string | null, readAt: number | null, again: () => void): Act[] {
  const told = (act: Act) => act.state === "sent" && (act.sentAt ?? 0) <= (readAt ?? 0);
  const mine = acts.value.filter((act) => act.report === report);
  const sent = mine.filter((act) => act.state === "sent").length;
  const before = useRef(sent);
  useEffect(() => {
    if (sent > before.current) again();
    before.current = sent;
  }, [sent]);
  return mine.filter((act) => act.state !== "writing" && !told(act));
}
