"""What can go wrong with API clients and their keys, in both languages."""

from app.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, Unauthenticated


class KeyMissing(Forbidden):
    code = "key-missing"
    vi = "Việc này cần khóa API. Nhờ quản trị viên của thành phố cấp, rồi gửi kèm khóa."
    en = "This needs an API key. Ask the city's administrator for one, and send it along."


class KeyRefused(Forbidden):
    """Unknown, expired, revoked, or its client is closed: which, is not said."""

    code = "key-refused"
    vi = "Khóa API này không dùng được: sai, hết hạn hoặc đã bị thu hồi. Nhờ quản trị viên cấp lại."
    en = "This API key does not work: it is wrong, expired or revoked. Ask for a new one."


class KeyNotLive(Unauthenticated):
    """The same of a key in the header, where tokens stand."""

    code = "key-not-live"
    vi = KeyRefused.vi
    en = KeyRefused.en


class ScopeMissing(Forbidden):
    code = "scope-missing"
    vi = "Khóa API này không có phạm vi `{scope}`. Nhờ quản trị viên thêm vào, hoặc cấp khóa khác."
    en = "This API key lacks the scope `{scope}`. Ask the administrator to add it, or for a key."


class NotForKeys(Forbidden):
    code = "not-for-keys"
    vi = "Địa chỉ này dành cho người đăng nhập, không nhận khóa API."
    en = "This address is for people who sign in; it takes no API keys."


class KeyLimitReached(TooMany):
    code = "key-limit-reached"
    vi = "Khóa API này đã dùng hết {most} lượt. Thử lại sau {retry_after} giây."
    en = "This API key has used up its {most} requests. Try again in {retry_after} seconds."


class NoSuchClient(NotFound):
    code = "no-such-client"
    vi = "Không có hệ thống kết nối hoặc khóa này."
    en = "There is no such client or key."


class SameIdOtherClient(Conflict):
    code = "same-id-other-client"
    vi = "Mã này đã dùng cho một hệ thống khác. Tạo mã mới."
    en = "This id is that of another client. Make a new one."


class SameIdOtherKey(Conflict):
    code = "same-id-other-key"
    vi = "Mã này đã dùng cho một khóa khác. Tạo mã mới."
    en = "This id is that of another key. Make a new one."


class EnoughKeys(Conflict):
    code = "enough-keys"
    vi = "Hệ thống này đã có {most} khóa đang dùng. Thu hồi bớt rồi cấp."
    en = "This client has {most} keys in use. Revoke one of them first."


class KeyGone(Conflict):
    """Revoked or expired: it is neither changed nor replaced, and put back within a day only."""

    code = "key-gone"
    vi = "Khóa này đã bị thu hồi hoặc hết hạn. Cấp khóa mới thay cho nó."
    en = "This key was revoked or has expired. Issue a new one in its place."


class KeyEndsInThePast(Invalid):
    code = "key-ends-in-the-past"
    vi = "Ngày hết hạn phải ở sau hôm nay. Để trống nếu không có hạn."
    en = "A key must end after now. Leave it out for one that does not end."
    field = "expires_at"
