"""Are the figures what they would be if they were made now? Facts are worked out again and held
against those that are there, and roll-ups against what facts add up to. Nothing is mended here.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from uuid import UUID

from sqlalchemy import TextClause, func, select, text

from app.database import db
from reports.city import snapshot
from reports.figures import facts, keeping, rollups
from reports.figures.models import ReportFact, ReportHeld, figure_change
from reports.models import Report

Tell = Callable[[int], object]


def differences(*, tell: Tell = lambda _: None) -> Mapping[str, int]:
    """How many rows differ, by `table.column`, or by table where a row is missing, there for
    nothing, or a sum of it differs. Reports whose change is noted and not yet taken are passed
    over. `tell` hears how many reports were done. The keeper waits meanwhile."""
    keeping.wait_for_turn()
    found: Counter[str] = Counter()
    after: UUID | None = keeping.NOBODY
    while after is not None:
        ids, after = _next(after)
        found.update(_facts_of(ids))
        tell(len(ids))
    found.update(_gone())
    found.update(_roll_ups())
    return {what: rows for what, rows in sorted(found.items()) if rows}


def _next(after: UUID) -> tuple[list[UUID], UUID | None]:
    noted = select(figure_change.c.report_id)
    query = select(Report.id).where(Report.id > after).order_by(Report.id).limit(keeping.SLICE)
    every = db.session.scalars(query).all()
    known = (
        set(db.session.scalars(noted.where(figure_change.c.report_id.in_(every))))
        if every
        else set()
    )
    return [one for one in every if one not in known], every[-1] if every else None


def _facts_of(ids: list[UUID]) -> Mapping[str, int]:
    values = {"ids": ids, "zone": snapshot.current().profile.timezone}
    by_column = db.session.execute(_FACTS, values).mappings().one()
    return {**by_column, "report_held": db.session.scalar(_HELD, values) or 0}


_COLUMNS = [column.name for column in ReportFact.__table__.columns][1:]
_THERE = "select * from report_fact where report_id = any(cast(:ids as uuid[]))"
_BOTH = "made.report_id is not null and old.report_id is not null"
_FACTS = text(
    f"select count(*) filter (where not ({_BOTH})) as report_fact, "
    + ", ".join(
        f"count(*) filter (where {_BOTH} and made.{name} is distinct from old.{name})"
        f' as "report_fact.{name}"'
        for name in _COLUMNS
    )
    + f" from ({facts.FACTS}) made full join ({_THERE}) old on old.report_id = made.report_id"
)
_HELD_NAMES = ", ".join(column.name for column in ReportHeld.__table__.columns)
_HELD_THERE = f"select {_HELD_NAMES} from report_held where report_id = any(cast(:ids as uuid[]))"
_HELD_MADE = f"select {_HELD_NAMES} from ({facts.HELD}) made"
_HELD = text(
    f"select count(distinct report_id) from ("
    f"({_HELD_MADE} except {_HELD_THERE}) union all ({_HELD_THERE} except {_HELD_MADE})) differing"
)


def _gone() -> Mapping[str, int]:
    """Facts of reports that are no more, and whose going was not noted."""
    there = select(Report.id).where(Report.id == ReportFact.report_id)
    noted = select(figure_change.c.report_id).where(
        figure_change.c.report_id == ReportFact.report_id
    )
    query = select(func.count()).select_from(ReportFact).where(~there.exists(), ~noted.exists())
    return {"report_fact": db.session.scalar(query) or 0}


def _roll_ups() -> Mapping[str, int]:
    for table in rollups.TABLES:
        db.session.execute(
            text(f"create temporary table {rollups.RECOUNT}{table} (like {table}) on commit drop")
        )
    days = db.session.scalars(select(ReportFact.day).distinct())
    rollups.make(rollups.groups_of(days), recount=True)
    differing = {table: db.session.scalar(_differing(table)) or 0 for table in rollups.TABLES}
    for table in rollups.TABLES:
        db.session.execute(text(f"drop table {rollups.RECOUNT}{table}"))
    return differing


def _differing(table: str) -> TextClause:
    made, there = f"select * from {rollups.RECOUNT}{table}", f"select * from {table}"
    differing = f"({made} except {there}) union all ({there} except {made})"
    return text(f"select count(*) from ({differing}) differing")
