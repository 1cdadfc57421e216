/** A report of mine in a list, with by when somebody answers, or what it asks of me. */

import { ChevronRight, EyeOff } from "lucide";
import type { SessionKey } from "../core/db";
import type { Card } from "../core/types";
import { DeadlineLine } from "../report/deadline-line";
import { Icon } from "../ui/icon";
import { ReportCard } from "../ui/report-card";
import { words } from "./words";

export interface Listed {
  card: Card;
  key?: SessionKey; // of an anonymous one
}

export function MineCard({ card, session, own = true }: { card: Card; session?: SessionKey; own?: boolean }) {
  const w = words();
  return (
    <ReportCard card={card} mine={own} session={session}>
      <span class="mine-below">
        {session && (
          <span class="mine-mark">
            <Icon of={EyeOff} size={16} />
            {w.anonymous}
          </span>
        )}
        {card.asks_me ? (
          <span class="mine-asks">
            {card.status === "waiting" ? w.answer : w.confirm}
            <Icon of={ChevronRight} />
          </span>
        ) : (
          <DeadlineLine card={card} mine={own} />
        )}
      </span>
    </ReportCard>
  );
}
