/** The one thing that the report asks of me now, as a panel. Which it is, the API's `steps` say. */

import { Check } from "lucide";
import { useState } from "preact/hooks";
import type { Act } from "../core/db";
import { spokenDay } from "../core/time";
import type { Entry, Report } from "../core/types";
import { keptOrSaid } from "../sending/aloud";
import { stepOf } from "../sending/named";
import { Button } from "../ui/button";
import type { Deeds } from "./deeds";
import { Pending } from "./pending";
import { WordsForm, useOpened } from "./words-form";
import { words } from "./words";

interface AskedProps {
  report: Report;
  entries: Entry[];
  deeds: Deeds;
}

/** Nothing is asked while a step of mine is on its way: that is shown instead. */
export function Asked({ report, entries, deeds }: AskedProps) {
  const [righting, putRight] = useState<string | null>(null);
  const last = deeds.pending.filter((act) => act.kind === "step").pop();
  const again = last && last.id === righting && last.state === "refused" ? last : null;
  if (last && !again) return <Pending act={last} putRight={() => putRight(last.id)} />;
  const can = (step: string) => report.steps.some((one) => one.step === step);
  if (can("confirm")) return <Done report={report} deeds={deeds} before={again} />;
  if (can("answer")) return <Question entries={entries} deeds={deeds} before={again} />;
  if (report.status === "rejected") {
    return <Rejected report={report} entries={entries} deeds={deeds} may={can("reconsider")} before={again} />;
  }
  return null;
}

type PanelProps = Pick<AskedProps, "deeds"> & { before: Act | null };

/** The answer is there: is it so? */
function Done({ report, deeds, before }: PanelProps & { report: Report }) {
  const [open, setOpen] = useOpened(deeds.wording("reopen"), before !== null && stepOf(before) === "reopen");
  const w = words();
  const may = (step: string) => report.steps.some((one) => one.step === step);
  return (
    <section class="panel panel-wash asked" aria-labelledby="asked">
      <h2 id="asked">{w.done}</h2>
      {report.outcome === "planned" && report.planned_for && <p>{w.planned(spokenDay(report.planned_for))}</p>}
      {!open && (
        <>
          <div class="asked-buttons">
            <Button look="primary" icon={Check} onClick={() => void keptOrSaid(() => deeds.step("confirm"))}>
              {w.yesDone}
            </Button>
            {may("reopen") && <Button onClick={() => setOpen(true)}>{w.notDone}</Button>}
          </div>
          <p class="muted">{w.closesItself}</p>
        </>
      )}
      {open && <NotDone deeds={deeds} before={before} cancel={() => setOpen(false)} />}
    </section>
  );
}

export function NotDone({ deeds, before, cancel }: PanelProps & { cancel: () => void }) {
  const w = words();
  return (
    <WordsForm
      label={w.whatIsLeft}
      hint={w.whatIsLeftHint}
      sending={w.sendNotDone}
      withPhotos
      before={before}
      cancel={cancel}
      wording={deeds.wording("reopen")}
    />
  );
}

function Question({ entries, deeds, before }: PanelProps & { entries: Entry[] }) {
  const asked = [...entries].reverse().find((entry) => entry.step === "ask");
  const w = words();
  return (
    <section class="panel panel-wash asked" aria-labelledby="asked">
      <h2 id="asked">{asked?.office ? w.asks(asked.office.name) : w.asksYou}</h2>
      {asked && <p class="asked-words">{asked.note}</p>}
      <WordsForm
        label={w.yourAnswer}
        hint={w.answerHint}
        sending={w.sendAnswer}
        withPhotos
        before={before}
        wording={deeds.wording("answer")}
      />
    </section>
  );
}

interface RejectedProps extends AskedProps {
  may: boolean;
  before: Act | null;
}

function Rejected({ report, entries, deeds, may, before }: RejectedProps) {
  const [open, setOpen] = useOpened(deeds.wording("reconsider"), before !== null);
  const said = [...entries].reverse().find((entry) => entry.step === "reject");
  const w = words();
  return (
    <section class={`panel asked${may ? " panel-wash" : ""}`} aria-labelledby="asked">
      <h2 id="asked">{w.rejectedWhy}</h2>
      <p>
        <strong>{w.rejection[report.rejection ?? "other"] ?? ""}</strong>
      </p>
      {said?.note && <p class="asked-words">{said.note}</p>}
      {may && !open && <Button onClick={() => setOpen(true)}>{w.reconsider}</Button>}
      {may && open && (
        <WordsForm
          label={w.reconsiderWhy}
          hint={w.reconsiderHint}
          sending={w.sendReconsider}
          before={before}
          cancel={() => setOpen(false)}
          wording={deeds.wording("reconsider")}
        />
      )}
    </section>
  );
}
