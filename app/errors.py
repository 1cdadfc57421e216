"""What can go wrong, in our words. Each error says its sentence in Vietnamese and in English.

The kinds below carry no status code: `app.problems` alone turns a kind into an HTTP answer. A
package adds its own errors by naming a `code` and the two sentences; `{facts}` given at the raise
are filled in and travel with the answer.
"""

from typing import Any, ClassVar


class XomError(Exception):
    """An expected failure that the caller can understand and act upon."""

    code: ClassVar[str] = "error"
    vi: ClassVar[str] = "Không làm được việc này."
    en: ClassVar[str] = "This could not be done."
    field: str | None = None

    def __init__(self, *, field: str | None = None, **facts: Any) -> None:
        self.field = field or self.field
        self.facts = facts
        super().__init__(self.sentence("en"))

    def sentence(self, locale: str) -> str:
        """The sentence for the reader, in `vi` or `en`."""
        template = self.vi if locale == "vi" else self.en
        return template.format(**self.facts)


class Malformed(XomError):
    code = "malformed"
    vi = "Yêu cầu này sai định dạng, máy chủ không đọc được."
    en = "This request is malformed and could not be read."


class Invalid(XomError):
    """One or more fields do not hold; `errors` maps each field's path to its sentences."""

    code = "invalid"
    vi = "Có chỗ chưa đúng, xem chi tiết ở từng mục."
    en = "Some fields are not right; see the details of each."


class Unauthenticated(XomError):
    code = "unauthenticated"
    vi = "Bạn cần đăng nhập trước. Phiên cũ có thể đã hết hạn."
    en = "Sign in first. An older session may have expired."


class Forbidden(XomError):
    code = "forbidden"
    vi = "Tài khoản này không có quyền làm việc đó."
    en = "This account may not do that."


class NotFound(XomError):
    """Absent and forbidden look the same from outside."""

    code = "not-found"
    vi = "Không tìm thấy, hoặc bạn không được xem."
    en = "Not found, or not yours to see."


class Conflict(XomError):
    code = "conflict"
    vi = "Việc này trái với những gì đã lưu."
    en = "This contradicts what is already stored."


class Stale(XomError):
    code = "stale"
    vi = "Phản ánh này vừa thay đổi. Xem lại rồi làm tiếp."
    en = "This has changed meanwhile. Look again, then go on."


class PreconditionRequired(XomError):
    code = "version-required"
    vi = "Cần gửi kèm phiên bản đang xem (If-Match)."
    en = "Send the version that you are looking at (If-Match)."


class TooLarge(XomError):
    code = "too-large"
    vi = "Dữ liệu gửi lên quá lớn."
    en = "What was sent is too large."


class UnsupportedMedia(XomError):
    code = "unsupported-media"
    vi = "Loại dữ liệu này không được nhận ở đây."
    en = "This kind of content is not accepted here."


class TooMany(XomError):
    """A limit was reached; `retry_after` is in seconds."""

    code = "too-many"
    vi = "Bạn gửi quá nhanh. Thử lại sau {retry_after} giây."
    en = "Too many requests. Try again in {retry_after} seconds."


class Unavailable(XomError):
    """A part is away for the moment; nothing was stored. `retry_after` is in seconds."""

    code = "unavailable"
    vi = "Hệ thống đang bận, chưa lưu gì cả. Thử lại sau {retry_after} giây."
    en = "The system is busy and nothing was stored. Try again in {retry_after} seconds."

    def __init__(self, *, retry_after: int = 5, **facts: Any) -> None:
        super().__init__(retry_after=retry_after, **facts)


class OutOfSpace(XomError):
    code = "out-of-space"
    vi = "Máy chủ hết chỗ chứa, chưa lưu gì cả. Ảnh vẫn còn trong máy bạn."
    en = "The server has run out of space and stored nothing. The photo is still on your phone."
