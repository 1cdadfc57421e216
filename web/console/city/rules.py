"""Routing rules: listed, added, ended, given to another office; and tried out."""

from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import groupby

from flask import Response, request, url_for
from marshmallow import ValidationError

from app.auth.guards import current, requires
from app.errors import NotFound, XomError
from app.limits import by_account, limit
from app.locale import current_locale
from app.sentences import both
from app.text import in_order
from reports import looking
from reports.city import editing, snapshot
from reports.city.importing import RULES
from reports.city.snapshot import City
from reports.city.succession import is_valid
from reports.city.trying import Trial, try_routing
from reports.city.values import Category, Rule
from reports.errors import UnknownArea, UnknownCategory
from reports.permissions import Permission
from reports.places import Place
from web.console import mapping
from web.console.blueprint import blueprint
from web.console.city import named
from web.console.city.forms import Form, asked, refused, sent, taken
from web.console.drawing import me, page

NOT_A_POINT = both(
    "Ghi vĩ độ, kinh độ, ví dụ 16.4675, 107.5885.",
    "Give latitude and longitude, such as 16.4675, 107.5885.",
)
NO_PLACE = both(
    "Ghi một điểm, chọn một địa bàn, hoặc ghi mã một phản ánh.",
    "Give a point, choose an area, or give a report's code.",
)
_FILTERS = ("category", "area", "office")


@blueprint.get("/city/rules")
@requires(Permission.ADMIN)
def city_rules() -> Response:
    """All rules, narrowed as the address says; with `try`, what would become of a report."""
    form = asked()
    if not form.checked("try"):
        return _draw(form=form)
    try:
        return _draw(form=form, trial=_trial(form))
    except (XomError, ValidationError) as error:
        return refused(error, form, lambda again: _draw(form=again))


@blueprint.post("/city/rules")
@requires(Permission.ADMIN)
@limit("600 per hour", by=by_account)
def city_rule_add() -> Response:
    form = sent()

    def act() -> None:
        rule = {name: form.line(name) for name in _FILTERS}
        rule["valid_from"] = _begins(form).isoformat()
        editing.add_rule(rule, by=current().account_id)

    again: Callable[[Form], Response] = lambda wrong: _draw(adding=wrong)  # noqa: E731
    return taken(act, form=form, again=again, then=url_for("console.city_rules"), said="added")


@blueprint.get("/city/rules/<code>")
@requires(Permission.ADMIN)
def city_rule(code: str) -> Response:
    """One rule, with what can be done about it."""
    return _draw_one(code)


@blueprint.post("/city/rules/<code>/office")
@requires(Permission.ADMIN)
@limit("600 per hour", by=by_account)
def city_rule_office(code: str) -> Response:
    """From a day on another office."""
    form = sent()

    def act() -> None:
        day = _begins(form)
        editing.replace_rule(code, form.get("office"), day, by=current().account_id)

    return taken(act, form=form, again=partial(_draw_one, code), then=url_for("console.city_rules"))


@blueprint.post("/city/rules/<code>/end")
@requires(Permission.ADMIN)
@limit("600 per hour", by=by_account)
def city_rule_end(code: str) -> Response:
    """End it on a day; with `again`, take the end back."""
    form = sent()

    def act() -> str | bool:
        back = form.checked("again")
        until = None if back else (form.day("valid_until") or snapshot.current().day).isoformat()
        given = {"valid_until": until, "successor": None}
        done = editing.change(RULES, code, given, by=current().account_id)
        return done and ("saved" if back else "ended")

    return taken(act, form=form, again=partial(_draw_one, code), then=url_for("console.city_rules"))


def _begins(form: Form) -> date:
    return form.day("valid_from") or snapshot.current().day


def _draw(
    form: Form | None = None, *, adding: Form | None = None, trial: Trial | None = None
) -> Response:
    city, form = snapshot.current(), form or Form()
    ended = form.checked("ended")
    rules = [one for one in city.facts.rules.values() if _listed(one, form, city, ended=ended)]
    rules.sort(key=_together)
    return page(
        "console/city/rules.html",
        form=form if form.checked("try") else Form(),
        filters=form if not form.checked("try") else Form(),
        adding=adding,
        rules=rules,
        groups=[list(group) for _, group in groupby(rules, key=lambda one: _together(one)[:4])],
        trial=trial,
        map=_map_of(trial, form, city),
        today=city.day,
        **_choices(city),
    )


def _together(rule: Rule) -> tuple[object, ...]:
    """What stands in one row: a category's rules for the same office and time, area by area."""
    return (
        in_order(named.category_name(rule.category_code)),
        rule.office_code,
        rule.valid_from,
        str(rule.valid_until or ""),
        in_order(named.area_name(rule.area_code)),
    )


def _draw_one(code: str, form: Form | None = None) -> Response:
    city = snapshot.current()
    rule = city.facts.rules.get(code)
    if rule is None:
        raise NotFound
    lasting = rule.valid_until is None or rule.valid_until > city.day
    undoable = rule.valid_until is not None and rule.valid_until >= city.day
    return page(
        "console/city/rule.html",
        rule=rule,
        form=form or Form(),
        lasting=lasting,
        undoable=undoable,
        today=city.day,
        **_choices(city),
    )


def _choices(city: City) -> dict[str, object]:
    return {
        "categories": named.category_choices(city),
        "areas": named.area_choices(city),
        "offices": named.office_choices(city),
        "category_name": named.category_name,
        "area_name": named.area_name,
        "office_name": named.office_name,
        "is_valid": is_valid,
    }


def _listed(rule: Rule, form: Form, city: City, *, ended: bool) -> bool:
    over = rule.valid_until is not None and rule.valid_until <= city.day
    if over and not ended:
        return False
    if form.checked("try"):
        return True
    wanted = {name: form.get(name) for name in _FILTERS if form.get(name)}
    return all(getattr(rule, f"{name}_code") == code for name, code in wanted.items())


def _trial(form: Form) -> Trial:
    city = snapshot.current()
    place, category = _place(form, city), form.line("try_category")
    if category is None:
        category = place[1]
    found = city.category(category) if category else None
    if found is None:
        raise UnknownCategory(field="try_category")
    return try_routing(found, place[0], city)


def _place(form: Form, city: City) -> tuple[Place, str | None]:
    """Where, and (of a report) which category. A report's code counts before a point, a point
    before an area."""
    if code := form.line("code"):
        report, _ = looking.visible(code, me(), current_locale())
        area = city.area_by_id[report.area_id]
        kind: Category = city.categories_by_id[report.category_id]
        return Place(city.area(area.code) or area), kind.code
    if point := form.line("point"):
        return city.areas.locate(*_point(point)), None
    if area_code := form.line("try_area"):
        chosen = city.area(area_code)
        if chosen is None:
            raise UnknownArea(field="try_area")
        return Place(chosen), None
    raise ValidationError({"point": [NO_PLACE]})


def _point(text: str) -> tuple[float, float]:
    """Two numbers with a comma, a semicolon or a space between; comma decimals are not read."""
    parts = text.replace(";", " ").replace(",", " ").split()
    try:
        lat, lng = (float(part) for part in parts)
    except ValueError:
        raise ValidationError({"point": [NOT_A_POINT]}) from None
    if not (abs(lat) <= 90 and abs(lng) <= 180):
        raise ValidationError({"point": [NOT_A_POINT]})
    return lat, lng


def _map_of(trial: Trial | None, form: Form, city: City) -> mapping.SmallMap | None:
    """Drawn around the point that was given, else around the area's middle."""
    if trial is None or request.args.get("code"):
        return None
    area = trial.place.area
    lat, lng = _point(form.get("point")) if form.line("point") else (area.lat, area.lng)
    return mapping.around(city, lat, lng, current_locale())
