"""Residents' comments that wait to be published: read beside the report they are about, then shown
or hidden, one by one or several at once.
"""

from collections.abc import Sequence
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
from web.console.report import back_to, find
from web.console.wrong import status_of

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
    return _draw()


def _draw(*, wrong: str | None = None) -> Response:
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
        waiting=_all_told(rows[:ROWS]),
        following=following,
        later=bool(cursor),
        said=None if wrong else _said(),
        settled=_settled() if not wrong else (),
        wrong=wrong,
    )


@blueprint.post("/comments")
@requires(Permission.CENTRE)
@limit("1200 per hour", by=by_account)
def moderate() -> Response:
    """Show or hide the chosen ones. Those that somebody else settled meanwhile stay as they are."""
    try:
        act, chosen = _order()
    except NothingChosen as error:
        response = _draw(wrong=error.sentence(current_locale()))
        response.status_code = status_of(error)
        return response
    at, found = now(), waiting_comments.locked(me(), chosen)
    for said in found:
        voices.publish_comment(said, at=at, shown=act == "publish")
    db.session.commit()
    return _back(act, [said.id for said in found])


@blueprint.post("/comments/undo")
@requires(Permission.CENTRE)
@limit("1200 per hour", by=by_account)
def undo_moderate() -> Response:
    """Let the comments that were just shown or hidden wait again, as far as they still are so."""
    act, chosen = _order()
    found = waiting_comments.settled(me(), chosen, shown=act == "publish")
    for said in found:
        waiting_comments.put_back(said)
    db.session.commit()
    return _back("undone", [said.id for said in found])


@blueprint.post("/reports/<code>/comments/<uuid:comment_id>/<any(publish, hide):act>")
@requires(Permission.CENTRE)
@limit("1200 per hour", by=by_account)
def moderate_one(code: str, comment_id: UUID, act: str) -> Response:
    """Show or hide a comment where the report's story tells it, whatever it was before."""
    shown, _ = find(code)
    said = waiting_comments.of_resident(shown.id, comment_id)
    voices.publish_comment(said, at=now(), shown=act == "publish")
    db.session.commit()
    return back_to(shown, said=f"comment-{act}")


def _back(act: str, ids: list[UUID]) -> Response:
    """The list again; which ones are told of, so that they can be taken back."""
    after = request.args.get("after")
    query = {"said": act, "one": [str(one) for one in ids]} | ({"after": after} if after else {})
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


def _all_told(rows: Sequence[Row[Comment, Report]]) -> list[dict[str, Any]]:
    systems = waiting_comments.systems([row.Comment.id for row in rows])
    return [_told(row) | {"system": systems.get(row.Comment.id)} for row in rows]


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


def _settled() -> list[str]:
    """The ids that were just shown or hidden: what an undo is for."""
    undone = request.args.get("said") not in {"publish", "hide"}
    return [] if undone else request.args.getlist("one")[:ROWS]


def _said() -> str | None:
    act, many = request.args.get("said"), len(request.args.getlist("one"))
    if act not in {"publish", "hide", "undone"}:
        return None
    if not many:
        return in_words("Người khác vừa xử lý xong bình luận đó.", "Somebody else settled it.")
    comments = "comment" if many == 1 else "comments"
    return {
        "publish": in_words(f"Đã công khai {many} bình luận.", f"{many} {comments} published."),
        "hide": in_words(f"Đã ẩn {many} bình luận.", f"{many} {comments} hidden."),
        "undone": in_words(
            f"Đã hoàn tác, {many} bình luận chờ đăng như trước.",
            f"Undone: {many} {comments} waiting as before.",
        ),
    }[act]
