"""Keeping the figures up: facts and roll-ups follow the reports, some seconds behind.

Triggers note which reports changed. A turn takes what was noted, writes those facts anew, makes the
groups anew that hold a fact that differed, and moves `as_of`: all in one transaction, so that a
kill at any moment loses nothing and shows nothing half done. Whoever calls commits.

Everything is made anew when the calendar or a statement changed, or by command: facts slice by
slice, each committed, with where it stands kept in `figure_state`; then all roll-ups at once, so
that readers see the old ones until the new ones are whole.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, text

from app.clock import now
from app.crash import crash_point
from app.database import db
from reports.city import snapshot
from reports.city.snapshot import City
from reports.figures import facts, rollups, work_spans
from reports.figures.models import FigureState, ReportFact
from reports.models import Report
from reports.work_calendar import whole_seconds

SLICE = 5_000
#: Of the time, while it only keeps up; making everything anew takes half.
SHARE, SHARE_ANEW = 0.05, 0.5
SILENT = timedelta(minutes=5)  # whoever has a turn each minute, and has none so long, is gone
NOBODY = UUID(int=0)  # before every report
_LOCK = 0x786F6D_6669  # "xomfi": one process at a time
#: No page waits for it; plans are made for the tables as they are, not as they were when empty.
_SETTINGS = ("statement_timeout = 0", "plan_cache_mode = force_custom_plan", "work_mem = '64MB'")


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn did. `more`: there is more to do, at once."""

    reports: int = 0
    groups: int = 0
    more: bool = False


IDLE = Turn()


def turn(*, paced: bool = True) -> Turn:
    """Do the next part, in a transaction of its own. Flushes, does not commit. While another
    process is at it nothing is done; nor, if `paced`, while the last turn's rest lasts, or while
    another release keeps the figures."""
    began = now()
    if not db.session.scalar(text(f"select pg_try_advisory_xact_lock({_LOCK})")):
        return IDLE
    state = _state()
    if paced and (_rests(state, began) or _another_keeps(state, began)):
        return IDLE
    _settle()
    city = snapshot.current()
    _begin_anew_if_stale(state, city, began)
    done = _make_anew(state, city) if state.rebuild_after else _follow(state, city)
    share = SHARE_ANEW if state.rebuild_after else SHARE
    state.rest_until = now() + (now() - began) * (1 / share - 1)
    db.session.flush()
    crash_point("before_figures_commit")
    return done


def wait_for_turn() -> None:
    """Until the transaction ends, nobody else keeps the figures."""
    db.session.execute(text("set local lock_timeout = 0"))  # another's turn may be long
    db.session.execute(text(f"select pg_advisory_xact_lock({_LOCK})"))
    _settle()


def begin_anew() -> None:
    """Have everything made anew, from the first report on."""
    _state().rebuild_after = NOBODY
    db.session.flush()


def _settle() -> None:
    for setting in _SETTINGS:
        db.session.execute(text(f"set local {setting}"))


def _state() -> FigureState:
    state = db.session.get(FigureState, 1, populate_existing=True)
    if state is None:
        state = FigureState(id=1, worked=0, made_by="", rebuild_after=NOBODY)
        db.session.add(state)
    return state


def _rests(state: FigureState, at: datetime) -> bool:
    return state.rest_until is not None and at < state.rest_until


def _another_keeps(state: FigureState, at: datetime) -> bool:
    """Has a release that counts otherwise had a turn just now? While an old and a new one run
    beside each other, whoever began goes on, and the other takes over once it is silent: else each
    would make everything anew after the other, for ever. A command takes over at once."""
    if not state.made_by or state.made_by.startswith(_COUNTED_BY) or state.rest_until is None:
        return False
    return at < state.rest_until + SILENT


def _begin_anew_if_stale(state: FigureState, city: City, at: datetime) -> None:
    """The calendar was corrected, or a release counts otherwise. A year more of working time
    changes nothing that was counted: it is put after what is there."""
    last = work_spans.last_opens()
    spans = work_spans.spans(city.calendar, at, last=last)
    known = [span for span in spans if last is None or span[0] <= whole_seconds(last)]
    if state.made_by != _made_by(city, known):
        work_spans.write(spans)
        state.rebuild_after = NOBODY
    elif len(known) < len(spans):
        work_spans.append(spans[len(known) :])
    else:
        return
    state.made_by = _made_by(city, spans)


def _made_by(city: City, spans: work_spans.Spans) -> str:
    """By which statements, and by which working time."""
    return _COUNTED_BY + _hashed((city.profile.timezone, spans))


def _hashed(what: object) -> str:
    return hashlib.sha256(repr(what).encode()).hexdigest()[:32]


_ROLLED_UP_BY = [*rollups.MAKE.values(), *rollups.MAKE_DAY.values()]
_COUNTED_BY = _hashed([facts.FACTS, facts.HELD, *map(str, _ROLLED_UP_BY)])


# Following what changed -------------------------------------------------------------------------

_TAKE = text(
    "delete from figure_change where ctid = any(array("
    "select ctid from figure_change limit :limit)) returning report_id"
)


def _follow(state: FigureState, city: City) -> Turn:
    # As of when: whatever was committed by then has its note taken or its fact told already.
    at = db.session.scalar(select(func.statement_timestamp()))
    taken = db.session.scalars(_TAKE, {"limit": SLICE}).all()
    groups = rollups.groups_of(_written(sorted(set(taken)), city)) if taken else []
    rollups.make(groups)
    more = len(taken) == SLICE
    if not more:
        _told_until(state, at)
    return Turn(len(taken), len(groups), more)


def _told_until(state: FigureState, at: datetime | None) -> None:
    state.as_of = at
    state.worked = db.session.scalar(select(func.xom_worked(at))) or 0


def _written(ids: Sequence[UUID], city: City) -> set[date]:
    """Write the facts of these reports; the days on which those that differed were received."""
    values = {"ids": list(ids), "zone": city.profile.timezone}
    gone = db.session.scalars(facts.FORGET, values).all()
    changed = {
        *db.session.scalars(facts.WRITE, values),
        *db.session.scalars(facts.WRITE_HELD, values),
    }
    return {*gone, *db.session.scalars(_DAYS, {"ids": list(changed)})}


_DAYS = text("select distinct day from report_fact where report_id = any(cast(:ids as uuid[]))")


# Making everything anew -------------------------------------------------------------------------


def _make_anew(state: FigureState, city: City) -> Turn:
    after = state.rebuild_after
    query = select(Report.id).where(Report.id > after).order_by(Report.id).limit(SLICE)
    ids = db.session.scalars(query).all()
    if ids:
        _written(ids, city)
        state.rebuild_after = ids[-1]
        return Turn(len(ids), 0, more=True)
    _forget_the_gone()
    groups = _all_groups()
    for table in rollups.TABLES:
        db.session.execute(text(f"delete from {table}"))
    rollups.make(groups)
    state.rebuild_after = None
    followed = _follow(state, city)
    return Turn(followed.reports, len(groups), followed.more)


def _all_groups() -> list[rollups.Group]:
    return rollups.groups_of(db.session.scalars(select(ReportFact.day).distinct()))


def _forget_the_gone() -> None:
    no_more = ~select(Report.id).where(Report.id == ReportFact.report_id).exists()
    db.session.execute(
        delete(ReportFact).where(no_more).execution_options(synchronize_session=False)
    )
    db.session.execute(
        text(
            "delete from report_held where not exists"
            " (select from report_fact where report_fact.report_id = report_held.report_id)"
        )
    )
