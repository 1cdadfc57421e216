/** The privacy notice, in plain words. What is particular to a city (who answers, how long) is told by
 * the city itself. Changed here: change `NOTICE` in consent.ts too. */

import { inWords } from "../core/locale";

interface Part {
  title: string;
  text?: string;
  points?: string[];
}

interface Notice {
  title: string;
  short: string;
  parts: Part[];
  pushEncrypted: string;
  pushByGoogle: string;
  streets: string;
  tiles: (host: string) => string;
  howLong: string;
  ground: string;
  groundText: string;
  rights: string;
  rightsList: { to: string; title: string; text: string }[];
  complain: string;
  who: string;
  consentSince: (day: string, version: string) => string;
  version: (version: string) => string;
}

export const notice = inWords<Notice>({
  vi: {
    title: "Quyền riêng tư",
    short: "Bạn phản ánh được mà không cần tên, không cần số điện thoại. Ai biết bạn là ai do bạn chọn cho từng phản ánh.",
    parts: [
      {
        title: "Thành phố giữ những gì",
        points: [
          "Phản ánh bạn gửi: lời, ảnh, vị trí, lúc gửi, câu trả lời của bạn. Thông tin ẩn trong tệp ảnh (nơi chụp, loại máy) bị bỏ trước khi lưu.",
          "Tên, số điện thoại, email: chỉ khi bạn cho. Chúng được mã hóa bằng khóa riêng của từng người.",
          "Những tin đã báo cho bạn, nơi bạn theo dõi, và địa chỉ để gửi thông báo đến máy bạn nếu bạn bật.",
          "Dấu vết của địa chỉ mạng, chưa đến hai ngày, để chặn việc gửi quá nhiều: chỉ để đếm, không đọc ngược ra địa chỉ. Nhật ký máy chủ chỉ ghi phần đầu của địa chỉ.",
        ],
      },
      {
        title: "Máy này giữ những gì",
        text: "Bản nháp, ảnh chưa gửi và những gì bạn đã xem, để mở được khi không có mạng. Bạn xóa được bất cứ lúc nào ở mục Tôi. Xóm không gắn quảng cáo, không theo dõi bạn qua các trang khác.",
      },
      {
        title: "Ai thấy",
        points: [
          "Mọi người: loại việc, vị trí, tình trạng và câu trả lời; lời và ảnh chỉ sau khi trung tâm đã xem và cho đăng. Không bao giờ có tên hay số của bạn. Loại việc riêng tư thì không đăng.",
          "Phản ánh công khai với đơn vị xử lý: đơn vị ấy xem được bạn là ai nếu nêu lý do.",
          "Phản ánh giữ kín: chỉ trung tâm xem được, và phải nêu lý do.",
          "Phản ánh ẩn danh: không ai biết, vì không có gì được lưu để biết.",
          "Mỗi lần cán bộ xem bạn là ai đều được ghi lại, kèm lý do.",
          "Tin SMS và email đi qua nhà mạng và máy chủ thư.",
        ],
      },
    ],
    pushEncrypted: "Nếu bạn bật thông báo, dịch vụ của hãng trình duyệt chuyển tin đến máy bạn. Tin được mã hóa, hãng ấy không đọc được.",
    pushByGoogle: "Nếu bạn bật thông báo, Firebase của Google chuyển tin đến máy bạn, và Google đọc được lời báo ấy: mã phản ánh, loại việc, đơn vị trả lời, tình trạng.",
    tiles: (host) => `Hình nền bản đồ tải từ ${host}: máy chủ ấy thấy địa chỉ mạng của bạn và vùng bạn đang xem.`,
    streets: "Khi bạn tìm đường hay đặt ghim, chữ bạn tìm và vị trí ghim được gửi đến một dịch vụ bản đồ để biết tên đường. Dịch vụ ấy không biết bạn là ai: thành phố hỏi thay bạn.",
    howLong: "Giữ bao lâu",
    ground: "Dựa trên gì",
    groundText:
      "Thành phố dùng dữ liệu của bạn để xử lý việc bạn phản ánh, trên cơ sở sự đồng ý của bạn khi gửi, theo Luật Bảo vệ dữ liệu cá nhân (số 91/2025/QH15) và Nghị định 356/2025.",
    rights: "Quyền của bạn, và cách dùng ngay tại đây",
    rightsList: [
      { to: "/me/data", title: "Xem và tải về", text: "Mọi thứ thành phố giữ về bạn, trong một tệp." },
      {
        to: "/me",
        title: "Sửa",
        text: "Tên, số điện thoại, email ở mục Tôi. Lời đã gửi thì viết thêm trong phản ánh, hoặc rút phản ánh.",
      },
      {
        to: "/me/data",
        title: "Rút lại sự đồng ý, xóa dữ liệu",
        text: "Việc đã xử lý vẫn còn trong sổ của thành phố, không kèm tên ai.",
      },
      { to: "/me/notifications", title: "Bớt tin, tắt thông báo", text: "Nhận tin gì, bằng cách nào, giờ nào yên lặng." },
    ],
    complain: "Bạn cũng có quyền khiếu nại: với nơi chịu trách nhiệm dưới đây, hoặc với cơ quan có thẩm quyền về bảo vệ dữ liệu cá nhân.",
    who: "Ai chịu trách nhiệm",
    consentSince: (day, version) => `Máy này nhớ: bạn đã đồng ý ${day}, theo bản ${version}.`,
    version: (version) => `Thông báo này: bản ${version}.`,
  },
  en: {
    title: "Privacy",
    short: "You can report without a name and without a number. Who may know who you are is yours to choose, for each report.",
    parts: [
      {
        title: "What the city keeps",
        points: [
          "The reports you send: words, photos, place, time, your answers. What is hidden in a photo’s file (where it was taken, with what) is removed before it is stored.",
          "Your name, number and e-mail address: only if you give them. They are encrypted, with a key of their own for each person.",
          "What you were told, what you follow, and the address at which your phone gets notifications, if you turn them on.",
          "A fingerprint of your phone’s network address, for less than two days, to stop those who send too much: it counts, and does not lead back to the address. The server’s log has the first part of the address alone.",
        ],
      },
      {
        title: "What this phone keeps",
        text: "Drafts, photos not sent yet, and what you have looked at, so that it opens without a network. You can clear it at any time under Me. Xóm has no advertising, and does not follow you to other sites.",
      },
      {
        title: "Who sees it",
        points: [
          "Everybody: what kind of thing it is, where, how it stands and what was answered; your words and photos only once the centre has looked and published them. Never your name or number. Private kinds of reports are not published at all.",
          "A report that is open to its office: that office can see who you are, if it gives a reason.",
          "A confidential report: only the centre can, and must give a reason.",
          "An anonymous report: nobody, since nothing is stored that could tell.",
          "Each time an official looks up who you are is recorded, with the reason.",
          "Text messages and e-mail pass through carriers and mail servers.",
        ],
      },
    ],
    pushEncrypted: "If you turn notifications on, your browser maker’s service carries them to your phone. They are encrypted, and it cannot read them.",
    pushByGoogle: "If you turn notifications on, Google’s Firebase carries them to your phone, and Google can read what they say: a report’s code, its kind, which office answered, how it stands.",
    tiles: (host) => `The map’s background comes from ${host}: that host sees your network address and the part of the map you look at.`,
    streets: "When you search for a street or place a pin, the words and the spot go to a map service that knows street names. It is not told who you are: the city asks in your place.",
    howLong: "For how long",
    ground: "On what ground",
    groundText:
      "The city uses your data to deal with what you report, with your consent when you send, under Vietnam’s Law on Personal Data Protection (91/2025/QH15) and Decree 356/2025.",
    rights: "Your rights, and how to use them here",
    rightsList: [
      { to: "/me/data", title: "See and download", text: "Everything the city keeps about you, in one file." },
      {
        to: "/me",
        title: "Correct",
        text: "Name, number and e-mail address under Me. To correct words that were sent, add to the report, or withdraw it.",
      },
      {
        to: "/me/data",
        title: "Take back your consent, erase your data",
        text: "What was repaired stays in the city’s books, with nobody’s name.",
      },
      { to: "/me/notifications", title: "Hear less", text: "What you hear of, how, and when it is quiet." },
    ],
    complain: "You may also complain: to those who answer for it, below, or to the authority for personal data protection.",
    who: "Who answers for it",
    consentSince: (day, version) => `This phone remembers: you agreed ${day}, to version ${version}.`,
    version: (version) => `This notice: version ${version}.`,
  },
});
