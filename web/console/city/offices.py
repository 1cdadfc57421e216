"""Offices: the tree, their contacts, new ones; and one that hands everything over to another,
previewed first.
"""

from functools import partial
from typing import Any

from flask import Response, url_for

from app.auth.guards import current, requires
from app.clock import now
from app.database import db
from app.errors import NotFound, XomError
from app.limits import by_account, limit
from app.locale import in_words
from app.text import by_name
from reports.city import editing, merger, planning, snapshot
from reports.city.importing import OFFICES
from reports.city.models import OfficeKind
from reports.city.planning import Preview
from reports.city.snapshot import City
from reports.city.succession import is_valid
from reports.city.values import Office
from reports.permissions import Permission
from web.console.blueprint import blueprint
from web.console.city import named
from web.console.city.calendar import Sure
from web.console.city.forms import Form, refused, sent, taken
from web.console.drawing import page
from web.console.words import amount

KINDS = {
    OfficeKind.DEPARTMENT: ("Sở, ban, ngành", "Department"),
    OfficeKind.UTILITY: ("Doanh nghiệp hạ tầng", "Utility"),
    OfficeKind.COMMITTEE: ("Ủy ban phường, xã", "Committee of an area"),
    OfficeKind.CENTRE: ("Trung tâm", "The centre"),
}
_WORDS = ("name_vi", "name_en", "phone", "email", "address", "parent", "area")


@blueprint.get("/city/offices")
@requires(Permission.ADMIN)
def city_offices() -> Response:
    """The tree of today, then those that ended or have not begun."""
    city = snapshot.current()
    others = [one for one in city.offices_by_id.values() if not is_valid(one, city.day)]
    return page(
        "console/city/offices.html",
        tree=_tree(city),
        others=sorted(others, key=lambda one: one.code),
        number=len(city.office_by_code),
        name_of=named.name_of,
        office_name=named.office_name,
        kind_name=_kind_name,
    )


@blueprint.get("/city/offices/new")
@requires(Permission.ADMIN)
def city_office_new() -> Response:
    return _draw(None)


@blueprint.post("/city/offices/new")
@requires(Permission.ADMIN)
@limit("300 per hour", by=by_account)
def city_office_add() -> Response:
    form = sent()

    def act() -> None:
        begins = form.day("valid_from") or snapshot.current().day
        row = _row(form) | {
            "code": form.line("code"),
            "kind": form.line("kind"),
            "valid_from": begins.isoformat(),
        }
        editing.add(OFFICES, row, by=current().account_id)

    then = url_for("console.city_offices")
    return taken(act, form=form, again=partial(_draw, None), then=then, said="added")


@blueprint.get("/city/offices/<code>")
@requires(Permission.ADMIN)
def city_office(code: str) -> Response:
    return _draw(code)


@blueprint.post("/city/offices/<code>")
@requires(Permission.ADMIN)
@limit("300 per hour", by=by_account)
def city_office_change(code: str) -> Response:
    form = sent()

    def act() -> bool:
        by, seen = current().account_id, form.get("seen")
        return editing.change(OFFICES, code, _row(form), by=by, seen=seen)

    then = url_for("console.city_office", code=code)
    return taken(act, form=form, again=partial(_draw, code), then=then)


@blueprint.post("/city/offices/<code>/succeed")
@requires(Permission.ADMIN)
@limit("60 per hour", by=by_account)
def city_office_succeed(code: str) -> Response:
    """Tell what would go over to the successor; once that is confirmed, hand it over."""
    form, again = sent(), partial(_draw, code)
    successor = form.get("successor")
    if form.checked("sure"):

        def act() -> None:
            merger.succeed_office(code, successor, by=current().account_id, at=now())

        then = url_for("console.city_offices")
        return taken(act, form=form, again=again, then=then, said="succeeded")
    try:
        told = planning.preview_succession(code, successor, at=now())
    except XomError as error:
        db.session.rollback()
        return refused(error, form, again)
    db.session.rollback()  # nobody waits on our locks while somebody thinks
    back = url_for("console.city_office", code=code)
    return page("console/city/sure.html", sure=_sure(code, successor, told), form=form, back=back)


def _sure(code: str, successor: str, told: Preview) -> Sure:
    old, new = named.office_name(code), named.office_name(successor)
    return Sure(
        in_words(f"{new} tiếp nhận việc của {old}", f"{new} takes over from {old}"),
        (
            moving_told(told),
            in_words(
                f"Từ hôm nay {old} kết thúc; lịch sử giữ tên cũ. Việc này không hoàn lại được bằng "
                "một nút bấm.",
                f"{old} ends today; history keeps its name. No single button takes this back.",
            ),
        ),
        url_for("console.city_office_succeed", code=code),
        in_words("Bàn giao", "Hand over"),
    )


def moving_told(told: Preview) -> str:
    """How much goes over, in a sentence."""
    reports, accounts = amount(told.reports), amount(told.accounts)
    rules, wishes = amount(len(told.rules)), amount(told.subscriptions)
    return in_words(
        f"Chuyển theo: {reports} phản ánh chưa xong, vai trò của {accounts} tài khoản, "
        f"{rules} quy tắc, {wishes} lượt theo dõi địa bàn.",
        f"What goes over: {reports} unfinished reports, the roles of {accounts} accounts, "
        f"{rules} rules, {wishes} subscriptions.",
    )


def _row(form: Form) -> dict[str, Any]:
    return {name: form.line(name) for name in _WORDS}


def _draw(code: str | None, form: Form | None = None) -> Response:
    """An office's page; without a code, that of a new one."""
    city = snapshot.current()
    row = editing.as_written(OFFICES, code) if code else {}
    office = city.facts.offices.get(code) if code else None
    if code and office is None:
        raise NotFound
    others = [pair for pair in named.office_choices(city) if pair[0] != code]
    kinds = [kind for kind in KINDS if kind is not OfficeKind.CENTRE]
    return page(
        "console/city/office.html",
        office=office,
        form=form or Form({name: str(value) for name, value in row.items()}),
        seen=editing.mark_of(row) if row else "",
        others=others,
        areas=named.area_choices(city),
        kinds=[(str(kind), in_words(*KINDS[kind])) for kind in kinds],
        valid=office is not None and is_valid(office, city.day),
        name_of=named.name_of,
        office_name=named.office_name,
        kind_name=_kind_name,
    )


def _tree(city: City) -> list[tuple[Office, int]]:
    """Each office with its depth, those below right after the one above, by name."""
    below: dict[str | None, list[Office]] = {}
    for office in city.office_by_code.values():
        above = city.parent(office)
        below.setdefault(above.code if above else None, []).append(office)
    found: list[tuple[Office, int]] = []

    def walk(above: str | None, depth: int) -> None:
        ordered = dict(by_name((one.code, named.name_of(one)) for one in below.get(above, ())))
        for code in ordered:
            found.append((city.office_by_code[code], depth))
            walk(code, depth + 1)

    walk(None, 0)
    return found


def _kind_name(kind: str) -> str:
    return in_words(*KINDS[OfficeKind(kind)])
