/** Words about pushes, and about what there is in their place. */

import { inWords } from "../core/locale";

export const words = inWords({
  vi: {
    askTitle: "Có tin mới thì báo bạn?",
    askText: "Khi đơn vị nhận việc, hỏi thêm hay xử lý xong, máy này sẽ hiện thông báo.",
    turnOn: "Bật thông báo",
    later: "Để sau",
    on: "Đã bật thông báo trên máy này. Có tin mới là bạn biết.",
    deniedTitle: "Trình duyệt đang chặn thông báo",
    deniedHow:
      "Muốn nhận: bấm biểu tượng bên trái địa chỉ trang, chọn Quyền, rồi cho phép Thông báo. Trên iPhone: Cài đặt → Thông báo → Xóm.",
    notNow: "Chưa bật được, vì máy chưa nối được với dịch vụ thông báo. Bật lại khi có mạng.",
    otherTitle: "Nhận tin bằng cách khác",
    noKey: "Thành phố chưa gửi thông báo đến trình duyệt.",
    browser: "Trình duyệt này không nhận được thông báo.",
    install:
      "Trên iPhone, thông báo chỉ đến khi Xóm nằm ở màn hình chính: bấm Chia sẻ → Thêm vào MH chính, rồi mở Xóm từ đó.",
    installFirst: "Đăng nhập trước khi thêm, để phản ánh của bạn đi theo.",
    byEmail: "Nhận tin qua email",
    bySms: "Nhận tin nhắn SMS",
    smsOn: "Từ nay tin mới được nhắn đến số của bạn.",
    onlyHere: "Tin mới luôn nằm ở mục Thông báo.",
    anonymous:
      "Phản ánh ẩn danh không gắn với máy hay số nào, nên không có thông báo gửi đến bạn. Mở mục Của tôi trên máy này để xem trả lời.",
  },
  en: {
    askTitle: "Tell you when there is news?",
    askText: "When an office takes it on, asks you something or is done, this phone shows a notification.",
    turnOn: "Turn on notifications",
    later: "Not now",
    on: "Notifications are on for this phone. You will hear when there is news.",
    deniedTitle: "Your browser blocks notifications",
    deniedHow:
      "To get them: tap the symbol left of the page’s address, choose Permissions, and allow Notifications. On an iPhone: Settings → Notifications → Xóm.",
    notNow: "They are not on yet: this phone could not reach its notification service. Try again once there is signal.",
    otherTitle: "Hear back in another way",
    noKey: "This city does not send notifications to browsers yet.",
    browser: "This browser cannot receive notifications.",
    install:
      "On an iPhone, notifications only reach Xóm on the home screen: tap Share → Add to Home Screen, then open Xóm from there.",
    installFirst: "Sign in before you add it, so that your reports come along.",
    byEmail: "Get news by e-mail",
    bySms: "Get text messages",
    smsOn: "From now on, news comes to your number as text messages.",
    onlyHere: "News is always kept under Messages.",
    anonymous:
      "An anonymous report is tied to no phone and no number, so nothing can be sent to you. Open Mine on this phone to see the answer.",
  },
});
