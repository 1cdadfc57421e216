"""The town's words for statuses, steps, outcomes and reasons, in Vietnamese and English: the only
place that spells them, for sentences, the API and the pages (`docs/glossary.md` lists them).
"""

from reports.statuses import Outcome, Rejection, Role, Status

Words = tuple[str, str]  # Vietnamese, English

STATUSES: dict[Status, Words] = {
    Status.SUBMITTED: ("Mới gửi", "Sent"),
    Status.ACCEPTED: ("Đã tiếp nhận", "Accepted"),
    Status.IN_PROGRESS: ("Đang xử lý", "In progress"),
    Status.WAITING: ("Chờ bổ sung", "Waiting for an answer"),
    Status.RETURNED: ("Chuyển trả", "Returned to the centre"),
    Status.RESOLVED: ("Đã xử lý", "Resolved"),
    Status.CLOSED: ("Đã kết thúc", "Closed"),
    Status.REJECTED: ("Không tiếp nhận", "Not accepted"),
    Status.MERGED: ("Đã gộp", "Merged"),
    Status.WITHDRAWN: ("Đã rút", "Withdrawn"),
}

#: What residents read instead, where an official's word would leave them guessing.
TO_RESIDENTS: dict[Status, Words] = {
    Status.WAITING: ("Chờ bạn bổ sung", "Waiting for your answer"),
    Status.RETURNED: ("Đang chuyển đơn vị khác", "Being passed to another office"),
}

STEPS: dict[str, Words] = {
    "submit": ("Gửi phản ánh", "Send"),
    "accept": ("Tiếp nhận", "Accept"),
    "reject": ("Không tiếp nhận", "Do not accept"),
    "reconsider": ("Đề nghị xem lại", "Ask to look again"),
    "start": ("Bắt đầu xử lý", "Start work"),
    "ask": ("Hỏi thêm", "Ask the reporter"),
    "answer": ("Trả lời câu hỏi", "Answer the question"),
    "resume": ("Xử lý tiếp", "Go on without the answer"),
    "return": ("Chuyển trả trung tâm", "Return to the centre"),
    "forward": ("Chuyển đơn vị khác", "Send to another office"),
    "assign": ("Giao người xử lý", "Assign to a person"),
    "join": ("Thêm đơn vị phối hợp", "Add an office that works along"),
    "unjoin": ("Bớt đơn vị phối hợp", "Remove an office that works along"),
    "amend": ("Sửa thông tin", "Correct the facts"),
    "ask_extension": ("Đề nghị gia hạn", "Ask for more time"),
    "grant_extension": ("Đồng ý gia hạn", "Grant more time"),
    "refuse_extension": ("Từ chối gia hạn", "Refuse more time"),
    "resolve": ("Báo kết quả", "Report the result"),
    "send_back": ("Yêu cầu trả lời lại", "Send the answer back"),
    "confirm": ("Xong rồi", "It is done"),
    "reopen": ("Chưa xong", "Not done yet"),
    "merge": ("Gộp phản ánh", "Merge"),
    "unmerge": ("Tách phản ánh", "Take apart again"),
    "withdraw": ("Rút phản ánh", "Withdraw"),
    "publish": ("Công khai", "Publish"),
    "hide": ("Ẩn", "Hide"),
    "moved": ("Chuyển theo đơn vị mới", "Moved to a successor"),
    "recomputed": ("Tính lại hạn", "Deadline worked out again"),
}
#: Steps that are another act when the centre takes them.
BY_THE_CENTRE: dict[str, Words] = {"reconsider": ("Nhận lại", "Take up again")}

#: What to do about a field that a step needs and that is empty …
LACKS: dict[str, Words] = {
    "note": ("Ghi vài lời ở đây.", "Write a few words here."),
    "office": ("Chọn một đơn vị.", "Choose an office."),
    "reason": ("Chọn một lý do.", "Choose a reason."),
    "outcome": ("Chọn một kết quả.", "Choose a result."),
    "until": ("Chọn hạn mới.", "Choose the new date."),
    "planned_for": ("Chọn ngày sẽ làm.", "Choose the day on which it will be done."),
    "target": ("Ghi mã phản ánh để gộp vào.", "Give the code of the report to merge into."),
    "lat": ("Ghi cả vĩ độ.", "Give the latitude too."),
    "lng": ("Ghi cả kinh độ.", "Give the longitude too."),
}
#: … and of its words, by the step.
LACKING_WORDS: dict[str, Words] = {
    "reject": ("Ghi lời nhắn gửi người phản ánh.", "Write a few words to the reporter."),
    "reconsider": ("Ghi vì sao nên xem lại.", "Write why it should be looked at again."),
    "ask": ("Ghi câu hỏi gửi người phản ánh.", "Write the question to the reporter."),
    "answer": ("Ghi câu trả lời.", "Write the answer."),
    "resume": ("Ghi vì sao xử lý tiếp.", "Write why work goes on."),
    "return": ("Ghi vì sao không thuộc đơn vị mình.", "Write why it is not yours."),
    "ask_extension": ("Ghi vì sao cần thêm thời gian.", "Write why more time is needed."),
    "refuse_extension": ("Ghi vì sao không đồng ý.", "Write why not."),
    "resolve": ("Ghi câu trả lời cho người phản ánh.", "Write the reply to the reporter."),
    "send_back": ("Ghi câu trả lời còn thiếu gì.", "Write what the reply lacks."),
    "reopen": ("Ghi việc gì chưa xong.", "Write what is not done yet."),
    "hide": ("Ghi vì sao ẩn.", "Write why it is hidden."),
}

OUTCOMES: dict[Outcome, Words] = {
    Outcome.FIXED: ("Đã khắc phục", "Fixed"),
    Outcome.PLANNED: ("Đã lên kế hoạch", "Planned"),
    Outcome.EXPLAINED: ("Đã giải thích", "Explained"),
    Outcome.NOT_FOUND: ("Không phát hiện", "Nothing found"),
}

REJECTIONS: dict[Rejection, Words] = {
    Rejection.OUTSIDE_SCOPE: ("Ngoài phạm vi tiếp nhận", "Outside what the city handles here"),
    Rejection.UNCLEAR: ("Chưa rõ việc gì, ở đâu", "Unclear what, or where"),
    Rejection.ABUSIVE: ("Lời lẽ không phù hợp", "Abusive"),
    Rejection.PERSONAL: ("Lộ thông tin riêng của người khác", "Exposes somebody's private facts"),
    Rejection.ALREADY_ANSWERED: ("Đã trả lời trước đó", "Answered before"),
    Rejection.OTHER: ("Lý do khác", "Another reason"),
}


def said(words: Words, locale: str) -> str:
    """In the language of whoever reads it."""
    return words[0] if locale == "vi" else words[1]


def status_name(status: Status, locale: str, *, inside: bool) -> str:
    """The status in the words of whoever reads it: officials, or residents."""
    words = STATUSES[status] if inside else TO_RESIDENTS.get(status, STATUSES[status])
    return said(words, locale)


def words_of_step(step: str, *, by: str) -> Words:
    """The step in the words of the role that takes it."""
    return BY_THE_CENTRE.get(step, STEPS[step]) if by == Role.DISPATCHER else STEPS[step]


def step_words(step: str) -> dict[str, str]:
    """`step_vi` and `step_en`, for a sentence."""
    vi, en = STEPS[step]
    return {"step_vi": vi, "step_en": en}


def lack_words(step: str, field: str) -> dict[str, str]:
    """`lack_vi` and `lack_en`: what to do about a field of the step that is empty."""
    vi, en = LACKING_WORDS.get(step, LACKS["note"]) if field == "note" else LACKS[field]
    return {"lack_vi": vi, "lack_en": en}


def status_words(status: Status) -> dict[str, str]:
    """`status_vi` and `status_en`, for a sentence."""
    vi, en = STATUSES[status]
    return {"status_vi": vi, "status_en": en}
