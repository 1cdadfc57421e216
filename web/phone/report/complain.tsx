/** Saying that something here should not be public: a name, a face, a lie. The centre decides and answers. */

import { Flag } from "lucide";
import { useState } from "preact/hooks";
import type { Report } from "../core/types";
import { keptOrSaid } from "../sending/aloud";
import { Button } from "../ui/button";
import { TextArea } from "../ui/field";
import { Sheet } from "../ui/sheet";
import { toast } from "../ui/toast";
import type { Deeds } from "./deeds";
import { words } from "./words";

export function Complain({ report, deeds }: { report: Report; deeds: Deeds }) {
  const [open, setOpen] = useState(false);
  const [text, write] = useState("");
  const [error, tell] = useState<string | null>(null);
  const w = words();
  if (!report.photos || report.published === false) return null; // nothing of it is public
  const send = () => {
    if (!text.trim()) return tell(w.complainNeedsWords);
    setOpen(false);
    void keptOrSaid(() => deeds.complain(text)).then((kept) => {
      if (!kept) return setOpen(true);
      write("");
      toast(w.complained);
    });
  };
  return (
    <>
      <Button look="quiet" icon={Flag} onClick={() => setOpen(true)}>
        {w.complain}
      </Button>
      {open && (
        <Sheet title={w.complain} onClose={() => setOpen(false)}>
          <p>{w.complainText}</p>
          <TextArea label={w.complainWhat} error={error} value={text} rows={3} maxLength={1000} onText={(now) => (write(now), tell(null))} />
          <Button look="primary" wide onClick={send}>
            {w.sendComplaint}
          </Button>
          <Button wide onClick={() => setOpen(false)}>
            {w.cancel}
          </Button>
        </Sheet>
      )}
    </>
  );
}
