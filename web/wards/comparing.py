"""A ward beside the month before and the whole city: rows of a small table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.locale import in_words
from reports.city.snapshot import City
from reports.city.values import Area
from web.wards.numbers import NOT_TOLD, number, share, working_days
from web.wards.reading import Figures


@dataclass(frozen=True, slots=True)
class Row:
    """What is compared, and what it is of the ward, of its month before, and of the city."""

    words: str
    now: str
    before: str
    city: str


def rows(now: Figures, before: Figures | None, whole: Figures, area: Area, city: City) -> list[Row]:
    """By what may be compared between places of different size; counts are not."""
    kinds: Sequence[tuple[str, Callable[[Figures], str]]] = (
        (in_words("Trả lời đúng hạn", "Answered on time"), lambda one: share(one.on_time)),
        (
            in_words("Một nửa trả lời trong (ngày làm việc)", "Half answered in (working days)"),
            lambda one: working_days(one.median_h),
        ),
        (in_words("Người chấm điểm hài lòng", "Satisfied"), lambda one: share(one.satisfied)),
    )
    told = [_row(words, of, (now, before, whole)) for words, of in kinds]
    people = in_words("Phản ánh trên 1.000 dân", "Reports per 1,000 residents")
    everybody = sum(one.population or 0 for one in city.area_by_code.values())
    each = (_per_thousand(one, area.population) for one in (now, before))
    return [Row(people, next(each), next(each), _per_thousand(whole, everybody)), *told]


def _row(words: str, of: Callable[[Figures], str], three: Sequence[Figures | None]) -> Row:
    now, before, whole = (NOT_TOLD if one is None else of(one) for one in three)
    return Row(words, now, before, whole)


def _per_thousand(figures: Figures | None, people: int | None) -> str:
    """Not told where a part of the reports is not: it would be too few."""
    if figures is None or figures.received is None or figures.at_least or not people:
        return NOT_TOLD
    return number(figures.received * 1000 / people, 1)
