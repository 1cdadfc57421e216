"""Handing over a colleague's open work: whose, to whom, what will move; then one act."""

from uuid import UUID, uuid4

from flask import Response, request
from marshmallow import ValidationError

from app.auth.guards import requires
from app.clock import now
from app.database import db
from app.errors import NotFound, XomError
from app.limits import by_account, limit
from app.locale import current_locale
from app.sentences import both
from app.text import by_name, uuid_in
from reports import codes, webhook_care
from reports.city import snapshot
from reports.desk import bulk_work
from reports.desk import handover as desk_handover
from reports.permissions import Permission
from reports.statuses import Role
from web.console.accounts import office_name
from web.console.blueprint import blueprint
from web.console.bulk_run import to_run
from web.console.city.forms import Form, refused, sent
from web.console.drawing import me, page
from web.console.marks import headline

SHOWN = 20  # reports that a preview names
CHOOSE_WHOSE = both("Chọn người giao.", "Choose whose work.")
CHOOSE_TO_WHOM = both("Chọn người nhận, hoặc “Chưa giao ai”.", "Choose who takes it, or nobody.")


@blueprint.get("/handover")
@requires(Permission.HAND_OVER)
def handover() -> Response:
    """Whose, and then what and to whom."""
    asked = {name: request.args.get(name, "") for name in ("office", "from")}
    return _draw(Form({"id": str(uuid4()), **asked}))


@blueprint.post("/handover")
@requires(Permission.HAND_OVER)
@limit("120 per hour", by=by_account)
def hand_over() -> Response:
    """All of it, in one act. Up to a hundred reports move while one waits; of more, the page that
    follows tells how far it is."""
    form = sent()
    try:
        run = desk_handover.hand_over(
            uuid_in(form.get("id")) or uuid4(),
            me(),
            _office(form.get("office")),
            _leaver(form),
            _taker(form),
            at=now(),
        )
        db.session.commit()
    except (XomError, ValidationError) as error:
        db.session.rollback()
        return refused(error, form, _draw)
    if run.total <= desk_handover.AT_ONCE:
        _work(run.id)
    return to_run(run)


def _work(run_id: UUID) -> None:
    """As the worker would, each report in a transaction of its own; it finds nothing left."""
    while bulk_work.take_next(run_id, at=now()):
        db.session.commit()
    db.session.commit()


def _draw(form: Form) -> Response:
    viewer, at = me(), now()
    office_id, leaver = _office(form.get("office")), uuid_in(form.get("from"))
    burdens = desk_handover.burdens(viewer, office_id, at=at)
    who = next((one for one in burdens if one.account_id == leaver), None)
    plan = desk_handover.plan(viewer, office_id, who.account_id, at=at) if who else None
    left = webhook_care.left_behind(office_id, who.account_id if who else None, at)
    return page(
        "console/handover.html",
        form=form,
        offices=_offices(),
        office=snapshot.current().offices_by_id[office_id].code,
        office_words=office_name(office_id),
        burdens=burdens,
        who=who,
        plan=plan,
        takers=[one for one in desk_handover.colleagues(office_id, at=at) if one[0] != leaver],
        category_name=_category_name,
        headline=headline,
        spoken_code=codes.spoken,
        why=lambda error: error.sentence(current_locale()),
        webhooks=left,
        shown=SHOWN,
        at_once=desk_handover.AT_ONCE,
    )


def _offices() -> list[tuple[str, str]]:
    city = snapshot.current()
    mine = me().offices(Role.HEAD)
    return by_name((city.offices_by_id[one].code, office_name(one)) for one in mine)


def _office(code: str) -> int:
    """The one asked for, or the first of mine where none is; whether it is mine is the verb's to
    say. Raises NotFound: a wrong code must not become another office."""
    if not code:
        return min(me().offices(Role.HEAD))
    found = snapshot.current().office(code)
    if found is None:
        raise NotFound
    return found.id


def _leaver(form: Form) -> UUID:
    found = uuid_in(form.get("from"))
    if found is None:
        raise ValidationError({"from": [CHOOSE_WHOSE]})
    return found


def _taker(form: Form) -> UUID | None:
    """Nobody is a choice too, but one that is made."""
    if form.get("to") == "nobody":
        return None
    found = uuid_in(form.get("to"))
    if found is None:
        raise ValidationError({"to": [CHOOSE_TO_WHOM]})
    return found


def _category_name(category_id: int) -> str:
    return snapshot.current().names[current_locale()].categories[category_id]["name"]
