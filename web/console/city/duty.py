"""The duty roster, a week at a time, office by office: who is on call, and when nobody is."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, request, url_for

from app.auth.guards import current, requires
from app.clock import now
from app.limits import by_account, limit
from app.locale import in_words
from reports import duty
from reports.city import snapshot
from reports.city.snapshot import City
from reports.city.values import Office
from reports.desk import roster
from reports.errors import UnknownOffice
from reports.permissions import Permission
from web.console.blueprint import blueprint
from web.console.city import named
from web.console.city.calendar import DAYS
from web.console.city.forms import Form, sent, taken
from web.console.drawing import page


@blueprint.get("/city/duty")
@requires(Permission.ADMIN)
def city_duty() -> Response:
    return _draw()


@blueprint.post("/city/duty")
@requires(Permission.ADMIN)
@limit("600 per hour", by=by_account)
def city_duty_add() -> Response:
    form = sent()

    def act() -> None:
        office, at = _office(form.get("office"), snapshot.current()), now()
        account = roster.somebody_of(office.id, form.get("person"), at)
        since, until = form.moment("since"), form.moment("until")
        duty.put_on_duty(office.code, account, since, until, by=current().account_id)

    return taken(act, form=form, again=_draw, then=_here(form), said="added")


@blueprint.post("/city/duty/<int:shift_id>/remove")
@requires(Permission.ADMIN)
@limit("600 per hour", by=by_account)
def city_duty_remove(shift_id: int) -> Response:
    """Take a shift off; one that runs ends now."""
    form = sent()

    def act() -> None:
        roster.take_off(shift_id, by=current().account_id, at=now())

    return taken(act, form=form, again=_draw, then=_here(form), said="removed")


def _here(form: Form) -> str:
    """The same week of the same office."""
    return url_for(
        "console.city_duty", office=form.get("office") or None, week=form.get("week") or None
    )


def _office(code: str, city: City) -> Office:
    found = city.office(code) if code else city.centre
    if found is None:
        raise UnknownOffice(field="office")
    return found


def _draw(form: Form | None = None) -> Response:
    city, at = snapshot.current(), now()
    zone = ZoneInfo(city.profile.timezone)
    asked = form.get("office") if form else request.args.get("office", "")
    office = city.office(asked) or city.centre
    monday = roster.monday_of(
        _day(form.get("week") if form else request.args.get("week", ""), city)
    )
    people = [(str(account_id), name) for account_id, name in roster.people(office.id, at)]
    return page(
        "console/city/duty.html",
        form=form or Form(),
        office=office,
        office_name=named.name_of(office),
        offices=named.office_choices(city),
        chosen=Form({"office": office.code}),
        people=people,
        days=[_told(one, city) for one in roster.week(office.id, monday, zone)],
        monday=monday,
        weeks={"before": monday - timedelta(days=7), "after": monday + timedelta(days=7)},
        sunday=monday + timedelta(days=6),
        at=at,
        clock=lambda moment: f"{moment.astimezone(zone):%H:%M}",
    )


def _told(one: roster.Day, city: City) -> dict[str, Any]:
    gaps = [part for part in one.parts if part.shift is None]
    return {
        "name": in_words(*DAYS[one.day.weekday()]),
        "day": one.day,
        "parts": one.parts,
        "empty": len(gaps) == len(one.parts),
        "today": one.day == city.day,
    }


def _day(text: str, city: City) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return city.day
