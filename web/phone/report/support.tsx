/** How many met the same, and joining or leaving them. */

import { Users } from "lucide";
import type { Report } from "../core/types";
import { AskPush } from "../push/ask-push";
import { keptOrSaid } from "../sending/aloud";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import type { Deeds } from "./deeds";
import { words } from "./words";

/** Reports that still take supporters; the server has the last word. */
const TAKES = new Set(["submitted", "accepted", "in_progress", "waiting", "returned", "resolved", "merged"]);

/** As the server told it, but for what I chose since. */
export function isFollowed(report: Report, deeds: Deeds): boolean {
  const wish = [...deeds.pending].reverse().find((act) => act.kind === "support" || act.kind === "unsupport");
  if (!wish || wish.state === "refused") return report.supported ?? false;
  return wish.kind === "support";
}

interface SupportProps {
  report: Report;
  deeds: Deeds;
  follows: boolean;
}

export function Support({ report, deeds, follows }: SupportProps) {
  const w = words();
  const offered = !report.mine && (follows || TAKES.has(report.status));
  if (report.mine && !report.supporters) return null;
  return (
    <section class="support">
      <p class="support-count">
        <Icon of={Users} />
        {follows ? w.following : w.supporters(report.supporters)}
      </p>
      {offered && (
        <Button look={follows ? "quiet" : "plain"} onClick={() => void keptOrSaid(() => deeds.support(!follows))}>
          {follows ? w.unfollow : w.meToo}
        </Button>
      )}
      {offered && !follows && <p class="muted support-hint">{w.meTooHint}</p>}
      {follows && <AskPush />}
    </section>
  );
}
