"""Permanent links: an answer as it was at a moment, frozen under a random name with its
definitions, its cut-off and its samples. The same bytes for ever, whatever becomes of the reports.
"""

import secrets
from datetime import date, datetime, timedelta
from uuid import UUID

import orjson
from sqlalchemy import Connection, RowMapping, bindparam, select, text

from app.database import db, reading
from app.errors import NotFound
from reports.city.snapshot import City
from reports.figures import telling
from reports.figures.asked import Asked, told_to
from reports.figures.definitions import FIGURES
from reports.figures.link_models import FigureLink
from reports.figures.moment import at_one_moment, settled_in
from reports.figures.periods import Compare, Period, a_year_before, before
from reports.figures.rights import offices_of, sees_all_figures
from reports.figures.telling import Plain
from reports.permissions import Permission, Viewer, permits, roles_held
from reports.statuses import Role

PATH = "/api/v1/figures/links/"


class NoSuchLink(NotFound):
    code = "no-such-figure-link"
    vi = "Không có đường dẫn số liệu này, hoặc số liệu không thuộc quyền xem của bạn."
    en = "There is no such link to figures, or its figures are not yours to see."


def keep(asked: Asked, city: City, locale: str, *, by: UUID, at: datetime) -> FigureLink:
    """Freeze the answer of this moment, in one language. Flushes.

    Raises what `indicators.read` does, and FiguresMadeAnew.
    """
    token = secrets.token_urlsafe(15)
    with at_one_moment() as connection:
        settled_in(connection)
        plain = told_to(asked, city, locale, at=at)
    query = _query(asked, plain["scope"])
    link = FigureLink(
        token=token,
        account_id=by,
        office_id=asked.scope.office,
        asked=query,
        definitions_version=plain["definitions_version"],
        as_of=plain["as_of"],
        created_at=at,
        answer=orjson.dumps(_frozen(token, query, plain, asked, locale, at)),
    )
    db.session.add(link)
    db.session.flush()
    return link


def frozen(token: str, viewer: Viewer) -> bytes:
    """The bytes of a link, for leaders, and for the head of the office that it tells of; for
    nobody of an office that a report in it is about, also when that was found later: so nobody
    keeps them without asking again. Raises NoSuchLink."""
    with reading() as connection:
        link = connection.execute(_ONE, {"token": token}).mappings().first()
        if link is None or not _may_read(viewer, link["office_id"]):
            raise NoSuchLink
        if _tells(connection, link, viewer):
            raise NoSuchLink
    return bytes(link["answer"])


_link = FigureLink.__table__.c
_ONE = select(_link.answer, _link.office_id, _link.account_id, _link.created_at, _link.asked).where(
    _link.token == bindparam("token")
)


def _tells(connection: Connection, link: RowMapping, viewer: Viewer) -> bool:
    """Does it count a report about an office of the reader's? What was left out (`rights`) was
    about the maker's own offices, or the one that it tells of, and was known to be so by then."""
    maker = {office for _, office in roles_held(link["account_id"], link["created_at"])}
    period, past = _days_of(link["asked"])
    values = {
        "offices": sorted(offices_of(viewer)),
        "left_out": sorted(maker | {link["office_id"]} - {None}),
        "made": link["created_at"] - _AT_THE_SAME_TIME,
        "since": period.since,
        "until": period.until,
        "past_since": past.since,
        "past_until": past.until,
    }
    return bool(connection.execute(_COUNTED, values).scalar())


#: A step that began before a link was made may have been stored after it.
_AT_THE_SAME_TIME = timedelta(minutes=5)
_COUNTED = text("""
select exists (
    select from report
      join report_fact on report_fact.report_id = report.id
      join office on office.id = accused_office_id
     where accused_office_id = any(:offices)
       and (day >= :since and day < :until or day >= :past_since and day < :past_until)
       and (accused_office_id <> all(:left_out) or exists (
           select from status_change found
            where found.report_id = report.id and found.at > :made
              and found.facts -> 'accused' ->> 1 = office.code
       ))
)
""")


def _days_of(query: Plain) -> tuple[Period, Period]:
    """The days of a link, and the period that they may have been held against."""
    period = Period(date.fromisoformat(query["from"]), date.fromisoformat(query["to"]))
    match Compare(query["compare"]):
        case Compare.NONE:
            return period, period
        case Compare.YEAR:
            return period, a_year_before(period)
    return period, before(period)


def _may_read(viewer: Viewer, office: int | None) -> bool:
    heads = permits(viewer, Permission.FIGURES) and office in viewer.offices(Role.HEAD)
    return sees_all_figures(viewer) or heads


def _query(asked: Asked, scope: Plain) -> Plain:
    return {
        "from": asked.period.since.isoformat(),
        "to": asked.period.until.isoformat(),
        "by": asked.by,
        "compare": asked.compare,
        "figures": ",".join(asked.figures) or None,
        **scope,
    }


def _frozen(
    token: str, query: Plain, plain: Plain, asked: Asked, locale: str, at: datetime
) -> Plain:
    wanted = [figure for figure in FIGURES if not asked.figures or figure.key in asked.figures]
    return {
        "token": token,
        "created_at": at,
        "language": locale,
        "asked": query,
        **plain,
        "definitions": [telling.definition_of(figure, locale) for figure in wanted],
    }
