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


def status_name(status: Status, locale: str, *, inside: bool) -> str:
    """The status in the words of whoever reads it: officials, or residents."""
    words = STATUSES[status] if inside else TO_RESIDENTS.get(status, STATUSES[status])
    return words[0] if locale == "vi" else words[1]


def words_of_step(step: str, *, by: str) -> Words:
    """The step in the words of the role that takes it."""
    return BY_THE_CENTRE.get(step, STEPS[step]) if by == Role.DISPATCHER else STEPS[step]


def step_words(step: str) -> dict[str, str]:
    """`step_vi` and `step_en`, for a sentence."""
    vi, en = STEPS[step]
    return {"step_vi": vi, "step_en": en}


def status_words(status: Status) -> dict[str, str]:
    """`status_vi` and `status_en`, for a sentence."""
    vi, en = STATUSES[status]
    return {"status_vi": vi, "status_en": en}
