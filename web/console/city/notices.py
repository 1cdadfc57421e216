"""Notices to residents: what stands, what comes, what is over; written and taken down."""

from datetime import datetime
from uuid import UUID, uuid4

from flask import Response, request, url_for
from marshmallow import ValidationError

from app import pagination
from app.auth.guards import current, requires
from app.clock import now
from app.database import db
from app.limits import by_account, limit
from app.locale import in_words
from app.sentences import both
from app.text import in_order, uuid_in
from reports import notices
from reports.city import snapshot
from reports.city.models import Notice, NoticeKind
from reports.notices import NoticeWordless, Wording
from reports.permissions import Permission, may_give_notice
from web.console.blueprint import blueprint
from web.console.city import named
from web.console.city.forms import Form, sent, taken
from web.console.drawing import go, me, page

SHOWN = 20  # of those that are over
LONGEST = 300  # letters
KINDS: dict[NoticeKind, tuple[str, str, str]] = {
    NoticeKind.FLOOD: ("waves-horizontal", "Ngập lụt", "Flooding"),
    NoticeKind.POWER: ("zap-off", "Cúp điện", "Power cut"),
    NoticeKind.WATER: ("droplet-off", "Cúp nước", "Water cut"),
    NoticeKind.ROAD: ("construction", "Đường sá", "Roads"),
    NoticeKind.OTHER: ("megaphone", "Việc khác", "Other"),
}
TOO_LONG = both(f"Viết tối đa {LONGEST} ký tự.", f"At most {LONGEST} characters.")
NO_SUCH_KIND = both("Chọn một loại thông báo.", "Choose a kind of notice.")


@blueprint.get("/notices")
@requires(Permission.NOTICES)
def notices_page() -> Response:
    return _draw()


@blueprint.post("/notices")
@requires(Permission.NOTICES)
@limit("120 per hour", by=by_account)
def notice_give() -> Response:
    """Put one up. Sent twice it is one: the form carries its id."""
    notices.require_may_give(me(), snapshot.current())
    form = sent()

    def act() -> None:
        wording, city = _wording(form), snapshot.current()
        notices.give(
            (uuid_in(form.get("id")) or uuid4()), wording, city, by=current().account_id, at=now()
        )

    return taken(act, form=form, again=_draw, then=url_for("console.notices_page"), said="given")


@blueprint.post("/notices/<uuid:notice_id>/end")
@requires(Permission.NOTICES)
@limit("120 per hour", by=by_account)
def notice_end(notice_id: UUID) -> Response:
    """Take one down; again is the same."""
    notices.require_may_give(me(), snapshot.current())
    notices.end(notice_id, by=current().account_id, at=now())
    db.session.commit()
    return go(url_for("console.notices_page", said="withdrawn"))


def _wording(form: Form) -> Wording:
    """What the form says. Raises ValidationError with all that is wrong or missing."""
    words = {name: form.line(name) or "" for name in ("text_vi", "text_en")}
    wrong: dict[str, list[object]] = {
        name: [TOO_LONG] for name, text in words.items() if len(text) > LONGEST
    }
    if not any(words.values()):
        wrong["text_vi"] = [both(NoticeWordless.vi, NoticeWordless.en)]
    if form.get("kind") not in set(NoticeKind):
        wrong["kind"] = [NO_SUCH_KIND]
    moments = {name: _moment(form, name, wrong) for name in ("starts_at", "ends_at")}
    if wrong or moments["ends_at"] is None:
        raise ValidationError(wrong)
    return Wording(
        kind=NoticeKind(form.get("kind")),
        **words,
        areas=tuple(form.listed("areas")),
        starts_at=moments["starts_at"],
        ends_at=moments["ends_at"],
    )


def _moment(form: Form, name: str, wrong: dict[str, list[object]]) -> datetime | None:
    """A moment of the form; None where it may be left open, or is told in `wrong`."""
    if name == "starts_at" and not form.line(name):
        return None
    try:
        return form.moment(name)
    except ValidationError as error:
        wrong |= error.messages_dict
        return None


def _draw(form: Form | None = None) -> Response:
    at, city, after = now(), snapshot.current(), request.args.get("after")
    cursor = pagination.decode_cursor(after, datetime, UUID) if after else None
    coming = [] if cursor else list(notices.upcoming_and_live(at))
    over = notices.past(at, limit=SHOWN, after=cursor)
    following = None
    if len(over) > SHOWN:
        last = over[SHOWN - 1]
        following = pagination.encode_cursor(last.ends_at, last.id)
    return page(
        "console/city/notices.html",
        form=form or Form({"id": str(uuid4())}),
        writing=form is not None,
        live=[one for one in coming if one.starts_at <= at],
        upcoming=[one for one in coming if one.starts_at > at],
        over=over[:SHOWN],
        following=following,
        earlier=cursor is not None,
        may_give=may_give_notice(me(), centre_id=city.centre.id),
        areas=named.area_choices(city),
        kinds=[(str(kind), in_words(vi, en)) for kind, (_, vi, en) in KINDS.items()],
        kind_icon=lambda kind: KINDS[kind][0],
        kind_name=lambda kind: in_words(*KINDS[kind][1:]),
        where=_where,
        longest=notices.LONGEST.days,
    )


def _where(notice: Notice) -> str:
    """The areas as they are called, or the whole city."""
    names = sorted((named.area_name(code) for code in notice.areas), key=in_order)
    return ", ".join(names) or in_words("Toàn thành phố", "The whole city")
