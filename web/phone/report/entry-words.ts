/** Each step of a report's life in the words of whoever follows it: icon, colour, title. */

import {
  CalendarClock,
  Check,
  CheckCheck,
  CornerUpRight,
  Inbox,
  Merge,
  MessageCircle,
  MessageCircleQuestionMark,
  MessageCircleReply,
  Minus,
  RotateCcw,
  Send,
  Split,
  Wrench,
  X,
} from "lucide";
import type { Entry } from "../core/types";
import type { IconNode } from "../ui/icon";
import { words } from "./words";

/** step → its icon, and the status whose colour it has. */
const LOOKS: Record<string, [IconNode, string]> = {
  submit: [Send, "submitted"],
  accept: [Inbox, "accepted"],
  forward: [CornerUpRight, "accepted"],
  moved: [CornerUpRight, "accepted"],
  start: [Wrench, "in_progress"],
  resume: [Wrench, "in_progress"],
  ask: [MessageCircleQuestionMark, "waiting"],
  answer: [MessageCircleReply, "waiting"],
  grant_extension: [CalendarClock, "accepted"],
  recomputed: [CalendarClock, "accepted"],
  resolve: [Check, "resolved"],
  confirm: [CheckCheck, "closed"],
  reopen: [RotateCcw, "in_progress"],
  reject: [X, "rejected"],
  reconsider: [RotateCcw, "submitted"],
  merge: [Merge, "merged"],
  unmerge: [Split, "submitted"],
  withdraw: [Minus, "withdrawn"],
};

export function lookOf(entry: Entry): { icon: IconNode; status: string } {
  if (entry.kind === "comment") return { icon: MessageCircle, status: "submitted" };
  const [icon, status] = LOOKS[entry.step ?? ""] ?? [Inbox, entry.status ?? "submitted"];
  return { icon, status };
}

/** `mine`: read by its reporter. "Not done" may also be said by whoever's report was merged into it. */
export function titleOf(entry: Entry, mine: boolean): string {
  const w = words();
  if (entry.kind === "comment") {
    return entry.mine ? w.yourComment : (entry.office?.name ?? w.aResident);
  }
  const step = entry.step ?? "";
  if (step === "submit") return mine ? w.youSent : w.reportSent;
  if (step === "resolve" && entry.office) return w.resolves(entry.office.name);
  if (step === "ask" && entry.office) return w.asks(entry.office.name);
  if (step === "reconsider" && entry.by !== "reporter") return w.takenUpAgain;
  if (step === "confirm" && entry.by === "system") return w.closedItself;
  const byMe = mine && entry.by === "reporter";
  return (byMe ? w.mySteps[step] : undefined) ?? w.steps[step] ?? entry.name ?? "";
}
