"""What can be wrong with a photo, in words that tell the resident what to do next."""

from app.errors import Invalid, TooLarge, Unavailable, UnsupportedMedia


class BadPhoto(Invalid):
    """The file is damaged, or was made to harm. `reason` is for the log, not for the reader."""

    code = "bad-photo"
    vi = "Ảnh này hỏng, máy không đọc được. Chụp lại hoặc bỏ ảnh."
    en = "This photo is damaged and cannot be read. Take it again, or leave it out."

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


class PhotoTooLarge(TooLarge):
    """More bytes or pixels than the bounds allow; `bound` is the bound in words that need none."""

    code = "photo-too-large"
    vi = "Ảnh này quá lớn (tối đa {bound}). Chụp lại ở cỡ nhỏ hơn, hoặc gửi ảnh chụp màn hình."
    en = "This photo is too large (at most {bound}). Take it smaller, or send a screenshot of it."

    def __init__(self, bound: str) -> None:
        super().__init__(bound=bound)


class PhotoKindRefused(UnsupportedMedia):
    code = "photo-kind-refused"
    vi = "Tệp này không phải ảnh JPEG, PNG, WebP, GIF, HEIC hay AVIF. Chọn ảnh khác."
    en = "This file is not a JPEG, PNG, WebP, GIF, HEIC or AVIF picture. Choose another."


class PhotoBusy(Unavailable):
    code = "photo-busy"
    vi = "Máy chủ đang xử lý nhiều ảnh. Ảnh vẫn còn trong máy bạn, thử lại sau {retry_after} giây."
    en = (
        "Many photos are being handled right now. Yours is still on your phone; "
        "try again in {retry_after} seconds."
    )
