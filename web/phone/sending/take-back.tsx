/** Taking back what waits on this phone. What may have reached the server is not taken back silently:
 * that is said, and asking the server again is offered first. */

import { useState } from "preact/hooks";
import { Button } from "../ui/button";
import { Sheet } from "../ui/sheet";
import { toast } from "../ui/toast";
import type { Undo } from "./acts";
import { keptOrSaid } from "./aloud";
import { sendNow } from "./outbox";
import { words } from "./words";

interface TakeBackProps {
  label: string;
  look?: "plain" | "quiet" | "link";
  /** Null: the server may have it. `evenSo`: forget it here all the same. */
  discard: (evenSo: boolean) => Promise<Undo | null>;
  gone?: (undo: Undo) => void;
  away?: boolean; // not to be pressed now; a question that is open stays open
}

export function TakeBack({ label, look = "plain", discard, gone, away }: TakeBackProps) {
  const [asking, ask] = useState(false);
  const take = () =>
    void keptOrSaid(async () => {
      const undo = await discard(false);
      if (undo) gone?.(undo);
      else ask(true);
    });
  return (
    <>
      {away ? null : look === "link" ? (
        <button type="button" class="link-button" onClick={take}>
          {label}
        </button>
      ) : (
        <Button look={look} onClick={take}>
          {label}
        </Button>
      )}
      {asking && <Perhaps close={() => ask(false)} forget={() => discard(true)} />}
    </>
  );
}

function Perhaps({ close, forget }: { close: () => void; forget: () => Promise<unknown> }) {
  const w = words();
  const again = () => {
    close();
    void sendNow();
  };
  const forgetHere = () => {
    close();
    void keptOrSaid(forget).then((done) => done && toast(w.forgotten));
  };
  return (
    <Sheet title={w.perhapsTitle} onClose={close}>
      <p>{w.perhapsText}</p>
      <Button look="primary" wide onClick={again}>
        {w.askServer}
      </Button>
      <Button look="danger" wide onClick={forgetHere}>
        {w.forgetHere}
      </Button>
    </Sheet>
  );
}
