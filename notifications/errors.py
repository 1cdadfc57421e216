"""What can go wrong here, in our words."""

from app.errors import Conflict, Invalid, NotFound


class BadAddress(Invalid):
    code = "bad-address"
    field = "address"
    vi = (
        "Địa chỉ này không dùng để gửi tin được. Hãy lấy lại mã (token) của thiết bị, hoặc đăng ký"
        " lại thông báo trong trình duyệt."
    )
    en = (
        "Nothing can be sent to this address. Ask the device for its token again, or subscribe"
        " again in the browser."
    )


class DeviceTaken(Conflict):
    """An anonymous session would take the device over from the account of the person it hides."""

    code = "device-taken"
    field = "installation_id"
    vi = (
        "Máy này đang nhận tin cho một tài khoản khác. Phiên ẩn danh cần mã cài đặt mới và địa chỉ"
        " nhận tin riêng, hoặc xem tin bằng mã phiên của nó."
    )
    en = (
        "This device hears for another account. An anonymous session needs a fresh installation id"
        " and an address of its own, or reads its messages by its token."
    )


class NoWebPush(NotFound):
    code = "no-web-push"
    vi = "Thành phố này chưa bật thông báo trên trình duyệt."
    en = "This city has not set up notifications in browsers."


class BadLink(NotFound):
    code = "bad-link"
    vi = "Đường dẫn này không còn đúng. Mở lại từ thư mới nhất, hoặc tắt thư trong phần cài đặt."
    en = "This link does not hold. Use the one in the latest letter, or change it in the settings."
