"""Permanent links: an answer as it was at a moment, frozen under a random name with its
definitions, its cut-off and its samples. The same bytes for ever, whatever becomes of the reports.
"""

import secrets
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy import select

from app.database import db, reading
from app.errors import NotFound
from reports.city.snapshot import City
from reports.figures import telling
from reports.figures.asked import Asked, told_to
from reports.figures.definitions import FIGURES
from reports.figures.link_models import FigureLink
from reports.figures.moment import at_one_moment, settled_in
from reports.figures.rights import sees_all_figures
from reports.figures.telling import Plain
from reports.permissions import Permission, Viewer, permits
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
    """The bytes of a link, for leaders, and for the head of the office that it tells of. Raises
    NoSuchLink."""
    with reading() as connection:
        query = select(FigureLink.answer, FigureLink.office_id).where(FigureLink.token == token)
        row = connection.execute(query).first()
    if row is None or not _may_read(viewer, row.office_id):
        raise NoSuchLink
    return bytes(row.answer)


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
