"""Areas: on a map, in a table; and a merger of some of them, told in full before it is done."""

from typing import Any

from flask import Response, url_for

from app.auth.guards import current, requires
from app.clock import now
from app.database import db
from app.errors import XomError
from app.limits import by_account, limit
from app.locale import current_locale, in_words
from reports.city import merger, planning, snapshot
from reports.city.planning import Plan
from reports.city.snapshot import City
from reports.city.succession import is_valid
from reports.permissions import Permission
from web.console.blueprint import blueprint
from web.console.city import named
from web.console.city.forms import Form, refused, sent, taken
from web.console.city.offices import moving_told
from web.console.city.whole_map import WholeMap, crowded, part, whole
from web.console.drawing import page


@blueprint.get("/city/areas")
@requires(Permission.ADMIN)
def city_areas() -> Response:
    return _draw()


@blueprint.post("/city/areas/merge")
@requires(Permission.ADMIN)
@limit("60 per hour", by=by_account)
def city_areas_merge() -> Response:
    """Tell what a merger would move; once that is confirmed, merge."""
    form = sent()
    plan = _plan(form)
    if form.checked("sure"):

        def act() -> None:
            merger.merge_areas(plan, by=current().account_id, at=now())

        return taken(act, form=form, again=_draw, then=url_for("console.city_areas"), said="merged")
    try:
        told = planning.preview_merger(plan, at=now())
    except XomError as error:
        db.session.rollback()
        return refused(error, form, _draw)
    db.session.rollback()  # nobody waits on our locks while somebody thinks
    return _preview(form, plan, told)


def _plan(form: Form) -> Plan:
    """Into an area that there is (`into`), or into a new one of that code and name."""
    into = form.line("into") or ""
    if into:
        return Plan(old=tuple(form.listed("old")), into=into)
    return Plan(
        old=tuple(form.listed("old")),
        into=form.line("code") or "",
        name_vi=form.line("name_vi") or "",
        name_en=form.line("name_en") or "",
        kind=form.line("kind") or "",
        seat=form.line("seat") or "",
    )


def _preview(form: Form, plan: Plan, told: planning.Preview) -> Response:
    city = snapshot.current()
    fresh = in_words(" (mới)", " (new)")
    into = named.area_name(plan.into) if plan.into in city.facts.areas else plan.name_vi
    gone = [code for code in dict.fromkeys(plan.old) if code != plan.into]
    return page(
        "console/city/merge.html",
        form=form,
        into=into,
        new=plan.into not in city.facts.areas,
        ended=[(code, named.area_name(code)) for code in gone],
        office=told.office.partition(" ")[2].replace(" (new)", fresh),
        ended_offices=[named.office_name(one.partition(" ")[0]) for one in told.ended_offices],
        moving=moving_told(told),
        rules=[one.partition(":")[0] for one in told.rules],
        dropped=[one.partition(" ")[0] for one in told.dropped_rules],
        approximate=bool(told.notes),
        apart=[named.area_name(code) for code in told.apart],
        map=part(city, [*gone, plan.into]) or whole(city),
        marked={*gone, plan.into},
        area_name=named.area_name,
    )


def _draw(form: Form | None = None) -> Response:
    city, locale = snapshot.current(), current_locale()
    rows = sorted(city.area_by_code.values(), key=lambda area: area.code)
    ended = [one for one in city.area_by_id.values() if not is_valid(one, city.day)]
    kinds: dict[str, dict[str, str]] = city.profile.area_kinds
    committees: dict[str, Any] = {one.code: city.committee_of(one.code) for one in rows}
    return page(
        "console/city/areas.html",
        form=form or Form(),
        merging=form is not None,
        rows=rows,
        ended=sorted(ended, key=lambda one: one.code),
        choices=named.area_choices(city),
        kinds=[(kind, names[locale]) for kind, names in kinds.items()],
        kind_name=lambda kind: kinds.get(kind, {}).get(locale, kind),
        committees=committees,
        approximate=sum(one.approximate for one in rows),
        maps=_maps(city),
        marked=set(),
        name_of=named.name_of,
        area_name=named.area_name,
    )


def _maps(city: City) -> list[tuple[str, WholeMap]]:
    """All of it, and closer where names have no room."""
    everything = whole(city)
    closer = part(city, crowded(everything))
    found = [(in_words("Toàn thành phố", "The whole city"), everything)]
    if closer and len(closer.areas) < len(everything.areas):
        found.append((in_words("Vùng có địa bàn nhỏ", "Where areas are small"), closer))
    return found if everything.areas else []
