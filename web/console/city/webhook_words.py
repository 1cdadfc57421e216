"""What the pages of webhooks call things: events, how an endpoint or a delivery stands, why not."""

from collections.abc import Collection, Sequence
from typing import Any

from app.locale import in_words
from notifications.webhooks.addresses import OUR_OWN
from notifications.webhooks.backoff import MOST_TRIES
from notifications.webhooks.models import (
    PUBLIC,
    TEST,
    OffBecause,
    TellingState,
    WebhookEndpoint,
)
from reports.city import snapshot
from reports.webhook_events import EVENTS, HEARD, office_of, told_to
from web.console.city.named import name_of

#: What was done, told on the page that comes next.
SAID: dict[str, tuple[str, str]] = {
    "saved": ("Đã lưu.", "Saved."),
    "unchanged": ("Không có gì thay đổi.", "Nothing was changed."),
    "known": (
        "Webhook này đã có từ trước. Mất mã bí mật thì tạo mã mới.",
        "This webhook was there already. If its secret is lost, make a new one.",
    ),
    "off": ("Đã tắt. Không sự kiện nào được gửi nữa.", "Switched off. Nothing more is sent."),
    "on": (
        "Đã bật. Sự kiện từ lúc này sẽ được gửi; gửi lại những gì đã lỡ ở cuối trang.",
        "Switched on. What happens from now on is sent; what it missed can be sent again below.",
    ),
    "tested": (
        "Đã gửi thử. Kết quả hiện trong bảng dưới đây sau vài giây.",
        "A test is on its way. What comes of it shows in the table below within seconds.",
    ),
    "replayed": ("Đang gửi lại.", "It is being sent again."),
    "replayed_all": ("Đang gửi lại {number} sự kiện.", "Events being sent again: {number}."),
    "replayed_some": (
        "Đang gửi lại {number} sự kiện cũ nhất, là số tối đa một lần, và vẫn còn nữa. Bấm gửi lại "
        "lần nữa ở cuối trang: thời điểm tiếp theo đã ghi sẵn.",
        "The oldest {number} events are being sent again, the most at once, and there are more. "
        "Send again at the end of the page: the moment to go on from stands there.",
    ),
    "nothing": (
        "Không có gì đã lỡ từ lúc đó. Muốn gửi lại cả những gì đã nhận thì đánh dấu ô bên dưới.",
        "Nothing was missed since then. To send again what arrived too, tick the box below.",
    ),
    "removed": ("Đã bỏ webhook.", "The webhook was removed."),
}
_STATES: dict[TellingState, tuple[str, str, str]] = {
    TellingState.DUE: ("clock", "Đang chờ gửi", "Waits to be sent"),
    TellingState.SENT: ("check", "Đã nhận", "Arrived"),
    TellingState.STALE: ("eye-off", "Không còn cần gửi", "Not sent"),
    TellingState.DEAD: ("x", "Gửi thất bại", "Given up"),
}
_OFF: dict[OffBecause, tuple[str, str]] = {
    OffBecause.HAND: ("tắt bằng tay", "by hand"),
    OffBecause.FAILING: ("năm ngày liền không gửi được", "nothing arrived for five days"),
    OffBecause.REVOKED: (
        "hệ thống tạo nó không còn quyền",
        "the client that made it may have it no longer",
    ),
    OffBecause.GONE: ("nơi nhận báo không còn ai", "the receiver says that nobody is there"),
}
#: Why something was not sent, as `posting` and `delivery` write it.
_WHY: dict[str, tuple[str, str]] = {
    OUR_OWN: ("Tên dẫn vào mạng nội bộ, không gọi", "The name leads into our own network"),
    "no such host": ("Không tìm thấy máy chủ", "No such host"),
    "no connection": ("Không kết nối được", "No connection"),
    "its certificate does not hold": ("Chứng chỉ không hợp lệ", "Its certificate does not hold"),
    "no answer within 15 seconds": ("Quá 15 giây không trả lời", "No answer within 15 seconds"),
    "switched off": ("Webhook đã tắt", "The webhook was switched off"),
    "its secret cannot be read; make a new one": (
        "Không đọc được mã bí mật; tạo mã mới",
        "Its secret cannot be read; make a new one",
    ),
}
_NO_LONGER = (
    "Khi gửi, nơi nhận không còn được đọc phản ánh này",
    "By then the report was not the receiver's to read",
)


def event_name(event: str) -> str:
    if event == TEST:
        return in_words("Gửi thử", "A test")
    return in_words(*EVENTS[event]) if event in EVENTS else event


def event_choices(
    readers: Collection[str], chosen: Collection[str] = ()
) -> list[tuple[str, str, str]]:
    """Each that one of these readers may hear of, or that was chosen before: the event, its name,
    and for whom it is where that is not the same for all of them."""
    heard = [told_to(reader) for reader in readers]
    return [
        (event, in_words(*words), _for_whom(event, heard))
        for event, words in EVENTS.items()
        if event in chosen or any(event in events for events in heard)
    ]


def _for_whom(event: str, heard: Sequence[Collection[str]]) -> str:
    if all(event in events for events in heard):
        return ""
    if event in HEARD["public"]:
        return in_words("chỉ toàn thành phố", "city only")
    return in_words("chỉ đơn vị", "offices only")


def whose(reader: str) -> str:
    """As whom an endpoint reads: an office's name, or what is public."""
    office_id = office_of(reader)
    if office_id is None:
        return in_words("Toàn thành phố, phần công khai", "The city, what is public")
    return name_of(snapshot.current().offices_by_id[office_id])


def reader_choices(readers: frozenset[str]) -> list[tuple[str, str]]:
    """What a form offers: an office by its code, the public by none."""
    offices = snapshot.current().offices_by_id
    found = [] if PUBLIC not in readers else [("", whose(PUBLIC))]
    named = (office_id for reader in readers if (office_id := office_of(reader)) is not None)
    by_office = [(offices[one].code, name_of(offices[one])) for one in named]
    return found + sorted(by_office, key=lambda pair: pair[1])


def how(endpoint: WebhookEndpoint) -> tuple[str, str, bool]:
    """How an endpoint stands: an icon, words, whether they are a warning."""
    if endpoint.off_because is not None:
        why = in_words(*_OFF[endpoint.off_because])
        words = in_words("Đã tắt", "Switched off")
        return "pause", f"{words}: {why}", endpoint.off_because is not OffBecause.HAND
    if endpoint.failing_since is not None:
        return "triangle-alert", in_words("Đang lỗi, vẫn thử lại", "Failing, tried again"), True
    if endpoint.last_ok_at is None:
        return "clock", in_words("Chưa gửi lần nào", "Nothing was sent yet"), False
    return "check", in_words("Đang nhận tốt", "All arrives"), False


def state_mark(state: TellingState) -> tuple[str, str]:
    """An icon and a word."""
    icon, vi, en = _STATES[state]
    return icon, in_words(vi, en)


def state_choices() -> list[tuple[str, str]]:
    return [(str(state), in_words(vi, en)) for state, (_, vi, en) in _STATES.items()]


def outcome(row: Any) -> str:
    """What became of the last try; nothing before the first."""
    if row.state == TellingState.STALE:
        return in_words(*_NO_LONGER)
    if row.error in _WHY:
        return in_words(*_WHY[row.error])
    if row.status is not None:
        return f"HTTP {row.status}"
    return row.error or ""


def tries(row: Any) -> str:
    """2/10 lần thử."""
    return in_words(f"lần thử {row.tries}/{MOST_TRIES}", f"try {row.tries} of {MOST_TRIES}")
