"""Messages that could not be delivered: which kinds, why, tried again. Nobody's address shows."""

from datetime import datetime

from flask import Response, request, url_for

from app import audit, pagination
from app.auth.guards import current, requires
from app.clock import now
from app.database import db
from app.errors import NotFound
from app.limits import by_account, limit
from app.locale import in_words
from notifications import dead_letters, inbox
from notifications.kinds import GROUP_NAMES, KINDS, Group
from reports.permissions import Permission
from web.console.blueprint import blueprint
from web.console.drawing import go, page

ROWS = 50
CHANNELS = {
    "fcm": ("Thông báo trên điện thoại", "Push to a phone"),
    "webpush": ("Thông báo qua trình duyệt", "Push to a browser"),
    "email": ("Email", "E-mail"),
    "sms": ("Tin nhắn SMS", "Text message"),
}
#: Groups that people know as their own, as somebody else speaks of them.
GROUPS = {
    Group.MY_REPORTS: ("Tin phản ánh, gửi người dân", "News of reports, to residents"),
    Group.NEARBY: ("Tin quanh nơi theo dõi, gửi người dân", "News nearby, to residents"),
    Group.WORK: ("Việc của đơn vị, gửi cán bộ", "Work, to officials"),
    Group.DEADLINES: ("Nhắc hạn, gửi cán bộ", "Deadlines, to officials"),
    Group.DUTY: ("Việc khẩn, gửi người trực", "Urgent news, to those on call"),
}


@blueprint.get("/dead-letters")
@requires(Permission.ADMIN)
def dead_letters_page() -> Response:
    text = request.args.get("after")
    after = pagination.decode_cursor(text, datetime, int) if text else None
    rows = inbox.dead_letters(limit=ROWS, after=after)
    following = None
    if len(rows) > ROWS:
        last = rows[ROWS - 1]
        following = pagination.encode_cursor(last.done_at, last.id)
    return page(
        "console/city/dead_letters.html",
        kinds=dead_letters.by_kind(),
        rows=rows[:ROWS],
        following=following,
        later=after is not None,
        most=dead_letters.MOST_AT_ONCE,
        kind_words=_kind_words,
        channel_words=lambda name: in_words(*CHANNELS.get(name, (name, name))),
    )


@blueprint.post("/dead-letters/<int:delivery_id>/retry")
@requires(Permission.ADMIN)
@limit("600 per hour", by=by_account)
def dead_letter_retry(delivery_id: int) -> Response:
    """Try one again, with all its tries."""
    if not inbox.retry_dead_letter(delivery_id, at=now()):
        raise NotFound
    return _retried(f"delivery:{delivery_id}")


@blueprint.post("/dead-letters/retry")
@requires(Permission.ADMIN)
@limit("60 per hour", by=by_account)
def dead_letters_retry() -> Response:
    """Try all of a kind again."""
    kind = request.form.get("kind", "")
    if not dead_letters.retry_all(kind, at=now()):
        raise NotFound
    return _retried(f"deliveries:{kind}")


def _retried(subject: str) -> Response:
    audit.record("delivery.retry", subject=subject, actor_id=current().account_id)
    db.session.commit()
    return go(url_for("console.dead_letters_page", said="retried"))


def _kind_words(kind: str) -> str:
    """What a kind is about, and whom it is for."""
    group = KINDS[kind].group if kind in KINDS else Group.OTHER
    return in_words(*GROUPS.get(group, GROUP_NAMES[group]))
