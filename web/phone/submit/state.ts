/** One report while it is written. Every change is kept on the phone a moment later, so that nothing
 * is lost when the phone is put away. How drafts are stored and sent is `sending`'s. */

import { type Signal, signal } from "@preact/signals";
import type { Draft, Pin } from "../core/db";
import type { Category, Question } from "../core/types";
import { StorageFull, discardDraft, saveDraft } from "../sending/drafts";

const KEEP_AFTER_MS = 400;
export const MOST_PHOTOS = 12;
export const MOST_WORDS = 5000;
export const MOST_NOTE = 200;

export type Keeping = "kept" | "full" | "failed";

export interface Writing {
  draft: Signal<Draft>;
  keeping: Signal<Keeping>;
  /** Change it, and keep it soon. */
  change: (patch: Partial<Draft>) => void;
  /** Keep it now; false when the phone could not. */
  keep: () => Promise<boolean>;
  /** Drop it; what is answered brings it back. */
  drop: () => Promise<() => Promise<void>>;
}

/** `stored`: it was on the phone before. */
export function beginWriting(first: Draft, stored: boolean): Writing {
  const draft = signal(first);
  const keeping = signal<Keeping>("kept");
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dirty = false;
  let gone = false;

  const keep = async (): Promise<boolean> => {
    clearTimeout(timer);
    if (gone || !dirty || (!stored && !hasSubstance(draft.value))) return true;
    dirty = false;
    try {
      await saveDraft(draft.value);
      stored = true;
      keeping.value = "kept";
      nameInAddress(draft.value.id);
      return true;
    } catch (error) {
      dirty = true;
      keeping.value = error instanceof StorageFull ? "full" : "failed";
      return false;
    }
  };
  const change = (patch: Partial<Draft>) => {
    draft.value = { ...draft.value, ...patch, changedAt: Date.now() };
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(() => void keep(), KEEP_AFTER_MS);
  };
  const drop = async () => {
    await keep();
    clearTimeout(timer);
    gone = true;
    const undo = stored ? await discardDraft(draft.value.id) : async () => undefined;
    return async () => {
      await undo();
      gone = false;
    };
  };
  return { draft, keeping, change, keep, drop };
}

/** A reload, or a phone that closed the page, finds the draft by its address. */
function nameInAddress(id: string): void {
  if (location.pathname !== "/new") return;
  const wanted = `/new?draft=${id}`;
  if (location.pathname + location.search !== wanted) history.replaceState(history.state, "", wanted);
}

/** Is there anything worth keeping? Where the phone happens to be is not. */
export function hasSubstance(draft: Draft): boolean {
  return Boolean(
    draft.description.trim() ||
      draft.photos.length ||
      draft.placeNote.trim() ||
      draft.category ||
      (draft.pin && byHand(draft.pin)),
  );
}

/** Was the pin put by the resident, not by the phone? */
export function byHand(pin: Pin): boolean {
  return pin.from === "hand" || pin.from === "search" || pin.from === "area";
}

export type Missing =
  | { what: "substance" | "place" | "inside" | "kind" }
  | { what: "answer"; question: Question };

/** What a report still needs before it can go. */
export function missing(draft: Draft, category: Category | null, outside: boolean): Missing[] {
  const found: Missing[] = [];
  if (!draft.description.trim() && !draft.photos.length) found.push({ what: "substance" });
  if (!draft.pin) found.push({ what: "place" });
  else if (outside) found.push({ what: "inside" });
  if (!category) return [...found, { what: "kind" }];
  const open = category.questions.filter((q) => q.required && !answered(draft.answers[q.code]));
  return [...found, ...open.map((question) => ({ what: "answer" as const, question }))];
}

export function answered(answer: unknown): boolean {
  if (Array.isArray(answer)) return answer.length > 0;
  return answer !== undefined && answer !== null && answer !== "";
}

/** Only answers to this category's questions go along. */
export function answersFor(draft: Draft, category: Category): Draft["answers"] {
  const asked = new Set(category.questions.map((question) => question.code));
  return Object.fromEntries(
    Object.entries(draft.answers).filter(([code, answer]) => asked.has(code) && answered(answer)),
  );
}
