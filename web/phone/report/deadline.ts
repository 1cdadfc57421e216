/** By when somebody must do something about a report, said plainly: who, what, until when. */

import { inWords } from "../core/locale";
import { spokenDay, spokenDeadline, spokenMoment } from "../core/time";
import type { Card } from "../core/types";

export interface Told {
  text: string;
  late: boolean;
}

const words = inWords({
  vi: {
    looking: "Trung tâm đang xem, rồi giao cho đơn vị xử lý.",
    answers: (who: string, by: string) => `${who} trả lời ${by}`,
    urgentAnswers: (who: string, by: string) => `Việc khẩn: ${who} trả lời ${by}`,
    late: (since: string, who: string) => `Đã quá hạn từ ${since}. ${who} chưa trả lời.`,
    restsForMe: "Hạn tạm dừng, chờ bạn trả lời.",
    rests: "Hạn tạm dừng, chờ người gửi trả lời.",
    moving: "Trung tâm đang tìm đơn vị đúng để giao lại.",
    answered: (who: string, day: string) => `${who} đã trả lời ${day}`,
    ended: (day: string) => `Kết thúc ${day}`,
  },
  en: {
    looking: "The centre is looking at it, then hands it to the office in charge.",
    answers: (who: string, by: string) => `${who} answers ${by}`,
    urgentAnswers: (who: string, by: string) => `Urgent: ${who} answers ${by}`,
    late: (since: string, who: string) => `Late since ${since}. ${who} has not answered yet.`,
    restsForMe: "The clock is stopped until you answer.",
    rests: "The clock is stopped until the reporter answers.",
    moving: "The centre is finding the right office for it.",
    answered: (who: string, day: string) => `${who} answered ${day}`,
    ended: (day: string) => `Closed ${day}`,
  },
});

type Timed = Pick<
  Card,
  "status" | "office" | "due_at" | "urgent" | "resolved_at" | "closed_at"
>;

/** One sentence on where the clock stands; null where no clock runs. `mine`: to its reporter. */
export function deadlineOf(card: Timed, mine: boolean, now = new Date()): Told | null {
  const w = words();
  const calm = (text: string) => ({ text, late: false });
  switch (card.status) {
    case "submitted":
      return card.due_at ? running(card, card.due_at, now) : calm(w.looking);
    case "accepted":
    case "in_progress":
      return card.due_at ? running(card, card.due_at, now) : null;
    case "waiting":
      return calm(mine ? w.restsForMe : w.rests);
    case "returned":
      return calm(w.moving);
    case "resolved":
      return card.resolved_at ? calm(w.answered(card.office.name, spokenDay(card.resolved_at, now))) : null;
    case "closed":
      return card.closed_at ? calm(w.ended(spokenDay(card.closed_at, now))) : null;
    default:
      return null;
  }
}

function running(card: Timed, due: string, now: Date): Told {
  const w = words();
  if (Date.parse(due) <= now.getTime()) {
    return { text: w.late(spokenMoment(due, now), card.office.name), late: true };
  }
  const say = card.urgent ? w.urgentAnswers : w.answers;
  return { text: say(card.office.name, spokenDeadline(due, now)), late: false };
}
