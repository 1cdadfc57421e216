"""Publishing a month: cut once, after the day on which figures close, and never changed again.

What changes later goes into no figure: differences in time would tell of single reports. A note
says how many public ones changed, in fives (`note_changes`).
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select, text

from app.database import db
from app.errors import Conflict, Unavailable
from reports.city import snapshot
from reports.city.snapshot import City
from reports.figures.cutoffs import cutoff
from reports.figures.group_names import named
from reports.figures.models import ReportFact
from reports.figures.moment import settled_in
from reports.figures.periods import Kind, Period, containing
from reports.figures.public.atoms import PEOPLE
from reports.figures.public.contents import contents_of
from reports.figures.public.models import PublicAtom, PublicMonth, PublicNote, PublicRow
from reports.figures.public.outcomes import in_fives
from reports.figures.public.published import forget
from reports.figures.public.storing import Reports, reports_of, write_atoms, write_rows
from reports.figures.scope import By
from reports.models import Report, StatusChange


class MonthNotOver(Conflict):
    code = "month-not-over"
    vi = "Tháng {month} chưa khép số liệu. Công bố được từ ngày {day}."
    en = "The figures of {month} are not closed yet. It can be published from {day} on."


class MonthNotReached(Unavailable):
    code = "month-not-reached"
    vi = "Số liệu chưa tính đến hết tháng {month}. Thử lại sau {retry_after} giây."
    en = "Figures do not reach to the end of {month} yet. Try again in {retry_after} seconds."


def publish(period: Period, *, at: datetime, early: bool = False) -> bool:
    """Publish a month; False when it was before. Flushes.

    `early`: do not wait for the day on which its figures are settled, only for its end.
    Raises MonthNotOver, MonthNotReached, FiguresNotReady, FiguresMadeAnew.
    """
    db.session.execute(text("select pg_advisory_xact_lock(hashtext('public_month'))"))
    if db.session.get(PublicMonth, period.since) is not None:
        return False
    _refuse_too_soon(period, at, early=early)
    moment = settled_in(db.session.connection())
    reached = snapshot.current().calendar.local_day(moment.as_of)
    if reached < period.until:
        raise MonthNotReached(month=period.code, retry_after=60)
    reports = reports_of(period, as_of=moment.as_of)
    contents = contents_of(reports.counted)
    told = {**contents.told, "names": _names(reports)}
    db.session.execute(
        insert(PublicMonth),
        {"month": period.since, "published_at": at, "as_of": moment.as_of, "told": told},
    )
    write_atoms(period.since, contents)
    write_rows(period.since, reports.shown)
    return True


def due(*, at: datetime, early: bool = False) -> list[Period]:
    """The months that are settled and not published, oldest first, since the first report."""
    began = db.session.scalar(select(func.min(ReportFact.day)))
    if began is None:
        return []
    there = set(db.session.scalars(select(PublicMonth.month)))
    months, period = [], containing(Kind.MONTH, began)
    while _closes(period, early=early) <= at:
        months += [] if period.since in there else [period]
        period = containing(Kind.MONTH, period.until)
    return months


def note_changes(*, at: datetime) -> int:
    """Say of each month that was published in the last year how many of its public reports took a
    step since, where that is news; how many months. Flushes.

    Once a month and no more, in fives, from PEOPLE people on: so a note tells of nobody.
    """
    noted = 0
    for first, since in db.session.execute(_MONTHS.where(PublicMonth.published_at < at)).all():
        last = db.session.scalar(select(func.max(PublicNote.at)).where(PublicNote.month == first))
        if at - (last or since) < timedelta(days=28) or at - since > timedelta(days=366):
            continue
        changed, people = _changed(first, since)
        told = db.session.scalar(select(func.max(PublicNote.changed)).filter_by(month=first)) or 0
        if people >= PEOPLE and in_fives(changed) > told:
            db.session.add(PublicNote(month=first, at=at, changed=in_fives(changed)))
            noted += 1
    db.session.flush()
    return noted


def take_back_all() -> None:
    """Forget every published month: for the demo alone, whose reports were never anybody's."""
    db.session.execute(text("set local xom.erasing = 'on'"))
    for table in (PublicNote, PublicRow, PublicAtom, PublicMonth):
        db.session.execute(delete(table))
    db.session.execute(text("set local xom.erasing = 'off'"))
    forget()


_MONTHS = select(PublicMonth.month, PublicMonth.published_at).order_by(PublicMonth.month)


def _closes(period: Period, *, early: bool) -> datetime:
    """The moment from which a month may be published."""
    profile = snapshot.current().profile
    if early:
        return datetime.combine(period.until, time.min, ZoneInfo(profile.timezone))
    return cutoff(period, profile.settings, profile.timezone)


def _refuse_too_soon(period: Period, at: datetime, *, early: bool) -> None:
    if at < (closes := _closes(period, early=early)):
        raise MonthNotOver(month=period.code, day=closes.date().isoformat())


def _names(reports: Reports) -> dict[str, dict[int, list[str]]]:
    """What everything that occurs is called today: files that were published keep it."""
    city, counted = snapshot.current(), reports.counted
    keys = {
        By.AREA: {one.area for one in counted},
        By.CATEGORY: {one.category for one in counted},
        By.OFFICE: {one.office for one in counted},
    }
    return {by: {key: _called(by, key, city) for key in sorted(keys[by])} for by in keys}


def _called(by: By, key: int, city: City) -> list[str]:
    name = named(by, key, city)
    return [name.code, name.vi, name.en]


def _changed(first: date, since: datetime) -> tuple[int, int]:
    """How many reports of a month took a step since, and how many people sent them: of those that
    anyone may read, and could then. With others among them, twelve notes a year beside what anyone
    sees of these would close in on one."""
    query = (
        select(
            func.count(Report.id.distinct()),
            func.count(Report.reporter_id.distinct()),
        )
        .join(PublicRow, PublicRow.report_id == Report.id)
        .join(StatusChange, StatusChange.report_id == Report.id)
        .where(PublicRow.month == first, Report.shown, StatusChange.at > since)
    )
    reports, people = db.session.execute(query).one()
    return reports, people
