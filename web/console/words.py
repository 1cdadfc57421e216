"""How the console's templates speak: both languages side by side, where they are used.

    {{ say("Quá hạn", "Overdue") }}

Names of statuses, steps and reasons are `reports.vocabulary`'s.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal
from flask import Flask

from app.clock import now
from app.locale import current_locale, in_words
from reports import spoken, vocabulary
from reports.city import snapshot
from reports.models import Report
from reports.open311 import received
from reports.open311.requests_sent import SOURCE
from reports.statuses import Outcome, Rejection, Role, Status
from web.console.done import done_word

ROLES: dict[Role, tuple[str, str]] = {
    Role.DISPATCHER: ("Điều phối viên", "Dispatcher"),
    Role.OFFICER: ("Cán bộ xử lý", "Officer"),
    Role.HEAD: ("Lãnh đạo đơn vị", "Head"),
    Role.LEADER: ("Lãnh đạo thành phố", "Leader"),
    Role.ADMIN: ("Quản trị", "Administrator"),
    Role.REPORTER: ("Người phản ánh", "Reporter"),
    Role.SYSTEM: ("Hệ thống", "The system"),
}
SOURCES: dict[str, tuple[str, str]] = {
    "app": ("qua ứng dụng", "by the app"),
    "phone": ("qua điện thoại", "by telephone"),
    "desk": ("tại quầy", "at the desk"),
    "letter": ("qua thư", "by letter"),
    "demo": ("dữ liệu thử", "demo data"),
    "open311": ("qua hệ thống khác", "through another system"),
}


KINDS: dict[str, tuple[str, str]] = {
    "centre": ("Trung tâm", "The centre"),
    "department": ("Sở, ban, ngành", "Departments"),
    "utility": ("Doanh nghiệp hạ tầng", "Utilities"),
    "committee": ("UBND phường, xã", "Wards and communes"),
}
#: What the words of a step are for, where it is not a plain note.
NOTES: dict[str, tuple[str, str]] = {
    "reject": ("Lời nhắn gửi người phản ánh", "Words to the reporter"),
    "reconsider": (
        "Vì sao nhận lại (người phản ánh đọc được)",
        "Why it is taken up again (the reporter reads it)",
    ),
    "ask": ("Câu hỏi gửi người phản ánh", "The question to the reporter"),
    "resolve": ("Trả lời người phản ánh (được công khai)", "The reply (it is published)"),
    "return": ("Vì sao không thuộc đơn vị mình", "Why it is not yours"),
    "send_back": ("Câu trả lời còn thiếu gì", "What the reply lacks"),
    "ask_extension": ("Vì sao cần thêm thời gian", "Why more time is needed"),
    "refuse_extension": ("Vì sao không đồng ý", "Why not"),
    "hide": ("Vì sao ẩn", "Why it is hidden"),
    "resume": ("Ghi chú", "Note"),
}
OFFICES: dict[str, tuple[str, str]] = {
    "return": ("Theo bạn là của đơn vị nào", "Whose it is, in your view"),
    "unjoin": ("Đơn vị thôi phối hợp", "Office that leaves"),
    "join": ("Đơn vị cùng phối hợp", "Office that joins"),
}
CHECKS: dict[str, tuple[str, str]] = {
    "urgent": ("Khẩn: 4 giờ, cả đêm và ngày nghỉ", "Urgent: 4 hours, nights and holidays too"),
    "hold_back": ("Chưa công khai", "Do not publish yet"),
    "show_numbers": (
        "Hiện cả các số (điện thoại, biển số) trong lời phản ánh",
        "Show the numbers (telephone, plates) in its words too",
    ),
}


def init_words(app: Flask) -> None:
    app.jinja_env.globals.update(
        say=in_words,
        amount=amount,
        over=over,
        moment=moment,
        day=day,
        status_word=status_word,
        step_word=step_word,
        done_word=done_word,
        outcome_word=outcome_word,
        rejection_word=rejection_word,
        role_word=role_word,
        source_word=source_word,
        came_by=came_by,
        system_word=system_word,
        kind_word=kind_word,
        note_label=note_label,
        office_label=office_label,
        check_word=check_word,
    )


def amount(number: float) -> str:
    """1.843 in Vietnamese, 1,843 in English."""
    return format_decimal(number, locale=current_locale())


def over(number: int, most: int) -> str:
    """A count that stops somewhere: "over 1,000"."""
    if number <= most:
        return amount(number)
    return in_words(f"hơn {amount(most)}", f"over {amount(most)}")


def moment(at: datetime | None) -> str:
    """17:00 thứ Ba 1/12, in the city's zone; empty for None."""
    if at is None:
        return ""
    zone = snapshot.current().profile.timezone
    return spoken.spoken_moment(at, zone, current_locale(), now())


def day(at: datetime | None) -> str:
    """2026-12-01, as a date field takes it, in the city's zone."""
    if at is None:
        return ""
    return at.astimezone(ZoneInfo(snapshot.current().profile.timezone)).date().isoformat()


def status_word(status: str) -> str:
    return vocabulary.status_name(Status(status), current_locale(), inside=True)


def step_word(step: str) -> str:
    return in_words(*vocabulary.words_of_step(step, by=Role.DISPATCHER))


def outcome_word(outcome: str) -> str:
    return in_words(*vocabulary.OUTCOMES[Outcome(outcome)])


def rejection_word(reason: str) -> str:
    return in_words(*vocabulary.REJECTIONS[Rejection(reason)])


def role_word(role: str) -> str:
    return in_words(*ROLES[Role(role)])


def source_word(source: str) -> str:
    return in_words(*SOURCES.get(source, (source, source)))


def came_by(report: Report) -> str:
    """How a report came here; through another system: through which."""
    words = source_word(report.source)
    name = received.sender_name(report.id) if report.source == SOURCE else None
    return f"{words} ({name})" if name else words


def system_word(name: str) -> str:
    """Who wrote a comment, where no person did."""
    return f"{in_words('Hệ thống khác', 'Another system')}: {name}"


def kind_word(kind: str) -> str:
    return in_words(*KINDS[kind])


def note_label(step: str) -> str:
    return in_words(*NOTES.get(step, ("Ghi chú", "Note")))


def office_label(step: str) -> str:
    return in_words(*OFFICES.get(step, ("Đơn vị xử lý", "Handling office")))


def check_word(name: str) -> str:
    return in_words(*CHECKS[name])
