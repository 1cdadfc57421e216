/** What happened, newest first: each step with who, when, in which words, with which photos. */

import { useId } from "preact/hooks";
import type { Act } from "../core/db";
import { spokenMoment, spokenPast } from "../core/time";
import type { Entry, Report } from "../core/types";
import { Icon } from "../ui/icon";
import { lookOf, titleOf } from "./entry-words";
import { PendingEntry } from "./pending";
import { type AsWhom, PhotoRow } from "./pictures";
import { words } from "./words";

interface TimelineProps {
  report: Report;
  entries: Entry[];
  pending: Act[];
  as: AsWhom;
}

export function Timeline({ report, entries, pending, as }: TimelineProps) {
  const heading = useId();
  const newest = [...entries].reverse();
  const ids = new Set(entries.map((entry) => entry.id)); // a comment's is the one that this phone gave it
  const handed = newest.find((entry) => entry.step === "accept" || entry.step === "forward");
  const answered = newest.find((entry) => entry.step === "resolve");
  return (
    <section aria-labelledby={heading}>
      <h2 id={heading} class="unseen">
        {words().history}
      </h2>
      <ol class="timeline">
        {[...pending].reverse().filter((act) => !ids.has(act.id)).map((act) => (
          <PendingEntry act={act} key={act.id} />
        ))}
        {newest.map((entry) => (
          <Line
            key={entry.id}
            entry={entry}
            report={report}
            as={as}
            handed={entry === handed}
            answered={entry === answered}
          />
        ))}
      </ol>
    </section>
  );
}

interface LineProps {
  entry: Entry;
  report: Report;
  as: AsWhom;
  handed: boolean; // the last handing over: the office and deadline of now belong to it
  answered: boolean; // the last answer: the outcome of now belongs to it
}

function Line({ entry, report, as, handed, answered }: LineProps) {
  const w = words();
  const { icon, status } = lookOf(entry);
  const title = titleOf(entry, Boolean(report.mine));
  const outcome = answered && report.outcome ? w.outcome[report.outcome] : null;
  return (
    <li class="entry">
      <span class={`entry-ring status-${status}`}>
        <Icon of={icon} size={18} />
      </span>
      <div class="entry-text">
        <p class="entry-head">
          <strong>{title}</strong>
          <time dateTime={entry.at}>{spokenPast(entry.at)}</time>
        </p>
        {outcome && <p class="entry-outcome">{outcome}</p>}
        {handed && <p>{w.handedTo(report.office.name)}</p>}
        {entry.note && <p class="entry-words">{entry.note}</p>}
        {handed && report.due_at && <p class="muted">{w.due(spokenMoment(report.due_at))}</p>}
        {entry.kind === "comment" && entry.mine && !entry.published && <p class="muted">{w.awaiting}</p>}
        {entry.photos && <PhotoRow photos={entry.photos} what={title} as={as} />}
      </div>
    </li>
  );
}
