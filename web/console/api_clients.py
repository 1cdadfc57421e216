"""Programs of neighbours: the list, and one of them with its keys and how much each is used."""

from datetime import datetime
from uuid import UUID, uuid4

from flask import Response, request, url_for
from marshmallow import ValidationError

from app.auth import api_clients, issuing
from app.auth.api_clients import Client
from app.auth.client_models import MOST_A_DAY, MOST_A_MINUTE, ApiKey
from app.auth.guards import current, requires
from app.clock import now
from app.limits import by_account, limit
from app.locale import in_words
from app.sentences import both
from app.text import uuid_in
from reports import webhook_care
from reports.city import snapshot
from reports.desk import clients
from reports.permissions import Permission
from web.console.accounts import last_day, office_name
from web.console.blueprint import blueprint
from web.console.city import named
from web.console.city.forms import Form, sent, taken
from web.console.client_words import (
    DAYS,
    HEIGHT,
    SAID,
    Use,
    scope_choices,
    scope_name,
    use_of,
)
from web.console.drawing import page
from web.console.words import day

NAMELESS = both("Ghi tên của hệ thống.", "Give its name.")
TOO_LONG = both("Viết tối đa 120 ký tự.", "At most 120 characters.")
_LONGEST = 120


@blueprint.get("/admin/api-clients")
@requires(Permission.ADMIN)
def api_clients_page() -> Response:
    return _draw_all()


@blueprint.post("/admin/api-clients")
@requires(Permission.ADMIN)
@limit("60 per hour", by=by_account)
def api_client_make() -> Response:
    """A new client. Sent twice it is one: the form carries its id."""
    form = sent()
    client_id = uuid_in(form.get("id")) or uuid4()

    def act() -> None:
        by, at = current().account_id, now()
        api_clients.make(client_id, _name(form), form.get("contact_email"), by=by, at=at)
        clients.work_for(
            client_id, form.get("office") or None, city=snapshot.current(), by=by, at=at
        )

    return taken(act, form=form, again=_draw_all, then=address_of(client_id), said="made")


@blueprint.get("/admin/api-clients/<uuid:client_id>")
@requires(Permission.ADMIN)
def api_client(client_id: UUID) -> Response:
    return draw(client_id)


@blueprint.post("/admin/api-clients/<uuid:client_id>")
@requires(Permission.ADMIN)
@limit("600 per hour", by=by_account)
def api_client_change(client_id: UUID) -> Response:
    """Another name, contact or office."""
    form = sent()

    def act() -> bool:
        by, at, name = current().account_id, now(), _name(form)
        changed = api_clients.change(
            client_id, name=name, contact_email=form.get("contact_email"), by=by, at=at
        )
        office = form.get("office") or None
        moved = clients.work_for(client_id, office, city=snapshot.current(), by=by, at=at)
        return changed or moved

    return taken(act, form=form, again=lambda one: draw(client_id, one), then=address_of(client_id))


@blueprint.post("/admin/api-clients/<uuid:client_id>/<any(close, open):act>")
@requires(Permission.ADMIN)
@limit("600 per hour", by=by_account)
def api_client_switch(client_id: UUID, act: str) -> Response:
    """Let none of its keys work, or let them again: each takes the other back."""
    verb = api_clients.close if act == "close" else api_clients.reopen

    def switch() -> bool | None:
        return None if verb(client_id, by=current().account_id, at=now()) else False

    said = "closed" if act == "close" else "opened"
    return taken(
        switch,
        form=sent(),
        again=lambda one: draw(client_id, one),
        then=address_of(client_id),
        said=said,
    )


def address_of(client_id: UUID) -> str:
    return url_for("console.api_client", client_id=client_id)


def _name(form: Form) -> str:
    """Raises ValidationError."""
    name = form.line("name")
    if not name:
        raise ValidationError({"name": [NAMELESS]})
    if len(name) > _LONGEST:
        raise ValidationError({"name": [TOO_LONG]})
    return name


# Drawn -----------------------------------------------------------------------------------------


def _said() -> str:
    words = SAID.get(request.args.get("said", ""))
    return in_words(*words) if words else ""


def _draw_all(form: Form | None = None) -> Response:
    found, at = api_clients.clients(), now()
    ids = [one.row.account_id for one in found]
    used = issuing.last_used(ids)
    return page(
        "console/api_clients.html",
        clients=[(one, sum(issuing.is_live(key, at) for key in one.keys)) for one in found],
        offices_of=clients.offices_of(ids, at=at),
        office_name=office_name,
        last_used={
            one.row.account_id: max(
                (used[key.id] for key in one.keys if key.id in used), default=None
            )
            for one in found
        },
        form=form or Form({"id": str(uuid4())}),
        offices=named.office_choices(),
        said=_said(),
    )


def draw(client_id: UUID, form: Form | None = None) -> Response:
    """One client. A form that was refused stands open, with what to put right."""
    found, at, city = api_clients.client(client_id), now(), snapshot.current()
    office = clients.offices_of([client_id], at=at).get(client_id)
    code = city.offices_by_id[office].code if office is not None else ""
    live = [one for one in found.keys if issuing.is_live(one, at)]
    return page(
        "console/api_client.html",
        client=found,
        keys=[_told(one) for one in live],
        gone=[(one, issuing.can_be_put_back(one, at)) for one in found.keys if one not in live],
        uses=_uses(found, at),
        form=form or Form(),
        new_id=lambda: str(uuid4()),
        known=Form(
            {
                "which": "client",
                "name": found.account.name or "",
                "contact_email": found.row.contact_email,
                "office": code,
            }
        ),
        fresh=Form(
            {"which": "new", "per_minute": str(issuing.PER_MINUTE), "per_day": str(issuing.PER_DAY)}
        ),
        office=office_name(office) if office is not None else "",
        offices=named.office_choices(),
        last_used=issuing.last_used([client_id]),
        webhooks=webhook_care.made_by(client_id),
        scopes=scope_choices(),
        scope_name=scope_name,
        most={"per_minute": MOST_A_MINUTE, "per_day": MOST_A_DAY},
        height=HEIGHT,
        days=DAYS,
        said=_said(),
    )


def _told(key: ApiKey) -> tuple[ApiKey, Form]:
    """A key, and what stands in the form that changes it."""
    values = {
        "which": str(key.id),
        "label": key.label,
        "per_minute": str(key.per_minute),
        "per_day": str(key.per_day),
        "last_day": day(last_day(key.expires_at)) if key.expires_at else "",
    }
    return key, Form(values, {"scopes": list(key.scopes)})


def _uses(client: Client, at: datetime) -> dict[UUID, Use]:
    days, until = issuing.usage(client.row.account_id, days=DAYS, at=at), issuing.today(at)
    return {one.id: use_of(one.id, days, until=until) for one in client.keys}
