"""What the page's address asks for: period, filters, how the map is coloured, what it is held
against. All of it stands in the address, so a link shows the same to whoever may see it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar
from urllib.parse import urlencode

from app.errors import Invalid, XomError
from reports.city.snapshot import City
from reports.city.values import Area, Category, Office
from reports.errors import UnknownArea, UnknownCategory, UnknownOffice
from reports.figures import periods
from reports.figures.indicators import require_countable
from reports.figures.periods import Compare, Kind, Period

METRICS = ("count", "per_1000", "overdue", "days", "satisfaction")
COMPARES = tuple(Compare)
GROUPS = ("office", "area", "category")
STATUSES = ("open", "resolved", "rejected", "merged", "withdrawn")
AUTO, COARSEST, FINEST = 0, 6, 10
OFFERED = {Kind.MONTH: 13, Kind.QUARTER: 5, Kind.YEAR: 3}
_VIEW = re.compile(r"-?\d{1,2}(\.\d{1,6})?,-?\d{1,3}(\.\d{1,6})?,\d{1,2}(\.\d{1,3})?")

One = TypeVar("One")


class BadPeriod(Invalid):
    code = "bad-period"
    field = "period"
    vi = "Chọn một tháng (2026-11), một quý (2026-Q4), một năm (2026), hoặc từ ngày đến ngày."
    en = "Choose a month (2026-11), a quarter (2026-Q4), a year (2026), or a first and a last day."


class BadDays(Invalid):
    code = "bad-days"
    field = "first"
    vi = "Chọn ngày đầu không sau ngày cuối."
    en = "Choose a first day that is not after the last."


class BadChoice(Invalid):
    code = "bad-choice"
    vi = "Không có lựa chọn “{given}”. Chọn trong: {known}."
    en = "There is no choice “{given}”. Choose from: {known}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    period: Period
    category: Category | None = None
    office: Office | None = None
    area: Area | None = None
    status: str = ""  # of the map's reports alone
    metric: str = "count"
    compare: Compare = Compare.BEFORE
    change: bool = False  # the map shows how it differs from the other period
    group: str = "office"  # of the table
    resolution: int = AUTO
    view: str = ""  # lat,lng,zoom

    @property
    def query(self) -> dict[str, str]:
        """The address's query: what differs from a fresh page."""
        given = {
            "period": self.period.code,
            "category": self.category.code if self.category else "",
            "office": self.office.code if self.office else "",
            "area": self.area.code if self.area else "",
            "status": self.status,
            "metric": "" if self.metric == "count" else self.metric,
            "compare": "" if self.compare is Compare.BEFORE else str(self.compare),
            "change": "1" if self.change else "",
            "by": "" if self.group == "office" else self.group,
            "res": str(self.resolution) if self.resolution else "",
            "view": self.view,
        }
        return {name: text for name, text in given.items() if text}

    def address(self, **changes: object) -> str:
        """The query of the same page with something changed, for links."""
        changed = replace(self, **changes)  # type: ignore[arg-type]
        return f"?{urlencode(changed.query)}"

    def address_with(self, **texts: str) -> str:
        """The same, with texts of the query as they stand in an address; empty ones left out."""
        given = {name: text for name, text in (self.query | texts).items() if text}
        return f"?{urlencode(given)}"


def asked_from(query: Mapping[str, str], city: City, today: date) -> Asked:
    """Raises Invalid with the field that cannot be read; empty fields are as if not there."""
    given = {name: text.strip() for name, text in query.items() if text.strip()}
    view = given.get("view", "")
    return Asked(
        period=period_from(given, today),
        category=_of_city(given.get("category"), city.category, UnknownCategory()),
        office=_of_city(given.get("office"), city.office, UnknownOffice()),
        area=_of_city(given.get("area"), city.area, UnknownArea()),
        status=_choice(given, "status", ("", *STATUSES)),
        metric=_choice(given, "metric", METRICS),
        compare=Compare(_choice(given, "compare", COMPARES)),
        change=given.get("change") == "1" and given.get("compare") != "none",
        group=_choice(given, "by", GROUPS),
        resolution=int(_choice(given, "res", ("0", *map(str, range(COARSEST, FINEST + 1))))),
        view=view if _VIEW.fullmatch(view) else "",
    )


def period_from(given: Mapping[str, str], today: date) -> Period:
    """The newest month of which a day is over, where nothing is asked for. `period=days` is the
    form without a script, with its first and last day in fields of their own."""
    if given.get("period") == "days":
        return _days(given)
    try:
        period = periods.read_code(given["period"])
    except KeyError:
        return periods.containing(Kind.MONTH, today - periods.DAY)
    except ValueError:
        raise BadPeriod from None
    require_countable(period)
    return period


def offered(today: date) -> dict[Kind, list[Period]]:
    """What the chooser lists: a year of months and one more, five quarters, three years."""
    return {kind: _back_from(kind, today, count) for kind, count in OFFERED.items()}


def _back_from(kind: Kind, today: date, count: int) -> list[Period]:
    found = [periods.containing(kind, today)]
    while len(found) < count:
        found.append(periods.before(found[-1]))
    return found


def _days(given: Mapping[str, str]) -> Period:
    try:
        first, last = date.fromisoformat(given["first"]), date.fromisoformat(given["last"])
    except (KeyError, ValueError):
        raise BadPeriod from None
    if first > last:
        raise BadDays
    period = Period(first, last + periods.DAY)
    require_countable(period)
    return period


def _of_city(code: str | None, find: Callable[[str], One | None], unknown: XomError) -> One | None:
    if code is None:
        return None
    found = find(code)
    if found is None:
        raise unknown
    return found


def _choice(given: Mapping[str, str], name: str, known: tuple[str, ...]) -> str:
    chosen = given.get(name, known[0])
    if chosen not in known:
        raise BadChoice(given=chosen, known=", ".join(filter(None, known)), field=name)
    return chosen
