"""`read()`: all figures of a period, in total and by group, each with its sample and its change.

The one function behind the API, the pages, the exports and the frozen reports. Every figure is
about the reports received in the period, as they stand at `as_of`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from app.errors import Invalid
from reports.city import snapshot
from reports.city.snapshot import City
from reports.deadlines import DEFAULT_DAYS, working_days_between
from reports.figures import definitions
from reports.figures.changes import Change, change
from reports.figures.definitions import BY_KEY, FIGURES, Figure, Number, Sums
from reports.figures.group_names import GroupName, expected, named
from reports.figures.group_reading import NOTHING, Rows, rows_of, rows_of_past
from reports.figures.moment import Moment, at_one_moment, moment_in
from reports.figures.periods import Compare, Comparison, Kind, Period, comparison
from reports.figures.scope import EVERYTHING, TIMES, By, Key, Scope

__all__ = ["Answer", "By", "Compare", "Group", "Period", "PeriodTooLong", "Scope", "Told", "read"]

LONGEST_DAYS = 400  # that are no whole month, quarter or year: counted report by report


class PeriodTooLong(Invalid):
    code = "period-too-long"
    vi = "Chọn trọn một tháng, quý hoặc năm, hoặc nhiều nhất {days} ngày."
    en = "Choose a whole month, quarter or year, or at most {days} days."
    field = "to"


@dataclass(frozen=True, slots=True)
class Told:
    """A figure as it is told: `value` in its unit (None: of nothing), and how many reports stand
    behind it."""

    figure: Figure
    value: Number | None
    sample: int
    change: Change


@dataclass(frozen=True, slots=True)
class Group:
    """One office, area, category, day …, or the total. `base` and `past` are what is compared:
    this group's days that are over, and those that they are held against."""

    key: Key  # an id, a first day; None for the total
    name: GroupName
    sums: Sums
    base: Sums | None = None
    past: Sums | None = None
    ripening: bool = False  # too young for what grows with time to be compared

    def told(self, key: str) -> Told:
        """One figure by its key. Raises KeyError for one that there is not."""
        figure = BY_KEY[key]
        now = figure.measured(self.sums)
        return Told(figure, now.value, now.sample, self._change(figure))

    def figures(self, keys: Iterable[str] | None = None) -> dict[str, Told]:
        """All figures, or those that are wanted, by key."""
        return {key: self.told(key) for key in (keys or BY_KEY)}

    @property
    def has_nothing(self) -> bool:
        """Was nothing of this period theirs?"""
        return not self.sums["received"] and not self.sums["held_reports"]

    def _change(self, figure: Figure) -> Change:
        past = None if self.past is None else figure.measured(self.past)
        base = figure.measured(self.sums if self.base is None else self.base)
        return change(figure.unit, base, past, ripening=figure.ripens and self.ripening)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of a period. Groups that have nothing stand among the others, with zeros."""

    period: Period
    by: By | None
    scope: Scope
    comparison: Comparison | None  # None: held against nothing
    at: datetime
    as_of: datetime  # up to when the figures tell
    anew: bool  # being made anew: its parts may differ from its totals meanwhile
    unfinished: bool
    total: Group
    groups: tuple[Group, ...]
    definitions_version: int = definitions.VERSION

    @property
    def definitions(self) -> tuple[Figure, ...]:
        return FIGURES


def read(
    period: Period,
    *,
    by: By | None = None,
    scope: Scope = EVERYTHING,
    compare: Compare = Compare.BEFORE,
    at: datetime,
) -> Answer:
    """The figures of a period at a moment, read as of one moment of the database.

    Raises PeriodTooLong, FiguresNotReady, NoCity.
    """
    require_countable(period)
    city = snapshot.current()
    today = city.calendar.local_day(at)
    against = comparison(period, compare, today=today, calendar=city.calendar)
    with at_one_moment() as connection:
        moment = moment_in(connection)
        rows = rows_of(connection, period, by, scope, moment)
        compared = _compared(connection, against, period, by, scope, moment)
    ripening = working_days_between(city.calendar, period.last, today) < DEFAULT_DAYS
    groups = _groups(rows, compared, _keys(rows, by, period, scope, city), city, by, ripening)
    return Answer(
        period=period,
        by=by,
        scope=scope,
        comparison=against,
        at=at,
        as_of=moment.as_of,
        anew=moment.anew,
        unfinished=today < period.until,
        total=_group(None, rows, compared, named(None, None, city), ripening),
        groups=groups,
    )


def require_countable(period: Period) -> None:
    """Raises PeriodTooLong."""
    if period.kind is Kind.DAYS and period.days > LONGEST_DAYS:
        raise PeriodTooLong(days=LONGEST_DAYS)


@dataclass(frozen=True, slots=True)
class _Compared:
    base: Rows | None  # None: the period itself
    past: Rows
    by: By | None  # by what it was read


def _compared(
    connection: Connection,
    against: Comparison | None,
    period: Period,
    by: By | None,
    scope: Scope,
    moment: Moment,
) -> _Compared | None:
    """Both sides of the comparison. Days, weeks and months are a line: only its total compares."""
    if against is None:
        return None
    by = None if by in TIMES else by
    past = rows_of_past(connection, against.past, by, scope, moment)
    if against.base == period:
        return _Compared(None, past, by)
    return _Compared(rows_of_past(connection, against.base, by, scope, moment), past, by)


def _keys(rows: Rows, by: By | None, period: Period, scope: Scope, city: City) -> list[Key]:
    """Every group that there is, most received first; lines of time in their order."""
    if by is None:
        return []
    keys = expected(by, period, scope, city) | {key for key in rows if key is not None}
    if by in TIMES:
        return sorted(keys, key=lambda day: day if isinstance(day, date) else date.min)
    return sorted(keys, key=lambda key: (-_received(rows, key), named(by, key, city).code))


def _received(rows: Rows, key: Key) -> int:
    return (rows[key]["received"] or 0) if key in rows else 0


def _groups(
    rows: Rows,
    compared: _Compared | None,
    keys: list[Key],
    city: City,
    by: By | None,
    ripening: bool,  # noqa: FBT001
) -> tuple[Group, ...]:
    shared = compared if compared and compared.by is by else None
    return tuple(_group(key, rows, shared, named(by, key, city), ripening) for key in keys)


def _group(
    key: Key,
    rows: Rows,
    compared: _Compared | None,
    name: GroupName,
    ripening: bool,  # noqa: FBT001
) -> Group:
    sums = rows.get(key, NOTHING)
    if compared is None:
        return Group(key, name, sums, ripening=ripening)
    base = None if compared.base is None else compared.base.get(key, NOTHING)
    return Group(key, name, sums, base, compared.past.get(key, NOTHING), ripening)
