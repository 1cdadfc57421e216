/** A merged report follows another: how that one stands, and the way there. */

import { Merge } from "lucide";
import type { SessionKey } from "../core/db";
import { ME } from "../core/session";
import type { Report } from "../core/types";
import { ButtonLink } from "../ui/button";
import { Icon } from "../ui/icon";
import { reportPath } from "../ui/report-card";
import { StatusChip } from "../ui/status";
import { DeadlineLine } from "./deadline-line";
import { words } from "./words";

export function Lead({ report, session }: { report: Report; session: SessionKey }) {
  const w = words();
  if (report.status !== "merged") return null;
  const { lead } = report;
  const as = session === ME ? "" : `?as=${session}`;
  return (
    <section class="panel panel-wash asked" aria-labelledby="lead">
      <h2 id="lead" class="with-icon">
        <Icon of={Merge} />
        {w.merged}
      </h2>
      <p>{lead ? w.mergedText(lead.code, lead.office.name) : w.mergedHidden}</p>
      {lead && (
        <>
          <p>
            <StatusChip status={lead.status} />
          </p>
          <DeadlineLine
            card={{ ...lead, urgent: false, resolved_at: null, closed_at: null }}
            mine={false}
          />
          <div class="asked-buttons">
            <ButtonLink to={reportPath(lead.code) + as} look="primary">
              {w.openLead}
            </ButtonLink>
          </div>
        </>
      )}
    </section>
  );
}
