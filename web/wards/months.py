"""Which month is looked at: one that was published; and from when on the next will be there."""

from dataclasses import dataclass
from datetime import datetime

from app.errors import NotFound
from reports.city.snapshot import City
from reports.figures.cutoffs import cutoff
from reports.figures.periods import Kind, Period, before, containing
from reports.figures.public.published import Published, all_published, published

MOST = 13  # a year, and the month a year ago


class NoSuchMonth(NotFound):
    code = "no-such-month"
    vi = "Tháng này chưa công bố, hoặc không có. Chọn một tháng trong danh sách."
    en = "This month is not published, or there is no such month. Choose one from the list."
    field = "month"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The month that is looked at, those up to it (oldest first), and all that there are."""

    month: Published
    up_to: list[Published]
    codes: list[str]

    @property
    def code(self) -> str:
        return code_of(self.month)

    @property
    def before(self) -> Published | None:
        """The calendar month before it, if that was published."""
        near = [one for one in self.up_to[:-1] if one.until == self.month.first]
        return near[0] if near else None

    @property
    def earlier(self) -> str | None:
        return code_of(self.up_to[-2]) if len(self.up_to) > 1 else None

    @property
    def later(self) -> str | None:
        here = self.codes.index(self.code)
        return self.codes[here + 1] if here + 1 < len(self.codes) else None


def chosen(code: str | None) -> Chosen | None:
    """The month of that code (2026-10), or the last one; None before any is published.

    Raises NoSuchMonth.
    """
    keys = all_published()
    codes = [f"{first:%Y-%m}" for first, _ in keys]
    if code is not None and code not in codes:
        raise NoSuchMonth
    if not keys:
        return None
    until = codes.index(code) + 1 if code else len(codes)
    up_to = published(keys[max(0, until - MOST) : until])
    return Chosen(up_to[-1], up_to, codes)


def codes() -> list[str]:
    """All months that were published, oldest first."""
    return [f"{first:%Y-%m}" for first, _ in all_published()]


def code_of(month: Published) -> str:
    return f"{month.first:%Y-%m}"


def next_due(city: City, at: datetime) -> tuple[Period, datetime]:
    """The first month whose figures are not settled yet, and when they will be."""
    profile = city.profile
    this = containing(Kind.MONTH, city.calendar.local_day(at))
    for period in (before(this), this):
        closes = cutoff(period, profile.settings, profile.timezone)
        if closes > at:
            break
    return period, closes
