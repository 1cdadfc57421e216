"""What can go wrong with webhooks, in our words."""

from app.errors import Conflict, Invalid, NotFound


class BadUrl(Invalid):
    code = "bad-webhook-url"
    field = "url"
    vi = (
        "Địa chỉ này không đọc được. Ghi đầy đủ, ví dụ https://nhan.example/xom, không kèm mật"
        " khẩu."
    )
    en = (
        "This address cannot be read. Write it in full, such as https://hooks.example/xom, without"
        " a password."
    )


class NotSecure(Invalid):
    code = "webhook-not-https"
    field = "url"
    vi = "Địa chỉ phải bắt đầu bằng https://, để không ai đọc được trên đường đi."
    en = "The address must begin with https://, so that nobody reads along on the way."


class NoAddressByNumber(Invalid):
    code = "webhook-by-number"
    field = "url"
    vi = "Ghi tên máy chủ (ví dụ nhan.example), không ghi địa chỉ IP."
    en = "Name the host (such as hooks.example), not its IP address."


class NotOutside(Invalid):
    code = "webhook-inside"
    field = "url"
    vi = "Tên này dẫn vào mạng nội bộ của máy chủ. Dùng một địa chỉ công khai trên Internet."
    en = "This name leads into the server's own network. Use a public address on the Internet."


class NameUnknown(Invalid):
    code = "webhook-name-unknown"
    field = "url"
    vi = "Không tìm thấy máy chủ có tên này. Kiểm tra tên miền, rồi lưu lại."
    en = "No host of this name was found. Check the domain, then save again."


class UnknownEvent(Invalid):
    code = "unknown-webhook-event"
    field = "events"
    vi = (
        "Webhook này không bao giờ nhận sự kiện {event}. Bỏ tên đó ra; xem webhook nào nhận sự kiện"
        " nào ở /api/v1/webhooks/events."
    )
    en = (
        "This webhook never hears of an event {event}. Leave it out; /api/v1/webhooks/events lists"
        " the events and who hears of each."
    )


class EnoughEndpoints(Conflict):
    code = "enough-webhooks"
    vi = "Đã có {most} webhook, là mức tối đa. Bỏ bớt một cái rồi thêm."
    en = "There are {most} webhooks, which is the most. Remove one, then add."


class EnoughSecrets(Conflict):
    code = "enough-webhook-secrets"
    vi = (
        "Ngoài mã bí mật hiện tại, {most} mã cũ còn ký cùng. Chờ đến khi một mã cũ hết hạn, hoặc"
        " tạo mã mới và dừng ngay mọi mã cũ."
    )
    en = (
        "Beside the secret there are {most} old ones that sign still. Wait until one of them ends,"
        " or make a new one and stop all old ones at once."
    )


class SameIdOtherEndpoint(Conflict):
    code = "same-id-other-webhook"
    vi = "Mã id này đã dùng cho một webhook khác. Tạo id mới."
    en = "This id belongs to another webhook. Make a new id."


class EndpointOff(Conflict):
    code = "webhook-off"
    vi = "Webhook này đang tắt. Bật lại rồi gửi."
    en = "This webhook is switched off. Switch it on, then send."


class NoSuchEndpoint(NotFound):
    code = "no-such-webhook"
    vi = "Không có webhook này, hoặc nó không thuộc quyền của bạn."
    en = "There is no such webhook, or it is not yours to manage."


class NoSuchDelivery(NotFound):
    code = "no-such-webhook-delivery"
    vi = "Không có lần gửi này, hoặc đã quá 30 ngày."
    en = "There is no such delivery, or it is older than 30 days."
