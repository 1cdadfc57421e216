/** Taking a report back, after being asked once more. */

import { useState } from "preact/hooks";
import type { Report } from "../core/types";
import { keptOrSaid } from "../sending/aloud";
import { Button } from "../ui/button";
import { TextArea } from "../ui/field";
import { Sheet } from "../ui/sheet";
import type { Deeds } from "./deeds";
import { words } from "./words";

export function Withdraw({ report, deeds }: { report: Report; deeds: Deeds }) {
  const [open, setOpen] = useState(false);
  const [why, write] = useState("");
  const w = words();
  const may = report.steps.some((one) => one.step === "withdraw");
  if (!may || deeds.pending.some((act) => act.kind === "step")) return null;
  const withdraw = () => {
    setOpen(false);
    void keptOrSaid(() => deeds.step("withdraw", why)).then((kept) => kept && scrollTo({ top: 0 }));
  };
  return (
    <>
      <Button look="quiet" onClick={() => setOpen(true)}>
        {w.withdraw}
      </Button>
      {open && (
        <Sheet title={w.withdrawTitle} onClose={() => setOpen(false)}>
          <p>{w.withdrawText}</p>
          <TextArea label={w.withdrawWhy} value={why} rows={2} maxLength={5000} onText={write} />
          <Button look="danger" wide onClick={withdraw}>
            {w.withdrawYes}
          </Button>
          <Button wide onClick={() => setOpen(false)}>
            {w.withdrawNo}
          </Button>
        </Sheet>
      )}
    </>
  );
}
