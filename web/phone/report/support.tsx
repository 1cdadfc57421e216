/** How many met the same, and joining or leaving them. */

import { Users } from "lucide";
import { useKept } from "../core/kept";
import { ME } from "../core/session";
import type { Card, Page, Report } from "../core/types";
import { useMe } from "../me/use-me";
import { AskPush } from "../push/ask-push";
import { keptOrSaid } from "../sending/aloud";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import type { Deeds } from "./deeds";
import { words } from "./words";

/** Reports that still take supporters; the server has the last word. */
const TAKES = new Set(["submitted", "accepted", "in_progress", "waiting", "returned", "resolved", "merged"]);

export function useFollowed(report: Report, deeds: Deeds): boolean {
  const me = useMe();
  const path = me && !me.expired && !report.mine ? "/me/supported" : null;
  const told = useKept<Page<Card>>(path, { key: ME });
  const said = Boolean(told.value?.items.some((card) => card.id === report.id));
  const wish = [...deeds.pending].reverse().find((act) => act.kind === "support" || act.kind === "unsupport");
  if (wish?.state === "refused") return said;
  if (wish) wished.set(report.id, wish.kind === "support");
  return wished.get(report.id) ?? said;
}

/** What I chose while the app is open: it holds until the server's list is read anew. */
const wished = new Map<string, boolean>();

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
