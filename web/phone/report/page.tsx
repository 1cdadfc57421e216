/** The page of a report that is there: photos, what it is, what it asks of me, what happened. */

import { RotateCcw } from "lucide";
import { useRef } from "preact/hooks";
import type { SessionKey } from "../core/db";
import type { Kept } from "../core/kept";
import type { Entry, Page, Report } from "../core/types";
import { Button } from "../ui/button";
import { KeptLine } from "../ui/states";
import { Top } from "../ui/top";
import { Asked, NotDone } from "./asked";
import { CommentDoor } from "./comment";
import { Complain } from "./complain";
import { type Deeds, useDeeds } from "./deeds";
import { Answers, Facts } from "./facts";
import { Lead } from "./lead";
import { Pictures } from "./pictures";
import { Rating, isRateable } from "./rating";
import { Share } from "./share";
import { SkeletonTimeline } from "./skeleton";
import { Support, isFollowed } from "./support";
import { Timeline } from "./timeline";
import { Where } from "./where";
import { Withdraw } from "./withdraw";
import { words } from "./words";
import { useOpened } from "./words-form";

interface PageProps {
  report: Kept<Report>;
  timeline: Kept<Page<Entry>>;
  session: SessionKey;
}

export function ReportPage({ report: told, timeline, session }: PageProps) {
  const report = told.value as Report;
  const entries = timeline.value?.items ?? [];
  const again = () => {
    told.again();
    timeline.again();
  };
  const readAt = Math.min(told.at ?? 0, timeline.at ?? 0);
  const deeds = useDeeds(report, session, readAt, again);
  const follows = isFollowed(report, deeds);
  const as = { session, mine: Boolean(report.mine) };
  const answered = [...entries].reverse().find((entry) => entry.step === "resolve");
  const confirming = report.steps.some((one) => one.step === "confirm"); // one thing is asked at a time
  const below = useRef(confirming); // and stays where it was asked, once that is done: stars may be chosen already
  below.current ||= confirming;
  const others = deeds.pending.filter((act) => act.kind !== "step");

  return (
    <>
      <Top title={report.code} backTo="/mine">
        <Share report={report} />
      </Top>
      <Pictures before={report.photos ?? []} after={answered?.photos ?? []} as={as} />
      <div class="body report-body">
        <KeptLine at={told.at} error={told.error} />
        <Facts report={report} />
        <Asked report={report} entries={entries} deeds={deeds} />
        <Lead report={report} session={session} />
        {!below.current && <Afterwards report={report} deeds={deeds} follows={follows} />}
        {timeline.value ? (
          <Timeline report={report} entries={entries} pending={others} as={as} />
        ) : (
          <SkeletonTimeline />
        )}
        {below.current && <Afterwards report={report} deeds={deeds} follows={follows} />}
        <Support report={report} deeds={deeds} follows={follows} />
        <Where report={report} />
        <Answers report={report} />
        <CommentDoor deeds={deeds} />
        <Complain report={report} deeds={deeds} />
        <Withdraw report={report} deeds={deeds} />
      </div>
    </>
  );
}

interface AfterwardsProps {
  report: Report;
  deeds: Deeds;
  follows: boolean;
}

/** Once it is answered: the stars, and saying that it is not done after all. */
function Afterwards({ report, deeds, follows }: AfterwardsProps) {
  const [open, setOpen] = useOpened(deeds.wording("reopen"));
  const can = (step: string) => report.steps.some((one) => one.step === step);
  const stepping = deeds.pending.some((act) => act.kind === "step");
  const concerned = report.mine || follows || can("reopen");
  const late = can("reopen") && !can("confirm") && !stepping;
  const w = words();
  return (
    <>
      {concerned && isRateable(report) && <Rating report={report} deeds={deeds} wash={!can("confirm")} />}
      {late && !open && (
        <Button look="quiet" icon={RotateCcw} onClick={() => setOpen(true)}>
          {w.closedNotDone}
        </Button>
      )}
      {late && open && (
        <section class="panel asked">
          <NotDone deeds={deeds} before={null} cancel={() => setOpen(false)} />
        </section>
      )}
    </>
  );
}
