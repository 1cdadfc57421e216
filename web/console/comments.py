"""Residents' comments that wait to be published: read beside the report they are about, then shown
or hidden, one by one or several at once.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, request
from sqlalchemy import Row

from app import pagination
from app.auth.guards import requires
from app.clock import now
from app.database import db
from app.errors import Invalid, NotFound
from app.limits import by_account, limit
from app.locale import current_locale, in_words
from reports import codes, presenting, voices
from reports.city import snapshot
from reports.desk import waiting_comments
from reports.models import Comment, Report
from reports.permissions import Permission
from web.console.blueprint import blueprint
from web.console.drawing import go, me, page
from web.console.places import address_of

ROWS = 30


class NothingChosen(Invalid):
    code = "nothing-chosen"
    vi = "Chọn ít nhất một bình luận."
    en = "Choose at least one comment."
    field = "comment"


@blueprint.get("/comments")
@requires(Permission.CENTRE)
def comments() -> Response:
    """What nobody has looked at yet, oldest first."""
    cursor = request.args.get("after")
    after: Any = pagination.decode_cursor(cursor, datetime, UUID) if cursor else None
    rows = waiting_comments.page_of(me(), limit=ROWS, after=after)
    following = None
    if len(rows) > ROWS:
        last = rows[ROWS - 1].Comment
        following = address_of(
            "console.comments", {}, after=pagination.encode_cursor(last.at, last.id)
        )
    return page(
        "console/comments.html",
        waiting=[_told(row) for row in rows[:ROWS]],
        following=following,
        later=bool(cursor),
        said=_said(),
    )


@blueprint.post("/comments")
@requires(Permission.CENTRE)
@limit("1200 per hour", by=by_account)
def moderate() -> Response:
    """Show or hide the chosen ones. Those that somebody else settled meanwhile stay as they are."""
    act, chosen = _order()
    at, found = now(), waiting_comments.locked(me(), chosen)
    for said in found:
        voices.publish_comment(said, at=at, shown=act == "publish")
    db.session.commit()
    after = request.args.get("after")
    query = {"said": act, "many": str(len(found))} | ({"after": after} if after else {})
    return go(address_of("console.comments", query))


def _order() -> tuple[str, set[UUID]]:
    """A button beside one comment names it; those below stand for all that are chosen."""
    form = request.form
    for act in ("publish", "hide"):
        if form.get(act):
            return act, _ids([form[act]])
    act = form.get("act", "")
    if act not in {"publish", "hide"}:
        raise NotFound
    return act, _ids(form.getlist("comment"))


def _ids(texts: list[str]) -> set[UUID]:
    try:
        found = {UUID(text) for text in texts[:200]}
    except ValueError:
        raise NotFound from None
    if not found:
        raise NothingChosen
    return found


def _told(row: Row[Comment, Report]) -> dict[str, Any]:
    said, about = row
    city, locale = snapshot.current(), current_locale()
    return {
        "id": said.id,
        "text": said.text,
        "at": said.at,
        "pseudonym": presenting.pseudonym(said.account_id),
        "own": said.account_id == about.reporter_id,
        "code": codes.spoken(about.code),
        "report": about.description,
        "category": presenting.category_name(city, about.category_id, locale)["name"],
        "area": presenting.area_name(city, about.area_id, locale)["name"],
        "status": about.status,
        "shown": about.shown,
    }


def _said() -> str | None:
    act, many = request.args.get("said"), request.args.get("many", "")
    if act not in {"publish", "hide"} or not many.isdecimal() or len(many) > 3:
        return None
    if many == "0":
        return in_words("Người khác vừa xử lý xong bình luận đó.", "Somebody else settled it.")
    plural = "s" if many != "1" else ""
    if act == "publish":
        return in_words(f"Đã công khai {many} bình luận.", f"{many} comment{plural} published.")
    return in_words(f"Đã ẩn {many} bình luận.", f"{many} comment{plural} hidden.")
