"""What may be asked of the public figures: whole months that were published, and one narrowing."""

from dataclasses import dataclass
from datetime import date

from app.errors import Invalid
from reports.figures.periods import Kind, Period, containing, months_of
from reports.figures.public.published import Published, all_published, published


class WholeMonthsOnly(Invalid):
    code = "whole-months-only"
    vi = "Số liệu công khai chỉ có theo trọn tháng. Chọn ngày 1 của một tháng, ví dụ 2026-10-01."
    en = "Public figures come in whole months. Choose the first day of one, such as 2026-10-01."


class NoSuchPeriod(Invalid):
    code = "no-such-period"
    vi = "“to” phải sau “from”: tháng cuối được tính đến trước ngày ấy."
    en = "“to” must be after “from”: the last month ends before that day."
    field = "to"


class NoneYet(Invalid):
    code = "month-not-published"
    vi = "Chưa công bố số liệu của tháng nào."
    en = "No month has been published yet."
    field = "from"


class NotPublished(NoneYet):
    vi = (
        "Chưa công bố tháng nào trong khoảng này. Số liệu công khai có từ {first_vi} đến "
        "{last_vi}: chọn trong khoảng đó."
    )
    en = (
        "No month of these has been published. Public figures reach from {first_en} to "
        "{last_en}: choose among these."
    )


class NotPublic(Invalid):
    code = "not-in-public-figures"
    vi = (
        "Số liệu công khai không chia theo mục này, để không ai bị nhận ra. "
        "Bỏ mục này, hoặc xem danh sách phản ánh công khai."
    )
    en = (
        "Public figures are not divided by this, so that nobody is recognised. "
        "Leave it out, or look at the list of public reports."
    )


class OneAtATime(Invalid):
    code = "one-at-a-time"
    vi = (
        "Số liệu công khai chỉ lọc theo một mục: phường xã, lĩnh vực hoặc đơn vị; "
        "khi đã lọc thì chỉ chia theo tháng."
    )
    en = (
        "Public figures are narrowed by one thing: an area, a category or an office; "
        "what is narrowed is divided by months alone."
    )
    field = "by"


@dataclass(frozen=True, slots=True)
class Months:
    """What was asked for, half-open, and which months of it were published: none where nothing
    was asked for and nothing is published yet."""

    since: date | None
    until: date | None
    found: list[Published]

    @property
    def missing(self) -> list[date]:
        """The months of the range that were not published, by their first days."""
        if self.since is None or self.until is None:
            return []
        found = {one.first for one in self.found}
        return [first for first in months_of(Period(self.since, self.until)) if first not in found]


def months(since: date | None, until: date | None) -> Months:
    """The published months from `since` to `until`, each the first day of a month; without both
    the last published one. Raises WholeMonthsOnly, NoSuchPeriod, NoneYet, NotPublished."""
    for name, day in (("from", since), ("to", until)):
        if day is not None and day.day != 1:
            raise WholeMonthsOnly(field=name)
    if since and until and until <= since:
        raise NoSuchPeriod
    there = all_published()
    last = there[-1][0] if there else None
    if last is None:
        if since or until:
            raise NoneYet
        return Months(None, None, [])
    since = since or (_month_before(until) if until else last)
    until = until or _month_after(last)
    keys = [key for key in there if since <= key[0] < until]
    if not keys:
        raise NotPublished(**_reach(there[0][0], last))
    return Months(since, until, published(keys))


def _reach(first: date, last: date) -> dict[str, str]:
    ends = {"first": first, "last": last}
    return {
        f"{name}_{locale}": containing(Kind.MONTH, day).name(locale)
        for name, day in ends.items()
        for locale in ("vi", "en")
    }


def _month_after(day: date) -> date:
    return containing(Kind.MONTH, day).until


def _month_before(day: date) -> date:
    return containing(Kind.MONTH, date.fromordinal(day.toordinal() - 1)).since


def refuse(**asked: object) -> None:
    """Raises NotPublic for the first of these that was asked for after all."""
    for name, value in asked.items():
        if value:
            raise NotPublic(field=name)
