"""The list taken along as a file for a spreadsheet, as it is narrowed just now."""

from zoneinfo import ZoneInfo

from flask import Response, stream_with_context

from app.auth.guards import current, requires
from app.clock import now
from app.database import db
from app.limits import by_account, limit
from app.locale import current_locale
from reports import asking
from reports.city import snapshot
from reports.feeds import exports, tables, turns
from reports.permissions import Permission
from reports.queue_in import QueueIn
from web.console.blueprint import blueprint
from web.console.drawing import me
from web.console.link_once import public_address
from web.console.queue import asked


@blueprint.get("/queue.csv")
@requires(Permission.QUEUE)
@limit("60 per hour", by=by_account)
def queue_csv() -> Response:
    """All of the list, with heads and words in the reader's language."""
    at, city, locale, viewer = now(), snapshot.current(), current_locale(), me()
    given = asked()
    filters = asking.queue_filters(QueueIn().load(given), city, me=current().account_id, at=at)
    named = [name for name in given if name not in {"after", "sort"}]

    def answer() -> Response:
        pages = exports.begin(viewer, filters, named=named, centre_id=city.centre.id)
        db.session.commit()
        rows = tables.desk_csv(pages, city, locale, public_address(""), at=at)
        response = Response(stream_with_context(rows), content_type="text/csv; charset=utf-8")
        name = f"xom-{at.astimezone(ZoneInfo(city.profile.timezone)):%Y%m%d-%H%M}.csv"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    return turns.for_officials(answer)
