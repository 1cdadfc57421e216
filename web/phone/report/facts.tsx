/** Below the photos: its words, where it stands, and what is special about it. */

import { EyeOff, Lock, Repeat, Siren, UserRound } from "lucide";
import { useId } from "preact/hooks";
import { categoryOf } from "../core/city";
import { number } from "../core/locale";
import type { Answer, Question, Report, Status } from "../core/types";
import { Icon, type IconNode } from "../ui/icon";
import { StatusChip } from "../ui/status";
import { DeadlineLine } from "./deadline-line";
import { words } from "./words";

const DONE = new Set<Status>(["resolved", "closed"]); // then the timeline tells

const ENDED = new Set<Status>(["rejected", "merged", "withdrawn"]); // it will not be published

export function Facts({ report }: { report: Report }) {
  const w = words();
  const mine = Boolean(report.mine);
  const isPrivate = Boolean(categoryOf(report.category.code)?.private);
  const said = report.description?.trim();
  return (
    <section class="facts">
      <h2 class="report-title">{said || report.category.name}</h2>
      <p class="report-where">
        <StatusChip status={report.status} name={report.status_name} />
        <span class="muted">
          {said ? `${report.category.name} · ` : ""}
          {report.area.name}
        </span>
      </p>
      <ul class="marks">
        {report.urgent && (
          <Mark icon={Siren} look="mark-urgent">
            {w.urgent}
          </Mark>
        )}
        {report.recurrence > 1 && <Mark icon={Repeat}>{w.again(report.recurrence)}</Mark>}
        {mine && isPrivate && <Mark icon={Lock}>{w.private}</Mark>}
        {mine && !isPrivate && !report.published && !ENDED.has(report.status) && (
          <Mark icon={EyeOff}>{w.unpublished}</Mark>
        )}
        {mine && report.identity && report.identity !== "confidential" && (
          <Mark icon={UserRound}>{w.identity[report.identity]}</Mark>
        )}
        {report.description === undefined && <Mark icon={Lock}>{w.followsOnly}</Mark>}
      </ul>
      {!DONE.has(report.status) && <DeadlineLine card={report} mine={mine} />}
    </section>
  );
}

function Mark({ icon, look = "", children }: { icon: IconNode; look?: string; children: string }) {
  return (
    <li class={`mark ${look}`}>
      <Icon of={icon} size={16} />
      <span>{children}</span>
    </li>
  );
}

/** What the reporter answered to the category's own questions. */
export function Answers({ report }: { report: Report }) {
  const heading = useId();
  const questions = categoryOf(report.category.code)?.questions ?? [];
  const told = questions.filter((question) => report.answers?.[question.code] !== undefined);
  if (!told.length) return null;
  return (
    <section aria-labelledby={heading} class="answers">
      <h2 id={heading}>{words().answers}</h2>
      <dl>
        {told.map((question) => (
          <div key={question.code}>
            <dt>{question.text}</dt>
            <dd>{spoken(question, report.answers?.[question.code] ?? "")}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function spoken(question: Question, answer: Answer): string {
  if (typeof answer === "boolean") return answer ? words().yes : words().no;
  if (typeof answer === "number") return number(answer, Number.isInteger(answer) ? 0 : 1);
  const name = (code: string) => question.options.find((option) => option.code === code)?.name ?? code;
  return Array.isArray(answer) ? answer.map(name).join(", ") : name(answer);
}
