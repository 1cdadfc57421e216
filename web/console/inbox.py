"""What an official was told, newest first, each message leading to what it is about."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, request

from app import pagination
from app.auth.guards import signed_in
from app.clock import now
from app.database import db
from app.errors import NotFound
from app.limits import by_account, limit
from app.locale import current_locale, in_words
from app.text import uuid_in
from notifications import inbox as messages
from notifications.kinds import Group
from notifications.ports import ports
from notifications.templates import Reader, path_of, render_or_plain
from web.console.blueprint import blueprint
from web.console.drawing import go, page
from web.console.myself import official
from web.console.places import address_of

ROWS = 30  # a page

#: Groups of news as officials know them; those of residents have other names.
GROUPS: dict[Group, tuple[str, str]] = {
    Group.WORK: ("Việc mới, việc giao", "New work"),
    Group.DEADLINES: ("Nhắc hạn", "Deadlines"),
    Group.MY_REPORTS: ("Diễn biến", "What happened"),
    Group.DUTY: ("Trực việc khẩn", "On call"),
    Group.COMMENTS: ("Trao đổi", "Comments"),
    Group.OTHER: ("Tin khác", "Other news"),
}


@blueprint.get("/inbox")
@signed_in
def inbox() -> Response:
    """My messages, of one group or of all."""
    me, group = official(), _group()
    text = request.args.get("after")
    after = pagination.decode_cursor(text, datetime, UUID) if text else None
    rows = messages.read_inbox(me.account_id, limit=ROWS, after=after, group=group)
    shown = rows[:ROWS]
    following = None
    if len(rows) > ROWS:
        cursor = pagination.encode_cursor(shown[-1].at, shown[-1].id)
        following = _address(group, after=cursor)
    return page(
        "console/inbox.html",
        messages=[_told(row) for row in shown],
        unread=messages.count_unread(me.account_id),
        newest=shown[0].id if shown and not after else None,
        following=following,
        later=after is not None,
        group=str(group) if group else "",
        groups=[(str(one), in_words(*names)) for one, names in GROUPS.items()],
        most=messages.MOST_COUNTED - 1,
    )


@blueprint.get("/inbox/<uuid:message_id>")
@signed_in
def open_message(message_id: UUID) -> Response:
    """Go where it leads. Whoever opens a message has read it; again changes nothing more."""
    me = official()
    message = messages.of_somebody(me.account_id, message_id)
    if message is None:
        raise NotFound
    path = path_of(message.payload, official=True)
    messages.mark_read(me.account_id, at=now(), ids=[message_id])
    db.session.commit()
    return _to(path)


@blueprint.post("/inbox/read")
@signed_in
@limit("1200 per hour", by=by_account)
def mark_read() -> Response:
    """I have read this one (`id`), or all of the group up to the newest that I was shown
    (`up_to`)."""
    me, group = official(), _group()
    one, newest = uuid_in(request.form.get("id")), uuid_in(request.form.get("up_to"))
    ids = [one] if one else None
    messages.mark_read(me.account_id, at=now(), ids=ids, up_to=newest, group=group)
    db.session.commit()
    after = request.args.get("after")
    return _to(_address(group, **({"after": after} if after else {})))


def _told(row: Any) -> dict[str, Any]:
    reader = Reader(current_locale(), ports().timezone(), official=True)
    text = render_or_plain(row.kind, row.payload, reader, at=row.at)
    return {
        "id": row.id,
        "title": text.title,
        "body": text.body,
        "urgent": row.urgent,
        "at": row.at,
        "read": row.read_at is not None,
    }


def _group() -> Group | None:
    named = request.args.get("group", "")
    return next((one for one in GROUPS if one == named), None)


def _address(group: Group | None, **values: str) -> str:
    return address_of("console.inbox", {"group": str(group)} if group else {}, **values)


def _to(address: str) -> Response:
    return go(address)
