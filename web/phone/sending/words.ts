import { inWords } from "../core/locale";

export const words = inWords({
  vi: {
    writing: "Bản nháp, nằm trong máy, chưa gửi.",
    noNetwork: "Chưa có mạng. Đang nằm trong máy, sẽ tự gửi khi có sóng.",
    queued: "Đang nằm trong máy, sắp gửi.",
    weak: (wait: string) => `Mạng yếu, chưa gửi được. Đang nằm trong máy, tự gửi lại sau ${wait}.`,
    busy: (wait: string) => `Máy chủ đang bận. Đang nằm trong máy, tự gửi lại sau ${wait}.`,
    full: "Máy hết chỗ nên chưa gửi được. Xóa bớt ảnh hoặc ứng dụng; phản ánh vẫn nằm trong máy.",
    unexpected: (wait: string) =>
      `Chưa gửi được, máy gặp trục trặc. Đang nằm trong máy, tự gửi lại sau ${wait}.`,
    signIn: "Phiên đăng nhập đã hết. Đăng nhập lại là tự gửi; mọi thứ vẫn nằm trong máy.",
    toSignIn: "Đăng nhập lại",
    photo: (n: number, of: number) => `Đang gửi ảnh ${n}/${of}`,
    sending: "Đang gửi",
    sent: (moment: string) => `Đã gửi ${moment}.`,
    refused: "Chưa gửi được.",
    kept: "Vẫn nằm trong máy: sửa rồi gửi lại.",
    keptAct: "Vẫn nằm trong máy.",
    tooLarge: "Ảnh quá lớn, máy chủ không nhận. Bỏ ảnh hoặc chọn ảnh khác.",
    lostPhoto: "Máy không còn đọc được một ảnh. Chụp lại hoặc bỏ ảnh đó.",
    lostSession: "Máy này không còn giữ khóa của phản ánh ẩn danh nên không gửi thêm được.",
    arrivedUnseen:
      "Trung tâm đã nhận phản ánh này từ lần gửi trước, nhưng phiên gửi đã mất nên máy không theo dõi được. Không cần gửi lại.",
    otherAccount: "Việc này của tài khoản khác nên không gửi bằng tên bạn. Tài khoản ấy đăng nhập lại là tự gửi.",
    perhaps: (wait: string | null) =>
      `Đã gửi đi mà chưa nghe trả lời, có thể đã tới nơi. ${wait ? `Hỏi lại sau ${wait}` : "Có sóng sẽ tự hỏi lại"}, không bị gửi hai lần.`,
    perhapsTitle: "Có thể đã tới nơi",
    perhapsText:
      "Máy đã gửi đi nhưng chưa nghe máy chủ trả lời. Hỏi lại thì biết chắc, và không bị gửi hai lần. Nếu chỉ bỏ ở máy này mà máy chủ đã nhận, việc ấy vẫn có hiệu lực.",
    askServer: "Hỏi lại máy chủ",
    forgetHere: "Bỏ ở máy này",
    forgotten: "Máy này không giữ nữa. Nếu máy chủ đã nhận thì vẫn có hiệu lực.",
    deedFull: "Máy hết chỗ nên chưa làm được. Xóa bớt ảnh hoặc ứng dụng rồi bấm lại; những gì đang chờ gửi vẫn còn nguyên.",
    deedFailed: "Máy gặp trục trặc nên chưa làm được. Bấm lại, hoặc tải lại trang; những gì đang chờ gửi vẫn còn nguyên.",
    namedAlready:
      "Phản ánh này có thể đã đến trung tâm từ lần gửi trước, không ẩn danh, nên không đổi thành ẩn danh được nữa. Chọn Kín hoặc Công khai, hoặc bỏ và viết phản ánh mới.",
    apart: (wait: string) =>
      `Đang nằm trong máy. Gửi riêng sau ${wait}, để không ai ghép phản ánh ẩn danh với tin vừa gửi.`,
    unexplained: "Máy chủ không nhận và không nói lý do.",
    again: "Gửi lại ngay",
    seconds: (n: number) => `${n} giây`,
    minutes: (n: number) => `${n} phút`,
  },
  en: {
    writing: "A draft on this phone, not sent.",
    noNetwork: "No network. It is on this phone and will be sent once there is signal.",
    queued: "On this phone, about to be sent.",
    weak: (wait: string) => `The network is weak. It is on this phone; trying again in ${wait}.`,
    busy: (wait: string) => `The server is busy. It is on this phone; trying again in ${wait}.`,
    full: "The phone is full, so it could not be sent. Delete some photos or apps; the report is still here.",
    unexpected: (wait: string) =>
      `Not sent, something went wrong on this phone. It is still here; trying again in ${wait}.`,
    signIn: "Your sign-in has run out. Sign in again and it is sent; everything is still on this phone.",
    toSignIn: "Sign in again",
    photo: (n: number, of: number) => `Sending photo ${n} of ${of}`,
    sending: "Sending",
    sent: (moment: string) => `Sent ${moment}.`,
    refused: "Not sent.",
    kept: "It is still on this phone: change it and send it again.",
    keptAct: "It is still on this phone.",
    tooLarge: "The photo is too large for the server. Leave it out or choose another.",
    lostPhoto: "The phone can no longer read one of the photos. Take it again or leave it out.",
    lostSession: "This phone no longer holds the key of the anonymous report, so nothing can be added.",
    arrivedUnseen:
      "The centre has had this report since an earlier try, but the session it was sent with is lost, so this phone cannot follow it. There is no need to send it again.",
    otherAccount: "This belongs to another account, so it is not sent in your name. It goes by itself once that account signs in again.",
    perhaps: (wait: string | null) =>
      `It was sent and no answer came, so it may have arrived. ${wait ? `Asking again in ${wait}` : "This phone asks again once there is signal"}; it is not sent twice.`,
    perhapsTitle: "It may have arrived",
    perhapsText:
      "It was sent, and no answer came. Asking again makes sure, and does not send it twice. If you only drop it here and the server has it, it still counts.",
    askServer: "Ask the server again",
    forgetHere: "Drop it on this phone",
    forgotten: "This phone no longer keeps it. If the server has it, it still counts.",
    deedFull: "The phone is full, so that was not done. Delete some photos or apps and tap again; what waits to be sent is safe.",
    deedFailed: "Something went wrong on this phone, so that was not done. Tap again, or reload the page; what waits to be sent is safe.",
    namedAlready:
      "The centre may have this report since an earlier try that was not anonymous, so it cannot become anonymous any more. Choose confidential or open, or discard it and write a new one.",
    apart: (wait: string) =>
      `On this phone. Sent by itself in ${wait}, so that nobody links the anonymous report to what was just sent.`,
    unexplained: "The server did not take it and gave no reason.",
    again: "Send now",
    seconds: (n: number) => (n === 1 ? "a second" : `${n} seconds`),
    minutes: (n: number) => (n === 1 ? "a minute" : `${n} minutes`),
  },
});
