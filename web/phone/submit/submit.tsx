/** Reporting in ten seconds. The address says what is shown: `/new` a new report, `?draft=` one that is
 * on this phone (still written, or on its way), `?category=` with a kind chosen before. */

import { FileX } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Draft } from "../core/db";
import { go, place } from "../core/router";
import type { Card } from "../core/types";
import { drafts, loadDraft, newDraft } from "../sending/drafts";
import { ButtonLink } from "../ui/button";
import { Empty, SkeletonCards } from "../ui/states";
import { Top } from "../ui/top";
import { Form } from "./form";
import { Sent } from "./sent";
import { Thanks } from "./thanks";
import { words } from "./words";

interface Opened {
  draft: Draft;
  stored: boolean;
  turn: number; // another form, though of the same draft
}

export function SubmitScreen(_: { rest: string }) {
  const { opened, gone, open } = useDraft();
  const [supported, support] = useState<{ card: Card; undo: () => Promise<void>; id: string } | null>(null);
  const now = useNow(opened?.draft ?? null);
  if (supported && supported.id === opened?.draft.id) {
    const own = async () => {
      await supported.undo();
      support(null);
      await open(supported.id);
    };
    return <Thanks card={supported.card} onOwn={() => void own()} />;
  }
  if (gone) return <Gone />;
  if (!opened || !now) return <Opening />;
  if (isOnItsWay(now)) return <Sent key={now.id} draft={now} onEdit={() => void open(now.id)} />;
  const { draft, turn } = opened;
  // As it is on the phone by now: another tab may have taken it back and changed it.
  const first = now.changedAt >= draft.changedAt ? now : draft;
  return (
    <Form
      key={`${draft.id} ${turn} ${now.state}`}
      first={first}
      stored={opened.stored || now !== draft}
      onQueued={(id) => go(`/new?draft=${id}`, { replace: true })}
      onSupported={(card, undo) => support({ card, undo, id: draft.id })}
    />
  );
}

function isOnItsWay(draft: Draft): boolean {
  return draft.state !== "writing" && draft.state !== "refused";
}

/** The draft that the address names, or a new one. */
function useDraft() {
  const [opened, tell] = useState<Opened | null>(null);
  const [gone, setGone] = useState(false);
  const turn = useRef(0);
  const query = place.value.query;
  const id = query.get("draft");
  const kind = query.get("category");
  const open = async (wanted: string) => {
    const draft = await loadDraft(wanted).catch(() => null);
    setGone(draft === null);
    if (draft) tell({ draft, stored: true, turn: ++turn.current });
  };
  useEffect(() => {
    if (id && id === opened?.draft.id) return;
    setGone(false);
    if (id) void open(id);
    else tell({ draft: { ...newDraft(), category: kind }, stored: false, turn: ++turn.current });
  }, [place.value]);
  return { opened, gone, open };
}

/** The same draft as it is on the phone now: sending changes it while this is looked at. What was sent
 * may leave the phone meanwhile; its last word stays. */
function useNow(first: Draft | null): Draft | null {
  const last = useRef<Draft | null>(null);
  if (!first) return null;
  const found = drafts.value.find((draft) => draft.id === first.id);
  if (last.current?.id !== first.id) last.current = first;
  if (found) last.current = found;
  return last.current;
}

function Opening() {
  const w = words();
  return (
    <>
      <Top title={w.title} close={{ word: w.close, act: () => go("/") }} />
      <div class="body">
        <span class="unseen">{w.loading}</span>
        <SkeletonCards count={3} />
      </div>
    </>
  );
}

function Gone() {
  const w = words();
  return (
    <>
      <Top title={w.title} close={{ word: w.close, act: () => go("/") }} />
      <Empty icon={FileX} title={w.gone}>
        <p>{w.goneText}</p>
        <ButtonLink to="/new" look="primary">
          {w.startNew}
        </ButtonLink>
        <ButtonLink to="/mine" look="quiet">
          {w.mine}
        </ButtonLink>
      </Empty>
    </>
  );
}
