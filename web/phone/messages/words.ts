/** Words of "Thông báo". */

import { inWords } from "../core/locale";

export const words = inWords({
  vi: {
    title: "Thông báo",
    readAll: "Đánh dấu đã đọc hết",
    unread: "Chưa đọc",
    urgent: "Khẩn",
    anonymous: "Ẩn danh",
    answered: "Trung tâm trả lời",
    none: "Chưa có thông báo",
    noneText: "Khi có đơn vị nhận, hỏi thêm hay trả lời phản ánh của bạn, tin sẽ về đây.",
    report: "Phản ánh",
    settings: "Chọn tin nào báo, báo bằng cách nào",
  },
  en: {
    title: "Messages",
    readAll: "Mark all as read",
    unread: "Unread",
    urgent: "Urgent",
    anonymous: "Anonymous",
    answered: "The centre's answer",
    none: "No messages yet",
    noneText: "When an office takes your report, asks something or answers it, you read it here.",
    report: "Report",
    settings: "Choose what you hear of, and how",
  },
});
