"""Categories: listed, added, changed, retired. Their questions are `category_questions`'s."""

from functools import partial
from typing import Any

from flask import Response, url_for
from marshmallow import ValidationError

from app.auth.guards import current, requires
from app.errors import NotFound
from app.limits import by_account, limit
from app.locale import current_locale, in_words
from app.sentences import both
from app.text import by_name
from reports.city import editing, snapshot
from reports.city.importing import CATEGORIES
from reports.city.snapshot import City
from reports.city.succession import is_valid
from reports.city.values import Category
from reports.permissions import Permission
from web.console.blueprint import blueprint
from web.console.city import named
from web.console.city.forms import Form, sent, taken
from web.console.city.icon_words import DRAWN_AS, icon_word
from web.console.drawing import page

NO_DEADLINE = both(
    "Ghi hạn xử lý, bằng ngày hoặc giờ làm việc.", "Give the deadline: days or hours."
)
FLAGS = ("urgent", "auto_accept", "evidence", "private")
NEXT_POSITION = 10


@blueprint.get("/city/categories")
@requires(Permission.ADMIN)
def city_categories() -> Response:
    """Those of today in the residents' order, then those that ended or have not begun."""
    city = snapshot.current()
    every = city.categories_by_id.values()
    others = [one for one in every if not is_valid(one, city.day)]
    return page(
        "console/city/categories.html",
        categories=city.offered_categories(),
        others=sorted(others, key=lambda one: one.code),
        group_name=_group_name,
        name_of=named.name_of,
        category_name=named.category_name,
        deadline=deadline_words,
        asked=lambda one: [q for q in one.questions if not q.get("retired")],
    )


@blueprint.get("/city/categories/new")
@requires(Permission.ADMIN)
def city_category_new() -> Response:
    last = max((one.position for one in snapshot.current().category_by_code.values()), default=0)
    start = {"position": str(last + NEXT_POSITION), "deadline_days": "7", "unit": "days"}
    return _draw(None, Form(start))


@blueprint.post("/city/categories/new")
@requires(Permission.ADMIN)
@limit("300 per hour", by=by_account)
def city_category_add() -> Response:
    form = sent()

    def act() -> None:
        begins = form.day("valid_from") or snapshot.current().day
        row = _row(form) | {"code": form.line("code"), "valid_from": begins.isoformat()}
        editing.add(CATEGORIES, row, by=current().account_id)

    then = partial(url_for, "console.city_categories")
    return taken(act, form=form, again=partial(_draw, None), then=then, said="added")


@blueprint.get("/city/categories/<code>")
@requires(Permission.ADMIN)
def city_category(code: str) -> Response:
    return _draw(code)


@blueprint.post("/city/categories/<code>")
@requires(Permission.ADMIN)
@limit("300 per hour", by=by_account)
def city_category_change(code: str) -> Response:
    form = sent()

    def act() -> bool:
        given, seen = _row(form), form.get("seen")
        return editing.change(CATEGORIES, code, given, by=current().account_id, seen=seen)

    then = url_for("console.city_category", code=code)
    return taken(act, form=form, again=partial(_draw, code), then=then)


def _row(form: Form) -> dict[str, Any]:
    """What the form says, as a file would. Raises ValidationError."""
    number, hours = form.number("deadline_days"), form.get("unit") == "hours"
    if number is None:
        raise ValidationError({"deadline_days": [NO_DEADLINE]})
    until = form.day("valid_until")
    words = ("name_vi", "name_en", "group", "icon", "help_vi", "help_en", "successor")
    return {
        **{name: form.line(name) for name in words},
        **{name: form.checked(name) or None for name in FLAGS},
        "keywords": form.lines("keywords"),
        "position": form.number("position"),
        "deadline_days": None if hours else number,
        "deadline_hours": number if hours else None,
        "valid_until": until.isoformat() if until else None,
    }


def _draw(code: str | None, form: Form | None = None) -> Response:
    """A category's page; without a code, that of a new one."""
    city = snapshot.current()
    row = editing.as_written(CATEGORIES, code) if code else None
    category = city.facts.categories.get(code) if code else None
    if code and category is None:
        raise NotFound
    return page(
        "console/city/category.html",
        category=category,
        form=form or _form_of(row or {}),
        seen=editing.mark_of(row) if row else "",
        groups=[(group, _group_name(group)) for group in _groups(city)],
        icons_known=by_name((one, icon_word(one)) for one in _icons(city)),
        drawn_as=DRAWN_AS,
        successors=[pair for pair in named.category_choices(city) if pair[0] != code],
        name_of=named.name_of,
        today=city.day,
    )


def _form_of(row: dict[str, Any]) -> Form:
    """A stored row as it stands in the fields."""
    values = {name: str(value) for name, value in row.items() if isinstance(value, str | int)}
    values |= {name: "yes" if row.get(name) else "" for name in FLAGS}
    values["keywords"] = "\n".join(row.get("keywords", ()))
    values["unit"] = "hours" if row.get("deadline_hours") else "days"
    values["deadline_days"] = str(row.get("deadline_hours") or row.get("deadline_days") or "")
    return Form(values)


def _icons(city: City) -> list[str]:
    """Those that the city uses: others may not be drawn on the phones that are out there."""
    return sorted({one.icon for one in city.categories_by_id.values()})


def _groups(city: City) -> list[str]:
    """In the city's order: that in which residents see their categories; empty ones last."""
    first: dict[str, int] = {}
    for one in city.categories_by_id.values():
        first[one.group] = min(one.position, first.get(one.group, one.position))
    known = city.profile.settings["groups"]
    return sorted(known, key=lambda group: (group not in first, first.get(group, 0), group))


def _group_name(group: str) -> str:
    names = snapshot.current().profile.settings["groups"].get(group, {})
    return str(names.get(current_locale(), group))


def deadline_words(category: Category) -> str:
    if category.urgent:
        return in_words("4 giờ, cả đêm và ngày nghỉ", "4 hours, nights and holidays too")
    if category.deadline_hours:
        number = category.deadline_hours
        unit = "working hour" if number == 1 else "working hours"
        return in_words(f"{number} giờ làm việc", f"{number} {unit}")
    number = category.deadline_days or 0
    unit = "working day" if number == 1 else "working days"
    return in_words(f"{number} ngày làm việc", f"{number} {unit}")
