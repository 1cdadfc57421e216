"""What can be wrong with a report or a step, in our words and in both languages."""

from app.errors import Conflict, Forbidden, Invalid, NotFound


class NoSuchReport(NotFound):
    code = "no-such-report"
    vi = "Không tìm thấy phản ánh này."
    en = "There is no such report."


class SameIdOtherReport(Conflict):
    """The id is taken by other content, or by another person. Nothing of theirs is shown."""

    code = "same-id-other-content"
    vi = "Mã này đã dùng cho một phản ánh khác. Tạo phản ánh mới rồi gửi lại."
    en = "This id already belongs to another report. Make a new report and send again."


class SameIdOtherStep(Conflict):
    code = "same-id-other-step"
    vi = "Mã này đã dùng cho một thao tác khác. Tạo mã mới rồi làm lại."
    en = "This id already belongs to another act. Make a new id and try again."


class UnknownCategory(Invalid):
    code = "unknown-category"
    vi = "Không có lĩnh vực này. Chọn lại trong danh sách."
    en = "There is no such category. Choose one from the list."
    field = "category"


class UnknownOffice(Invalid):
    code = "unknown-office"
    vi = "Không có đơn vị này, hoặc đơn vị đã ngừng hoạt động. Chọn lại trong danh sách."
    en = "There is no such office, or it no longer exists. Choose another from the list."
    field = "office"


class UnknownArea(Invalid):
    code = "unknown-area"
    vi = "Không có phường, xã này. Chọn lại trong danh sách."
    en = "There is no such ward or commune. Choose another from the list."
    field = "area"


class LegalChannel(Invalid):
    """Some matters have their own channel by law; nothing of this one was stored."""

    code = "legal-channel"
    vi = (
        "Việc này phải gửi đúng kênh theo luật: {channel_vi}. "
        "Xóm chưa lưu gì cả, kể cả nội dung bạn vừa viết."
    )
    en = (
        "The law gives this matter its own channel: {channel_en}. "
        "Nothing was stored here, not even your words."
    )
    field = "category"


class NothingSaid(Invalid):
    code = "nothing-said"
    vi = "Viết vài chữ, hoặc thêm một tấm ảnh."
    en = "Write a few words, or add a photo."
    field = "description"


class AnswerMissing(Invalid):
    code = "answer-missing"
    vi = "Trả lời câu hỏi: {question_vi}"
    en = "Answer the question: {question_en}"


class AnswerNotOffered(Invalid):
    code = "answer-not-offered"
    vi = "Câu trả lời này không hợp lệ. {hint_vi}"
    en = "This answer does not fit. {hint_en}"


class AnonymousNeedsItsOwnAccount(Invalid):
    code = "anonymous-account"
    vi = "Phản ánh ẩn danh cần một phiên riêng, chỉ dùng cho phản ánh này."
    en = "An anonymous report needs a session of its own, made for this report alone."
    field = "identity"


class StepNotAllowed(Forbidden):
    """The step exists, but not from this status or not for this person."""

    code = "step-not-allowed"
    vi = "Không làm được bước “{step_vi}” khi phản ánh đang ở trạng thái “{status_vi}”."
    en = "“{step_en}” cannot be done while the report is “{status_en}”."


class StepNotYours(Forbidden):
    code = "step-not-yours"
    vi = "Bước “{step_vi}” không thuộc quyền của bạn ở phản ánh này."
    en = "“{step_en}” is not yours to do on this report."


class StepNeeds(Invalid):
    code = "step-needs"
    vi = "{lack_vi}"
    en = "{lack_en}"


class StepDoesNotTake(Invalid):
    code = "step-does-not-take"
    vi = "Bước “{step_vi}” không dùng mục này."
    en = "“{step_en}” does not take this field."


class AskedTwice(Forbidden):
    code = "asked-twice"
    vi = "Đã hỏi người phản ánh hai lần. Hãy trả lời theo những gì đang có."
    en = "The reporter was already asked twice. Answer with what is known."


class NotReturnable(Forbidden):
    code = "not-returnable"
    vi = "Lãnh đạo trung tâm đã quyết định đơn vị xử lý, không chuyển trả được nữa."
    en = "The centre's head decided who handles this; it cannot be returned again."


class HeadDecides(Forbidden):
    code = "head-decides"
    vi = "Phản ánh đã bị chuyển trả hai lần, lãnh đạo trung tâm phải quyết định."
    en = "This was returned twice: the centre's head has to decide."


class TooLate(Forbidden):
    code = "too-late"
    vi = "Đã quá {days} ngày nên không làm được nữa. Hãy gửi phản ánh mới."
    en = "More than {days} days have passed. Please send a new report."


class OnlyOnce(Forbidden):
    code = "only-once"
    vi = "Việc này chỉ làm được một lần."
    en = "This can be done only once."


class NothingToAmend(Invalid):
    code = "nothing-to-amend"
    vi = "Cho biết sửa gì: lĩnh vực, vị trí, hay mức khẩn."
    en = "Say what to correct: the category, the place, or the urgency."


class WordsRedacted(Invalid):
    code = "words-redacted"
    vi = "Chữ công chúng đọc đã được sửa riêng. Muốn hiện hay che số, sửa ở trang Che ảnh, chữ."
    en = "The public words were redacted by hand. Show or hide numbers on the Redact page."
    field = "show_numbers"


class EvidenceMissing(Invalid):
    code = "evidence-missing"
    vi = "Lĩnh vực này cần ảnh chụp sau khi khắc phục."
    en = "This category asks for a photo taken after the repair."
    field = "photos"


class DateMissing(Invalid):
    code = "date-missing"
    vi = "Đã lên kế hoạch thì cần ngày dự kiến xong."
    en = "A planned repair needs the date it is planned for."
    field = "planned_for"


class DateNotLater(Invalid):
    code = "date-not-later"
    vi = "Ngày mới phải sau hạn hiện tại và sau hôm nay."
    en = "The new date must be after the present deadline and after today."


class AlreadyAsked(Forbidden):
    code = "extension-already-asked"
    vi = "Phản ánh này đã được đề nghị gia hạn rồi."
    en = "An extension was already asked for on this report."


class UrgentIsNotExtended(Forbidden):
    code = "urgent-is-not-extended"
    vi = "Việc khẩn không được gia hạn."
    en = "An urgent report is not given more time."


class OthersFollow(Forbidden):
    code = "others-follow"
    vi = "Người khác đã được gộp vào phản ánh này nên không rút được."
    en = "Other people's reports were merged into this one, so it cannot be withdrawn."


class NoExtensionAsked(Forbidden):
    code = "no-extension-asked"
    vi = "Chưa có đề nghị gia hạn nào."
    en = "No extension has been asked for."


class CannotMerge(Invalid):
    code = "cannot-merge"
    vi = "Không gộp được vào phản ánh đó: nó đã xong, đã gộp, hoặc bạn không được xem."
    en = "It cannot be merged there: that report is finished, merged itself, or not yours to see."
    field = "target"


class AlreadyThere(Invalid):
    code = "already-there"
    vi = "Đơn vị này đang xử lý phản ánh rồi."
    en = "This office already works on the report."
    field = "office"


class AlreadyTheirs(Invalid):
    code = "already-theirs"
    vi = "Việc này đang giao như vậy rồi. Chọn người khác."
    en = "It is assigned so already. Choose somebody else."
    field = "person"


class NotOfThisOffice(Invalid):
    code = "not-of-this-office"
    vi = "Người này không thuộc đơn vị đang xử lý. Chọn một cán bộ của đơn vị."
    en = "This person does not work for the office that has the report. Choose one who does."
    field = "person"


class NotThere(Invalid):
    code = "not-there"
    vi = "Đơn vị này không cùng xử lý phản ánh."
    en = "This office does not work on the report."
    field = "office"


class NotPublishable(Forbidden):
    code = "not-publishable"
    vi = "Phản ánh về việc riêng của người dân không được công khai."
    en = "Reports that concern a private person or home are not published."


class NotRateable(Forbidden):
    code = "not-rateable"
    vi = "Chỉ đánh giá được khi đơn vị đã trả lời, trong 30 ngày."
    en = "A rating can be given once the office has answered, for 30 days."


class OwnReport(Conflict):
    code = "own-report"
    vi = "Đây là phản ánh của chính bạn, bạn đã được báo tin rồi."
    en = "This is your own report; you already hear about it."
