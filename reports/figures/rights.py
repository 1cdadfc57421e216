"""Whose figures somebody may read: leaders all, an office's head those of that office, everybody
else the public version.

Nobody counts a report about an office of their own (`heatmap` says why). A head's figures hold
none: such a report is led by the office above. From a leader's they are left out.
"""

from dataclasses import replace

from app.database import reading
from app.errors import Forbidden, Invalid
from reports.figures.heatmap import hidden_from
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
    return viewer.sees_all and permits(viewer, Permission.FIGURES)


def scope_for(viewer: Viewer, scope: Scope) -> Scope:
    """What of a scope a viewer may read who may read figures at all: leaders, heads.

    Raises FiguresOfYourOffice, WhichOfYourOffices.
    """
    if sees_all_figures(viewer):
        with reading() as connection:
            return replace(scope, hidden=hidden_from(connection, viewer))
    headed = viewer.offices(Role.HEAD)
    if scope.office is None and len(headed) > 1:
        raise WhichOfYourOffices
    if scope.office is not None and scope.office not in headed:
        raise FiguresOfYourOffice
    return replace(scope, office=scope.office or min(headed))
