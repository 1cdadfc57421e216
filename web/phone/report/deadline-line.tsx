/** The deadline under a card or a title; lateness has a colour, an icon and its own words. */

import { Clock, ClockAlert } from "lucide";
import type { Card } from "../core/types";
import { Icon } from "../ui/icon";
import { deadlineOf } from "./deadline";

export function DeadlineLine({ card, mine }: { card: Parameters<typeof deadlineOf>[0] & Partial<Card>; mine: boolean }) {
  const told = deadlineOf(card, mine);
  if (!told) return null;
  return (
    <p class={told.late ? "deadline late" : "deadline"}>
      <Icon of={told.late ? ClockAlert : Clock} size={16} />
      <span>{told.text}</span>
    </p>
  );
}
