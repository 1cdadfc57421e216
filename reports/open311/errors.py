"""What can be wrong with a question or a request of Open311, in both languages."""

from app.errors import Conflict, Invalid, NotFound, UnsupportedMedia


class NoSuchService(NotFound):
    code = "no-such-service"
    vi = "Không có dịch vụ (lĩnh vực) này. Danh sách ở /open311/v2/services.json."
    en = "There is no such service. See /open311/v2/services for those that exist."


class SpanTooLong(Invalid):
    code = "span-too-long"
    vi = "Mỗi lần hỏi tối đa {days} ngày. Chia khoảng thời gian ra rồi hỏi từng phần."
    en = "At most {days} days can be asked for at once. Ask for the time in parts."


class SpanBackward(Invalid):
    code = "span-backward"
    vi = "Khoảng thời gian kết thúc trước khi bắt đầu. Đổi lại hai thời điểm."
    en = "The time asked for ends before it begins. Swap the two moments."


class BadStatus(Invalid):
    code = "bad-status"
    vi = "Trạng thái là open, closed, hoặc cả hai, cách nhau bằng dấu phẩy."
    en = "A status is open, closed, or both with a comma between."
    field = "status"


class OutOfBounds(Invalid):
    code = "number-out-of-bounds"
    vi = "Cần một số từ {least} đến {most}."
    en = "A number from {least} to {most} is needed."


class BadFlag(Invalid):
    code = "bad-flag"
    vi = "Viết true hoặc false."
    en = "Write true or false."


class TooManyIds(Invalid):
    code = "too-many-ids"
    vi = "Mỗi lần hỏi tối đa {most} mã."
    en = "At most {most} ids can be asked for at once."
    field = "service_request_id"


class HalfAPoint(Invalid):
    code = "half-a-point"
    vi = "Cần cả vĩ độ (lat) và kinh độ (long)."
    en = "Both a latitude (lat) and a longitude (long) are needed."


class BadDetailedStatus(Invalid):
    code = "bad-detailed-status"
    vi = "{unknown} không có. Dùng PENDING, RECEIVED, IN_PROCESS, PROCESSED hoặc REJECTED."
    en = "There is no {unknown}. Use PENDING, RECEIVED, IN_PROCESS, PROCESSED or REJECTED."
    field = "detailed_status"


class NoObservations(Invalid):
    code = "no-observations"
    vi = "Ở đây không có vùng theo dõi. Dùng area_code hoặc bbox."
    en = "There are no observations here. Use area_code or bbox."
    field = "observation_key"


class TooLong(Invalid):
    code = "words-too-long"
    vi = "Tối đa {most} ký tự."
    en = "At most {most} characters."


class NoSuchToken(NotFound):
    code = "no-such-token"
    vi = "Không có phản ánh nào theo mã này. Kiểm tra client_request_id, hoặc gửi lại phản ánh."
    en = "No request belongs to this token. Check the client_request_id, or send the request again."


class NotShown(NotFound):
    """Absent, hidden and not yet looked at are told alike."""

    code = "request-not-shown"
    vi = (
        "Không có phản ánh công khai nào mang mã này. Phản ánh vừa gửi chỉ được công khai sau khi "
        "trung tâm xem; lĩnh vực riêng tư thì không công khai."
    )
    en = (
        "No request is shown under this id. One that was just sent is shown only after the centre "
        "has looked at it, one of a private service never."
    )
    field = "service_request_id"


# Sending ---------------------------------------------------------------------------------------


class RequestRefused(Invalid):
    """Several things may be wrong; `errors` says each by its field."""

    code = "request-refused"
    vi = "Có chỗ chưa đúng, nên phản ánh chưa được lưu."
    en = "Something is not right, so the request was not stored."


class NotTaken(Invalid):
    """Of a person who is limited for a while. Why, and until when, is theirs to hear."""

    code = "not-taken"
    vi = (
        "Chưa nhận được phản ánh này qua đây. Nhờ người phản ánh gửi trong ứng dụng của thành phố "
        "hoặc gọi cho trung tâm."
    )
    en = (
        "This request cannot be taken this way. Ask whoever it is from to send it in the city's "
        "own app, or to call the centre."
    )


class ServiceMissing(Invalid):
    code = "service-missing"
    vi = "Chọn dịch vụ: service_code, lấy ở /open311/v2/services.json."
    en = "Say which service: a service_code of /open311/v2/services."
    field = "service_code"


class LocationMissing(Invalid):
    code = "location-missing"
    vi = "Cho biết chỗ: lat và long, hoặc address_string, hoặc address_id."
    en = "Say where: lat and long, or an address_string, or an address_id."
    field = "lat"


class AddressNotFound(Invalid):
    code = "address-not-found"
    vi = "Không tìm thấy địa chỉ này trong thành phố. Gửi lat và long, hoặc mã phường, xã."
    en = "This address was not found in the city. Send lat and long, or the code of a ward."
    field = "address_string"


class NotYesNo(Invalid):
    code = "not-yes-no"
    vi = "Trả lời true hoặc false."
    en = "Answer true or false."


class SameIdOtherRequest(Conflict):
    code = "same-id-other-request"
    vi = "Mã client_request_id này đã dùng cho một phản ánh khác. Tạo mã mới rồi gửi lại."
    en = "This client_request_id already belongs to another request. Make a new one, send again."
    field = "client_request_id"


class NotAForm(UnsupportedMedia):
    code = "not-a-form"
    vi = "Gửi dưới dạng application/x-www-form-urlencoded hoặc multipart/form-data."
    en = "Send application/x-www-form-urlencoded or multipart/form-data."
