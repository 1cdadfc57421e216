/** Send, always in reach, with the truth about the network beneath. What is missing is said in words,
 * and where it is missing. */

import { Send } from "lucide";
import { online } from "../core/online";
import { Button } from "../ui/button";
import { questionId } from "./questions";
import type { Keeping, Missing } from "./state";
import { words } from "./words";

export type Sending = "no" | "photos" | "place" | "saving";

interface BarProps {
  sending: Sending;
  lacks: Missing[]; // told once it was tried
  keeping: Keeping;
  onSend: () => void;
}

export function SendBar({ sending, lacks, keeping, onSend }: BarProps) {
  const w = words();
  const connected = online.value;
  return (
    <div class="submit-bar">
      {lacks.length > 0 && (
        <div class="submit-lacks" role="alert">
          <p id="submit-lacks">
            <strong>{w.missing}</strong> {lacks.map(lackWords).join("; ")}.
          </p>
          <button type="button" class="submit-lacks-go" onClick={() => lacks[0] && goTo(lacks[0])}>
            {w.goThere}
          </button>
        </div>
      )}
      <Button look="primary" icon={Send} wide busy={sending !== "no"} onClick={onSend}>
        {connected ? w.send : w.saveToSend}
      </Button>
      <p class="submit-truth" role="status">
        {truth(sending, keeping, connected)}
      </p>
    </div>
  );
}

function truth(sending: Sending, keeping: Keeping, connected: boolean): string {
  const w = words();
  if (sending === "photos") return w.waitPhotos;
  if (sending === "place") return w.waitPlace;
  if (sending === "saving") return w.sendingNow;
  if (keeping !== "kept") return keeping === "full" ? w.full : w.notKept;
  return connected ? w.truthOnline : w.truthOffline;
}

function lackWords(lack: Missing): string {
  const w = words();
  switch (lack.what) {
    case "substance":
      return w.needSubstance;
    case "place":
      return w.needPlace;
    case "inside":
      return w.needInside;
    case "kind":
      return w.needKind;
    case "answer":
      return w.needAnswer(lack.question.text);
  }
}

/** To the field that is missing, with the focus in it. */
export function goTo(lack: Missing): void {
  const [where, what] = targetOf(lack);
  const part = document.getElementById(where);
  const target = part?.querySelector<HTMLElement>(what);
  part?.scrollIntoView({ block: "center" });
  target?.focus({ preventScroll: true });
}

function targetOf(lack: Missing): [string, string] {
  switch (lack.what) {
    case "substance":
      return ["submit-words", "textarea"];
    case "place":
    case "inside":
      return ["submit-place", "button"];
    case "kind":
      return ["submit-kind", "input, button"];
    case "answer":
      return [questionId(lack.question), "input"];
  }
}

