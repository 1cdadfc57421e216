/** A status, never by colour alone: an outlined chip with its icon and its word. */

import {
  Check,
  CheckCheck,
  Inbox,
  Merge,
  MessageCircleQuestionMark,
  Minus,
  Send,
  Undo2,
  Wrench,
  X,
} from "lucide";
import { inWords } from "../core/locale";
import type { Status } from "../core/types";
import { Icon, type IconNode } from "./icon";

export const statusIcon: Record<Status, IconNode> = {
  submitted: Send,
  accepted: Inbox,
  in_progress: Wrench,
  waiting: MessageCircleQuestionMark,
  returned: Undo2,
  resolved: Check,
  closed: CheckCheck,
  rejected: X,
  merged: Merge,
  withdrawn: Minus,
};

export const statusWords = inWords<Record<Status, string>>({
  vi: {
    submitted: "Mới gửi",
    accepted: "Đã tiếp nhận",
    in_progress: "Đang xử lý",
    waiting: "Chờ bổ sung",
    returned: "Đang chuyển đơn vị khác",
    resolved: "Đã xử lý",
    closed: "Đã kết thúc",
    rejected: "Không tiếp nhận",
    merged: "Đã gộp",
    withdrawn: "Đã rút",
  },
  en: {
    submitted: "Sent",
    accepted: "Accepted",
    in_progress: "In progress",
    waiting: "Waiting for an answer",
    returned: "Being passed to another office",
    resolved: "Resolved",
    closed: "Closed",
    rejected: "Not accepted",
    merged: "Merged",
    withdrawn: "Withdrawn",
  },
});

/** `name`: the server's words, where it told them to this reader ("Chờ bạn bổ sung"). */
export function StatusChip({ status, name }: { status: Status; name?: string }) {
  return (
    <span class={`chip status status-${status}`}>
      <Icon of={statusIcon[status]} size={16} />
      {name ?? statusWords()[status]}
    </span>
  );
}
