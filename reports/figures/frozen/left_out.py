"""Which reports papers leave out, being about officials, and which they go on counting as before.

A paper is the same for all its readers; held against the page of one whose office is accused it
would tell (ADR 35). So would two papers held against each other: nothing else ever lowers a total
that was settled. Hence the first paper on a day says for all later ones, amendments, quarters and
lines over thirteen months alike: what it left out stays left out, also when it turns out to be
about nobody; what it counted is counted for ever, under the category and the office that it had
before somebody found whom it is about.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, select, text

from reports.figures.frozen.models import FigureReport
from reports.figures.periods import Period
from reports.figures.rights import reports_about_officials
from reports.figures.scope import Before, Scope


@dataclass(frozen=True, slots=True)
class LeftOut:
    """`hidden` are left out, `as_before` are not; `days`: when these and those were received."""

    hidden: frozenset[UUID]
    as_before: frozenset[Before]
    days: Mapping[UUID, date]

    @property
    def scope(self) -> Scope:
        """What a paper counts."""
        return Scope(hidden=self.hidden, as_before=self.as_before)

    @property
    def scope_of_news(self) -> Scope:
        """What its sentences are found among: they read roll-ups, which know no category before."""
        return Scope(hidden=self.hidden | {one.report_id for one in self.as_before})

    def of(self, period: Period) -> list[str]:
        """The ids of those that a period's own figures leave out, for the paper to remember."""
        mine = (one for one in self.hidden if one in self.days)
        return sorted(str(one) for one in mine if period.since <= self.days[one] < period.until)


@dataclass(frozen=True, slots=True)
class _Paper:
    since: date
    until: date
    left_out: frozenset[UUID]


def left_out_in(connection: Connection) -> LeftOut:
    """For a paper that is made now."""
    about, papers = reports_about_officials(connection), _papers(connection)
    out = frozenset[UUID]().union(*(paper.left_out for paper in papers))
    days = _days(connection, about | out)
    told = {one for one in about - out if one in days and _is_covered(days[one], papers)}
    as_before = _as_before(connection, told)
    hidden = (about | out) - {one.report_id for one in as_before}
    return LeftOut(hidden, as_before, days)


def _is_covered(day: date, papers: Iterable[_Paper]) -> bool:
    return any(paper.since <= day < paper.until for paper in papers)


def _papers(connection: Connection) -> Sequence[_Paper]:
    """Those that say what they left out."""
    row = FigureReport.__table__.c
    query = select(row.since, row.until, row.contents["left_out"].label("left_out"))
    return [
        _Paper(one.since, one.until, frozenset(map(UUID, one.left_out)))
        for one in connection.execute(query)
        if one.left_out is not None
    ]


def _days(connection: Connection, reports: Iterable[UUID]) -> dict[UUID, date]:
    rows = connection.execute(_DAYS, {"reports": list(reports)})
    return {row.report_id: row.day for row in rows}


def _as_before(connection: Connection, reports: Iterable[UUID]) -> frozenset[Before]:
    """What each was until it was found to be about officials. Without those that were sent so, and
    came in later with an earlier day."""
    rows = connection.execute(_FOUND, {"reports": list(reports)})
    return frozenset(Before(*row) for row in rows)


_DAYS = text("select report_id, day from report_fact where report_id = any(:reports)")
_FOUND = text("""
select distinct on (change.report_id)
       change.report_id, was.id as category_id, led.office_id,
       coalesce(published_at < change.at, false) and erased_at is null and status <> 'withdrawn'
  from status_change change
  join report on report.id = change.report_id
  join category was on was.code = change.facts -> 'category' ->> 0 and not was.about_officials
  join category now on now.code = change.facts -> 'category' ->> 1 and now.about_officials
  join assignment led on led.report_id = change.report_id and led.part <> 'join'
       and led.since < change.at and coalesce(led.until, 'infinity') >= change.at
 where change.report_id = any(:reports)
 order by change.report_id, change.version desc, led.since desc
""")
