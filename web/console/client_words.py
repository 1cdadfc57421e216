"""What the page of API clients tells: scopes in words, what was done, thirty days as bars."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.auth.issuing import DayOfUse
from app.auth.scopes import Scope
from app.locale import in_words

DAYS = 30
HEIGHT = 40  # of the highest bar, in the drawing's own units
_STEP, _WIDTH = 10, 8  # from bar to bar; of one

SCOPES: dict[Scope, tuple[str, str, str, str]] = {
    Scope.REPORTS_CREATE: (
        "Gửi phản ánh", "Send reports",
        "Qua Open311, thay người dân.", "By Open311, for residents.",
    ),
    Scope.UPDATES_READ: (
        "Đọc diễn biến của đơn vị", "Read the office's updates",
        "Cả của phản ánh chưa công khai. Diễn biến công khai thì không cần khóa.",
        "Of unpublished reports too. Public updates need no key.",
    ),
    Scope.UPDATES_WRITE: (
        "Báo diễn biến xử lý", "Tell how work goes on",
        "Nhận việc và báo kết quả thay đơn vị đã chọn.",
        "Start and resolve work of the chosen office.",
    ),
    Scope.OFFICES_READ: (
        "Đọc dữ liệu của đơn vị", "Read the office's data",
        "Danh sách việc và tệp xuất của đơn vị.", "Its list of work, and exports of it.",
    ),
    Scope.WEBHOOKS_MANAGE: (
        "Quản lý webhook", "Manage webhooks",
        "Nơi nhận tin khi có thay đổi.", "Where news of changes is sent.",
    ),
}  # fmt: skip
SAID: dict[str, tuple[str, str]] = {
    "made": ("Đã thêm. Cấp khóa đầu tiên ở dưới.", "Added. Issue its first key below."),
    "saved": ("Đã lưu. Có hiệu lực từ lượt gọi sau.", "Saved. It holds from the next request on."),
    "unchanged": ("Không có gì thay đổi.", "Nothing was changed."),
    "closed": ("Đã tạm ngừng. Mọi khóa ngừng hoạt động ngay.",
               "Closed. None of its keys works from now on."),
    "opened": ("Đã mở lại. Các khóa chưa thu hồi dùng được như trước.",
               "Opened again. Keys that were not revoked work as before."),
    "revoked": ("Đã thu hồi khóa. Nếu nhầm, khôi phục được trong 24 giờ.",
                "The key is revoked. If that was a slip, put it back within 24 hours."),
    "put_back": ("Đã khôi phục khóa.", "The key works again."),
    "repeated": ("Khóa này đã cấp lúc nãy và chỉ hiện một lần. Nếu chưa chép, hãy thay khóa.",
                 "That key was issued a moment ago and is shown once. Replace it if you lack it."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """One day; heights in the drawing's units, counted from its foot."""

    x: int
    requests: float
    refused: float
    words: str


@dataclass(frozen=True, slots=True)
class Use:
    """Thirty days of one key."""

    bars: Sequence[Bar]
    since: date
    until: date
    requests: int
    refused: int
    busiest: int  # requests on the busiest day

    @property
    def width(self) -> int:
        return len(self.bars) * _STEP


def scope_name(scope: str) -> str:
    vi, en, _, _ = SCOPES[Scope(scope)]
    return in_words(vi, en)


def scope_choices() -> list[tuple[str, str, str]]:
    """Code, name, what it opens."""
    return [
        (str(scope), in_words(vi, en), in_words(more_vi, more_en))
        for scope, (vi, en, more_vi, more_en) in SCOPES.items()
    ]


def use_of(key_id: UUID, days: Sequence[DayOfUse], *, until: date) -> Use:
    """What one key did on the thirty days that end with `until`."""
    mine = {one.day: (one.requests, one.refused) for one in days if one.key_id == key_id}
    since = until - timedelta(days=DAYS - 1)
    counts = [mine.get(since + timedelta(days=number), (0, 0)) for number in range(DAYS)]
    most = max(1, *(sum(one) for one in counts))
    bars = [
        _bar(number, since + timedelta(days=number), one, most) for number, one in enumerate(counts)
    ]
    return Use(
        bars,
        since,
        until,
        requests=sum(requests for requests, _ in counts),
        refused=sum(refused for _, refused in counts),
        busiest=max(requests for requests, _ in counts),
    )


def _bar(number: int, day: date, counted: tuple[int, int], most: int) -> Bar:
    requests, refused = counted
    vi, en = f"{day.day}/{day.month}: {requests} lượt", f"{day.day}/{day.month}: {requests}"
    if refused:
        vi, en = f"{vi}, {refused} bị từ chối", f"{en}, {refused} refused"
    return Bar(
        number * _STEP,
        # A day of a few is seen beside one of thousands.
        max(requests * HEIGHT / most, 1.5) if requests else 0,
        max(refused * HEIGHT / most, 1.5) if refused else 0,
        in_words(vi, en),
    )
