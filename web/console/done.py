"""What was just done, in a sentence: it stands above the page that comes next."""

from app.locale import in_words
from reports.statuses import STEPS

STEPS_DONE: dict[str, tuple[str, str]] = {
    "accept": ("Đã tiếp nhận.", "The report is accepted."),
    "reject": ("Đã báo không tiếp nhận.", "The report was not accepted; its reporter is told."),
    "reconsider": (
        "Đã nhận lại. Phản ánh chờ phân loại như mới gửi.",
        "The report is taken up again and waits as a new one does.",
    ),
    "start": ("Đã bắt đầu xử lý.", "Work has started."),
    "assign": ("Đã giao người xử lý.", "The report is assigned."),
    "ask": ("Đã gửi câu hỏi.", "The question is sent."),
    "answer": ("Đã gửi trả lời.", "The answer is sent."),
    "resume": ("Đã chuyển sang xử lý tiếp.", "Work goes on."),
    "return": ("Đã chuyển trả trung tâm.", "The report is returned to the centre."),
    "forward": ("Đã chuyển sang đơn vị khác.", "The report is sent to another office."),
    "join": ("Đã thêm đơn vị phối hợp.", "The office now works along."),
    "unjoin": ("Đã bớt đơn vị phối hợp.", "The office no longer works along."),
    "amend": ("Đã sửa thông tin.", "The facts are corrected."),
    "ask_extension": ("Đã gửi đề nghị gia hạn.", "The request for more time is sent."),
    "grant_extension": ("Đã đồng ý gia hạn.", "More time is granted."),
    "refuse_extension": ("Đã từ chối gia hạn.", "More time is refused."),
    "resolve": ("Đã gửi kết quả.", "The result is sent."),
    "send_back": ("Đã yêu cầu trả lời lại.", "The answer is sent back."),
    "confirm": ("Đã xác nhận xong.", "The report is confirmed as done."),
    "reopen": ("Đã báo chưa xong.", "The report is open again."),
    "merge": ("Đã gộp phản ánh.", "The report is merged."),
    "unmerge": ("Đã tách phản ánh.", "The report stands by itself again."),
    "withdraw": ("Đã rút phản ánh.", "The report is withdrawn."),
    "publish": ("Đã công khai.", "The report is published."),
    "hide": ("Đã ẩn.", "The report is hidden."),
}
BESIDES: dict[str, tuple[str, str]] = {
    "noted": ("Đã lưu ghi chú.", "The note is saved."),
    "comment-publish": ("Đã công khai bình luận.", "The comment is published."),
    "comment-hide": ("Đã ẩn bình luận.", "The comment is hidden."),
    "link-sent": (
        "Thư có đường dẫn mới sẽ đi ngay.",
        "A letter with a new link leaves at once.",
    ),
    "link-ended": ("Đường dẫn không còn mở được.", "The link no longer opens."),
}


def done_word(said: str | None) -> str | None:
    """The sentence of a step, or of what else is done on a report's page."""
    found = BESIDES.get(said or "") or (STEPS_DONE[said] if said in STEPS else None)
    return in_words(*found) if found else None
