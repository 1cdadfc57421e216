"""What may be doubted of an office's photos, for the pages that show them."""

from collections.abc import Mapping
from uuid import UUID

from app.locale import current_locale
from reports import evidence
from reports.city import snapshot
from reports.models import Report
from reports.presenting import view_of
from web.console.blueprint import blueprint
from web.console.drawing import me


@blueprint.app_template_global("evidence_flags")
def evidence_flags(report: Report) -> Mapping[UUID, list[str]]:
    """By photo: a sentence for each doubt; most photos have none."""
    view = view_of(report, me(), snapshot.current(), current_locale())
    if view is None or not view.inside:
        return {}
    vi = current_locale() == "vi"
    return {
        photo: [told.vi if vi else str(told) for told in doubts]
        for photo, doubts in evidence.flags(report, view).items()
    }
