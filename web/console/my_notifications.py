"""How an official hears: by group and way, at which hours, at once or gathered; and whether this
browser shows news. The choices are `notifications`'; here is how they are asked.
"""

from datetime import time
from typing import Any
from uuid import UUID

from flask import Response, current_app, request, url_for

from app import strict_json
from app.auth.guards import signed_in
from app.clock import now
from app.config import Config
from app.database import db
from app.errors import Malformed
from app.limits import by_account, limit
from app.locale import current_locale, in_words
from notifications import devices, digest, preferences
from notifications.backoff import Hours
from notifications.errors import NoWebPush
from notifications.kinds import Group
from notifications.models import Choice, DeviceKind, Way
from notifications.ports import ways
from notifications.preferences import NEVER_QUIET
from web import boot
from web.console.blueprint import blueprint
from web.console.drawing import go, page
from web.console.inbox import GROUPS
from web.console.myself import official

QUIET = Hours(time(22, 0), time(6, 30))  # what the fields hold before anybody chooses
_CHOICES: dict[Choice, tuple[str, str]] = {
    Choice.ALWAYS: ("Luôn gửi", "Always"),
    Choice.OTHERWISE: ("Nếu chưa bật trên máy", "Only without a device"),
    Choice.NEVER: ("Không gửi", "Never"),
}
WAYS: dict[Way, tuple[str, str]] = {
    Way.PUSH: ("Hiện trên máy", "Shown on devices"),
    Way.EMAIL: ("Email", "E-mail"),
    Way.SMS: ("Tin nhắn (SMS)", "Text message"),
}


@blueprint.get("/me/notifications")
@signed_in
def my_notifications() -> Response:
    """What I hear of, by which way, and when not."""
    me = official()
    return _show(_chosen(me.account_id), saved=request.args.get("said") == "saved")


@blueprint.post("/me/notifications")
@signed_in
@limit("120 per hour", by=by_account)
def choose_notifications() -> Response:
    """Keep what the form says, or show it again with what is wrong beside the field."""
    me, form = official(), request.form
    wrong = {
        name: in_words("Viết giờ như 22:00.", "Write the hour like 22:00.")
        for name, switch in (("since", "quiet"), ("until", "quiet"), ("digest_at", "digest"))
        if form.get(switch) == "yes" and _hour(form.get(name)) is None
    }
    if wrong:
        response = _show(dict(form.items()), wrong=wrong)
        response.status_code = 422
        return response
    _keep(me.account_id)
    db.session.commit()
    return _to(url_for("console.my_notifications", said="saved"))


@blueprint.post("/me/devices/<uuid:installation_id>")
@signed_in
@limit("60 per hour", by=by_account)
def link_device(installation_id: UUID) -> Response:
    """Let this browser show my news: what it subscribed to, as its own JSON."""
    me, config = official(), _config()
    if not config.vapid_private_key:
        raise NoWebPush
    try:
        address = strict_json.loads(request.get_data())
    except Malformed:
        address = ""
    devices.register(
        me.account_id,
        installation_id,
        kind=DeviceKind.WEBPUSH,
        address=devices.checked_address(DeviceKind.WEBPUSH, address, config),
        locale=current_locale(),
        at=now(),
    )
    db.session.commit()
    return Response(status=204)


@blueprint.delete("/me/devices/<uuid:installation_id>")
@signed_in
def unlink_device(installation_id: UUID) -> Response:
    """This browser shows my news no more."""
    devices.forget(official().account_id, installation_id)
    db.session.commit()
    return Response(status=204)


def _keep(account_id: UUID) -> None:
    """What the form says, as choices."""
    form = request.form
    chosen = {
        group: {
            way: Choice(form[_name(group, way)])
            for way in offered_ways(group)
            if form.get(_name(group, way)) in set(_choices_of(way))
        }
        for group in GROUPS
    }
    preferences.choose(account_id, chosen)
    since, until = _hour(form.get("since")), _hour(form.get("until"))
    quiet = Hours(since, until) if form.get("quiet") == "yes" and since and until else None
    preferences.keep_quiet(account_id, quiet or NEVER_QUIET)
    hour = _hour(form.get("digest_at")) if form.get("digest") == "yes" else None
    digest.choose(account_id, hour, at=now())


def offered_ways(group: Group) -> list[Way]:
    """Those that this city can send by; texts cost money, and are for who is on call."""
    return [one for one in ways(_config()) if one is not Way.SMS or group is Group.DUTY]


def _chosen(account_id: UUID) -> dict[str, str]:
    """The form as it stands, by field."""
    wishes, hour = preferences.wishes_of(account_id), digest.hour_of(account_id)
    quiet = wishes.quiet if wishes.quiet != NEVER_QUIET else None
    hours = quiet or QUIET
    fields = {
        _name(group, way): str(wishes.choices[group][way])
        for group in GROUPS
        for way in offered_ways(group)
    }
    return fields | {
        "quiet": "yes" if quiet else "",
        "since": f"{hours.since:%H:%M}",
        "until": f"{hours.until:%H:%M}",
        "digest": "yes" if hour else "",
        "digest_at": f"{hour or digest.USUAL_HOUR:%H:%M}",
    }


def _show(
    chosen: dict[str, str], *, wrong: dict[str, str] | None = None, saved: bool = False
) -> Response:
    possible = ways(_config())
    return page(
        "console/my_notifications.html",
        chosen=chosen,
        wrong=wrong or {},
        saved=saved,
        ways=[(way, in_words(*WAYS[way])) for way in WAYS if way in possible],
        rows=[_row(group, chosen) for group in GROUPS],
        by_mail=Way.EMAIL in possible,
        webpush_key=boot.webpush_key(_config()),
    )


def _row(group: Group, chosen: dict[str, str]) -> dict[str, Any]:
    cells = {
        way: {
            "name": _name(group, way),
            "chosen": chosen.get(_name(group, way), ""),
            "choices": [(str(one), in_words(*_CHOICES[one])) for one in _choices_of(way)],
        }
        for way in offered_ways(group)
    }
    return {"name": in_words(*GROUPS[group]), "cells": cells}


def _choices_of(way: Way) -> list[Choice]:
    """A push comes or it does not; letters may also stand in for it."""
    return [one for one in _CHOICES if way is not Way.PUSH or one is not Choice.OTHERWISE]


def _name(group: Group, way: Way) -> str:
    return f"{group}.{way}"


def _hour(text: str | None) -> time | None:
    try:
        return time.fromisoformat(text or "").replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None


def _config() -> Config:
    config: Config = current_app.extensions["xom.config"]
    return config


def _to(address: str) -> Response:
    return go(address)
