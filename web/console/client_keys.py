"""The keys of an API client, by forms: issued and shown once, changed, replaced, revoked."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from flask import Response, url_for
from marshmallow import ValidationError

from app.auth import api_clients, issuing
from app.auth.client_models import MOST_A_DAY, MOST_A_MINUTE, ApiKey
from app.auth.guards import current, requires
from app.auth.issuing import KeyTerms
from app.auth.scopes import Scope
from app.clock import now
from app.database import db
from app.errors import XomError
from app.limits import by_account, limit
from app.locale import in_words
from app.sentences import both
from app.text import uuid_in
from reports import asking
from reports.city import snapshot
from reports.permissions import Permission
from web.console.accounts import last_day
from web.console.api_clients import address_of, draw
from web.console.blueprint import blueprint
from web.console.city.calendar import Sure
from web.console.city.forms import Form, refused, sent, taken
from web.console.drawing import go, page
from web.console.words import day, moment

NO_SCOPE = both("Chọn ít nhất một việc mà khóa được làm.", "Choose at least one thing it may do.")
LABEL_TOO_LONG = both("Viết tối đa 80 ký tự.", "At most 80 characters.")
OVERLAPS = (0, 1, 7, 30)  # days
_LONGEST = 80


@blueprint.post("/admin/api-clients/<uuid:client_id>/keys")
@requires(Permission.ADMIN)
@limit("60 per hour", by=by_account)
def api_key_issue(client_id: UUID) -> Response:
    """A new key, shown in this answer alone."""
    form = sent()

    def act() -> tuple[ApiKey, str | None]:
        key_id, terms = uuid_in(form.get("id")) or uuid4(), _terms(form, None)
        return issuing.issue(client_id, key_id, terms, by=current().account_id, at=now())

    return _shown_once(client_id, form, act)


@blueprint.post("/admin/api-clients/<uuid:client_id>/keys/<uuid:key_id>")
@requires(Permission.ADMIN)
@limit("600 per hour", by=by_account)
def api_key_change(client_id: UUID, key_id: UUID) -> Response:
    """Other scopes, limits, label or last day."""
    form = sent()

    def act() -> bool:
        terms = _terms(form, issuing.key_of(client_id, key_id).expires_at)
        by = current().account_id
        return issuing.change_key(client_id, key_id, terms, by=by, at=now())

    return taken(act, form=form, again=lambda one: draw(client_id, one), then=address_of(client_id))


@blueprint.post("/admin/api-clients/<uuid:client_id>/keys/<uuid:key_id>/replace")
@requires(Permission.ADMIN)
@limit("60 per hour", by=by_account)
def api_key_replace(client_id: UUID, key_id: UUID) -> Response:
    """Another key of the same terms; the old one goes on for the chosen days."""
    form = sent()

    def act() -> tuple[ApiKey, str | None]:
        days = form.number("overlap")
        return issuing.replace_key(
            client_id,
            key_id,
            uuid_in(form.get("id")) or uuid4(),
            overlap=timedelta(days=days if days in OVERLAPS else issuing.OVERLAP.days),
            by=current().account_id,
            at=now(),
        )

    return _shown_once(client_id, form, act)


@blueprint.post("/admin/api-clients/<uuid:client_id>/keys/<uuid:key_id>/revoke")
@requires(Permission.ADMIN)
@limit("600 per hour", by=by_account)
def api_key_revoke(client_id: UUID, key_id: UUID) -> Response:
    """Asked once more: programs that use it stop at once."""
    form, back = sent(), address_of(client_id)
    if not form.checked("sure"):
        return page("console/city/sure.html", sure=_sure(client_id, key_id), form=form, back=back)

    def act() -> bool | None:
        by = current().account_id
        return None if issuing.revoke(client_id, key_id, by=by, at=now()) else False

    return taken(act, form=form, again=lambda one: draw(client_id, one), then=back, said="revoked")


@blueprint.post("/admin/api-clients/<uuid:client_id>/keys/<uuid:key_id>/put-back")
@requires(Permission.ADMIN)
@limit("600 per hour", by=by_account)
def api_key_put_back(client_id: UUID, key_id: UUID) -> Response:
    def act() -> bool | None:
        by = current().account_id
        return None if issuing.put_back(client_id, key_id, by=by, at=now()) else False

    return taken(
        act,
        form=sent(),
        again=lambda one: draw(client_id, one),
        then=address_of(client_id),
        said="put_back",
    )


def _sure(client_id: UUID, key_id: UUID) -> Sure:
    key, client = issuing.key_of(client_id, key_id), api_clients.client(client_id)
    used = issuing.last_used([client_id]).get(key_id)
    if used:
        told = in_words(f"Dùng gần nhất: {moment(used)}.", f"Last used: {moment(used)}.")
    else:
        told = in_words("Khóa này chưa được dùng lần nào.", "This key was never used.")
    return Sure(
        in_words(f"Thu hồi khóa {key.shown}…", f"Revoke the key {key.shown}…"),
        (
            in_words(
                f"{client.account.name} không dùng được khóa này nữa, ngay từ lượt gọi sau.",
                f"{client.account.name} can no longer use it, from the next request on.",
            ),
            told,
            in_words(
                "Nếu nhầm, khôi phục được trong 24 giờ.",
                "If that was a slip, it can be put back within 24 hours.",
            ),
        ),
        url_for("console.api_key_revoke", client_id=client_id, key_id=key_id),
        in_words("Thu hồi", "Revoke"),
    )


def _shown_once(
    client_id: UUID, form: Form, act: Callable[[], tuple[ApiKey, str | None]]
) -> Response:
    """The answer to the form itself: an address that showed a key again would be one too."""
    try:
        key, text = act()
        db.session.commit()
    except (XomError, ValidationError) as error:
        db.session.rollback()
        return refused(error, form, lambda one: draw(client_id, one))
    if text is None:
        return go(f"{address_of(client_id)}?said=repeated")
    return page(
        "console/key_once.html",
        key=key,
        text=text,
        client=api_clients.client(client_id),
        back=address_of(client_id),
    )


def _terms(form: Form, ends: datetime | None) -> KeyTerms:
    """What the form says; `ends` is when the key ends so far. Raises ValidationError with all that
    is wrong."""
    scopes = frozenset(one for one in Scope if str(one) in form.listed("scopes"))
    label = form.line("label") or ""
    wrong: dict[str, list[object]] = {}
    if not scopes:
        wrong["scopes"] = [NO_SCOPE]
    if len(label) > _LONGEST:
        wrong["label"] = [LABEL_TOO_LONG]
    per_minute = _number(form, "per_minute", MOST_A_MINUTE, wrong) or issuing.PER_MINUTE
    per_day = _number(form, "per_day", MOST_A_DAY, wrong) or issuing.PER_DAY
    expires_at = _end(form, ends, wrong)
    if wrong:
        raise ValidationError(wrong)
    return KeyTerms(
        label=label,
        scopes=scopes,
        per_minute=per_minute,
        per_day=per_day,
        expires_at=expires_at,
    )


def _number(form: Form, name: str, most: int, wrong: dict[str, list[object]]) -> int | None:
    try:
        found = form.number(name)
    except ValidationError as error:
        wrong |= error.messages_dict
        return None
    if found is not None and not 1 <= found <= most:
        wrong[name] = [both(f"Ghi một số từ 1 đến {most}.", f"Give a number from 1 to {most}.")]
    return found


def _end(form: Form, before: datetime | None, wrong: dict[str, list[object]]) -> datetime | None:
    """The end of the last day; a key that ends within a day goes on to end when it did."""
    if before is not None and form.get("last_day") == day(last_day(before)):
        return before
    try:
        chosen = form.day("last_day")
    except ValidationError as error:
        wrong |= error.messages_dict
        return None
    return asking.day_start(chosen + timedelta(days=1), snapshot.current()) if chosen else None
