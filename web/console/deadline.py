"""What a report's deadline is made of, in words: so that whoever is held to it can recount it."""

from datetime import datetime

from app.clock import now
from app.locale import in_words
from reports import deadlines
from reports.clocks import CENTRE_HOURS, REOPENED
from reports.models import Report
from web.console.blueprint import blueprint
from web.console.words import moment


def made_of(report: Report) -> list[str]:
    """Sentences, in the order in which they count."""
    said: list[str] = []
    if report.centre_due_at:
        said.append(_of_the_centre(report))
    if report.due_at and report.due_term:
        said.append(_counted(report))
    if report.rested_total_s:
        said.append(_rested(report))
    if report.extended:
        said.append(
            in_words(
                f"Đã gia hạn đến {moment(report.due_at)}.", f"Extended to {moment(report.due_at)}."
            )
        )
    if report.extension_until:
        until = moment(report.extension_until)
        said.append(
            in_words(
                f"Đang xin gia hạn đến {until}, chờ trung tâm quyết định.",
                f"More time is asked for, to {until}; the centre decides.",
            )
        )
    if report.first_due_at and report.first_due_at != report.due_at:
        first = moment(report.first_due_at)
        said.append(
            in_words(
                f"Hạn đầu tiên, dùng để đánh giá: {first}.",
                f"The first deadline, which counts for the figures: {first}.",
            )
        )
    return said


@blueprint.app_template_global("late_if_urgent")
def late_if_urgent(submitted_at: datetime) -> str:
    """What it would mean to call an older report urgent now; empty while that leaves time."""
    due = deadlines.urgent_due_at(submitted_at)
    if due > now():
        return ""
    return in_words(
        f"Đánh dấu khẩn thì quá hạn ngay: hạn khẩn là {moment(due)}.",
        f"Marked as urgent it is overdue at once: that deadline was {moment(due)}.",
    )


def _of_the_centre(report: Report) -> str:
    by = moment(report.centre_due_at)
    if report.centre_due_at == report.due_at:
        return in_words(
            f"Trung tâm chuyển đơn vị xử lý trước {by}, trong hạn khẩn.",
            f"The centre passes it on by {by}, within the urgent deadline.",
        )
    return in_words(
        f"Trung tâm tiếp nhận hoặc chuyển đơn vị trước {by}: {CENTRE_HOURS} giờ làm việc.",
        f"The centre accepts it or passes it on by {by}: {CENTRE_HOURS} working hours.",
    )


def _counted(report: Report) -> str:
    term, since = report.due_term or "", moment(report.due_from or report.submitted_at)
    if term == deadlines.URGENT:
        sent, hours = moment(report.submitted_at), deadlines.URGENT_HOURS
        return in_words(
            f"Khẩn: {hours} giờ tính từ lúc gửi ({sent}), cả đêm và ngày nghỉ.",
            f"Urgent: {hours} hours from sending ({sent}), nights and holidays included.",
        )
    number, unit = term[:-1], term[-1]
    if term == REOPENED and report.reopened:
        return in_words(
            f"{number} ngày làm việc từ khi người phản ánh báo chưa xong ({since}).",
            f"{number} working days since it was reopened ({since}).",
        )
    if unit == "h":
        return in_words(
            f"{number} giờ làm việc từ khi tiếp nhận ({since}).",
            f"{number} working hours since acceptance ({since}).",
        )
    return in_words(
        f"{number} ngày làm việc, không tính ngày tiếp nhận ({since}).",
        f"{number} working days, not counting the day of acceptance ({since}).",
    )


def _rested(report: Report) -> str:
    hours, minutes = divmod(report.rested_total_s // 60, 60)
    vi = f"{hours} giờ {minutes} phút" if hours else f"{minutes} phút"
    en = f"{hours} h {minutes} min" if hours else f"{minutes} min"
    by_clock = report.first_due_term == deadlines.URGENT
    return in_words(
        f"Cộng {vi}{'' if by_clock else ' làm việc'} chờ người phản ánh trả lời.",
        f"Plus {en}{'' if by_clock else ' of working time'} waiting for the reporter.",
    )
