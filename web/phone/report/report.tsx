/** /reports/CODE: one report and what became of it. /reports/ID also shows what this phone has not
 * sent yet. */

import { SearchX } from "lucide";
import { useEffect } from "preact/hooks";
import { Problem } from "../core/api";
import type { SessionKey } from "../core/db";
import { type Kept, useKept } from "../core/kept";
import { go, place } from "../core/router";
import type { Entry, Page, Report } from "../core/types";
import { useMe } from "../me/use-me";
import { drafts } from "../sending/drafts";
import { ButtonLink } from "../ui/button";
import { reportPath } from "../ui/report-card";
import { Empty, Trouble } from "../ui/states";
import { Top } from "../ui/top";
import { DraftPage } from "./draft-page";
import { ReportPage } from "./page";
import { SkeletonReport } from "./skeleton";
import { bare, useWhose } from "./whose";
import { words } from "./words";

const EVERY_MS = 30_000;

export function ReportScreen({ rest }: { rest: string }) {
  const named = readable(rest);
  const draft = drafts.value.find((one) => one.id === named);
  useEffect(() => {
    if (draft?.code) go(reportPath(draft.code), { replace: true });
  }, [draft?.code]);
  if (named === null) return <Missing />;
  if (draft && !draft.code) return <DraftPage draft={draft} key={draft.id} />;
  return <Asked named={named} key={named} />;
}

/** Null for an address that was cut off in the middle of a letter (`%E1%BB`). */
function readable(rest: string): string | null {
  try {
    return decodeURIComponent(rest);
  } catch {
    return null;
  }
}

/** First in whose name, then the report. */
function Asked({ named }: { named: string }) {
  const session = useWhose(named, place.value.query.get("as"));
  return session === null ? <Waiting /> : <Told named={named} session={session} />;
}

function Told({ named, session }: { named: string; session: SessionKey }) {
  const path = `/reports/${encodeURIComponent(withoutDashes(named))}`;
  const whose = { key: session, every: EVERY_MS };
  const report = useKept<Report>(path, whose);
  const timeline = useKept<Page<Entry>>(`${path}/timeline`, whose);
  const me = useMe();
  // To nobody my own report is not there: what was kept stays until I have signed in again.
  if (isGone(report) && !(report.value && me?.expired)) return <Missing />;
  if (report.value) return <ReportPage report={report} timeline={timeline} session={session} />;
  if (report.state === "loading") return <Waiting />;
  return (
    <>
      <Top title={words().page} backTo="/mine" />
      <Trouble error={report.error} again={report.again} />
    </>
  );
}

/** Codes are asked for as they are stored, so that each is kept under one name; ids as they are. */
function withoutDashes(named: string): string {
  return named.length > 20 ? named : bare(named);
}

function isGone(report: Kept<Report>): boolean {
  return report.error instanceof Problem && report.error.status === 404;
}

function Waiting() {
  return (
    <>
      <Top title={words().page} backTo="/mine" />
      <SkeletonReport />
    </>
  );
}

function Missing() {
  const w = words();
  return (
    <>
      <Top title={w.page} backTo="/mine" />
      <Empty icon={SearchX} title={w.missing}>
        <p>{w.missingText}</p>
        <ButtonLink to="/follow">{w.lookUp}</ButtonLink>
      </Empty>
    </>
  );
}
