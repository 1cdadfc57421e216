"""Whose figures somebody may read: leaders all, an office's head those of that office, everybody
else the public version.

Nobody counts a report about an office of their own (`heatmap` says why): neither a leader of it,
nor a head of the office above who works for it too. And an office's own figures never hold one,
whoever reads them: the time for which it led a report before somebody found that it is about it
would tell.
"""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from sqlalchemy import Connection, text

from app.database import reading
from app.errors import Forbidden, Invalid
from reports.figures.scope import Scope
from reports.permissions import Permission, Viewer, permits
from reports.statuses import Role


class FiguresOfYourOffice(Forbidden):
    code = "figures-of-your-office"
    vi = "Bạn chỉ xem được số liệu của đơn vị mình."
    en = "You may see the figures of your own office alone."


class WhichOfYourOffices(Invalid):
    code = "which-of-your-offices"
    vi = "Bạn phụ trách nhiều đơn vị: chọn một đơn vị để xem số liệu."
    en = "You head more than one office: choose the one whose figures you want."
    field = "office"


def sees_all_figures(viewer: Viewer) -> bool:
    """Leaders. A head who is a dispatcher too sees all reports, and the figures of the office."""
    return bool(viewer.offices(Role.LEADER)) and permits(viewer, Permission.FIGURES)


_ABOUT = text("select id from report where accused_office_id = any(:offices)")


def reports_about(connection: Connection, offices: Iterable[int]) -> frozenset[UUID]:
    return frozenset(connection.execute(_ABOUT, {"offices": sorted(offices)}).scalars())


_ABOUT_ANYBODY = text("select id from report where accused_office_id is not null")


def reports_about_officials(connection: Connection) -> frozenset[UUID]:
    """All of them: what is told to everybody alike counts none."""
    return frozenset(connection.execute(_ABOUT_ANYBODY).scalars())


def offices_of(viewer: Viewer) -> frozenset[int]:
    """All for which they hold a role, whichever."""
    return frozenset(office for _, office in viewer.held)


def hidden_from(connection: Connection, viewer: Viewer) -> frozenset[UUID]:
    """Reports about an office of the viewer's own."""
    return reports_about(connection, offices_of(viewer))


def scope_for(viewer: Viewer, scope: Scope) -> Scope:
    """What of a scope a viewer may read who may read figures at all: leaders, heads.

    Raises FiguresOfYourOffice, WhichOfYourOffices.
    """
    office = scope.office if sees_all_figures(viewer) else _own_office(viewer, scope.office)
    whose = offices_of(viewer) | ({office} if office is not None else set())
    with reading() as connection:
        return replace(scope, office=office, hidden=reports_about(connection, whose))


def _own_office(viewer: Viewer, asked: int | None) -> int:
    headed = viewer.offices(Role.HEAD)
    if asked is None and len(headed) > 1:
        raise WhichOfYourOffices
    if asked is not None and asked not in headed:
        raise FiguresOfYourOffice
    return asked or min(headed)
