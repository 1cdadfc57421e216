"""A category's questions, one form each: added, changed, ordered, retired. Nothing that was asked
is taken away: older answers must stay readable.
"""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from flask import Response, url_for
from marshmallow import ValidationError

from app.auth.guards import current, requires
from app.errors import NotFound
from app.limits import by_account, limit
from app.locale import in_words
from app.sentences import both
from reports.city import editing, snapshot
from reports.city.editing import Unfit
from reports.city.files import Json
from reports.city.importing import CATEGORIES
from reports.permissions import Permission
from web.console.blueprint import blueprint
from web.console.city import named
from web.console.city.forms import Form, bare, sent, taken
from web.console.drawing import page

NEW = "new"
SPARE = 4  # rows for options to come
KINDS: dict[str, tuple[str, str]] = {
    "choice": ("Chọn một", "Choose one"),
    "choices": ("Chọn nhiều", "Choose several"),
    "yes_no": ("Có hoặc không", "Yes or no"),
    "text": ("Viết ngắn", "A few words"),
    "number": ("Con số", "A number"),
}
WITH_OPTIONS = frozenset({"choice", "choices"})
NEEDED = both("Viết câu hỏi.", "Write the question.")
_OPTION_PARTS = ("code", "vi", "en", "urgent", "retired")


@blueprint.get("/city/categories/<code>/questions/<question>")
@requires(Permission.ADMIN)
def city_question(code: str, question: str) -> Response:
    return _draw(code, question)


@blueprint.post("/city/categories/<code>/questions/<question>")
@requires(Permission.ADMIN)
@limit("300 per hour", by=by_account)
def city_question_change(code: str, question: str) -> Response:
    form = sent()

    def act() -> bool:
        before = _stored(code)
        at = len(before) if question == NEW else _place(before, question)
        fresh = _question(form, before[at] if question != NEW else None, before)
        with_it = [*before[:at], fresh, *before[at + 1 :]]
        return _store(code, with_it, form, at=at)

    again = partial(_draw, code, question)
    return taken(act, form=form, again=again, then=url_for("console.city_category", code=code))


@blueprint.post("/city/categories/<code>/questions/<question>/retire")
@requires(Permission.ADMIN)
@limit("300 per hour", by=by_account)
def city_question_retire(code: str, question: str) -> Response:
    """No longer asked; with `again`, asked again."""
    form = sent()

    def act() -> bool:
        before = _stored(code)
        at = _place(before, question)
        before[at] = {**before[at], "retired": not form.checked("again")}
        return _store(code, before, form)

    again = partial(_draw, code, question)
    return taken(act, form=form, again=again, then=url_for("console.city_category", code=code))


@blueprint.post("/city/categories/<code>/questions/<question>/move")
@requires(Permission.ADMIN)
@limit("600 per hour", by=by_account)
def city_question_move(code: str, question: str) -> Response:
    """One place up, or down."""
    form = sent()

    def act() -> bool:
        questions = _stored(code)
        at = _place(questions, question)
        to = min(max(at + (1 if form.get("way") == "down" else -1), 0), len(questions) - 1)
        questions.insert(to, questions.pop(at))
        return _store(code, questions, form)

    again = partial(_draw, code, question)
    return taken(act, form=form, again=again, then=url_for("console.city_category", code=code))


def _stored(code: str) -> list[Json]:
    return list(editing.as_written(CATEGORIES, code).get("questions", ()))


def _place(questions: Sequence[Json], code: str) -> int:
    for at, question in enumerate(questions):
        if question["code"] == code:
            return at
    raise NotFound


def _store(code: str, questions: Sequence[Json], form: Form, *, at: int | None = None) -> bool:
    """Keep them; what is wrong with the one at `at` is told beside its own fields."""
    seen = form.get("seen") or None
    try:
        return editing.set_questions(code, questions, by=current().account_id, seen=seen)
    except Unfit as wrong:
        if at is None:
            raise
        raise Unfit(errors=_beside(wrong.facts["errors"], at, form)) from None


def _beside(errors: Mapping[str, Any], at: int, form: Form) -> dict[str, Any]:
    """`questions.2.options.1.vi` as the field of this form."""
    rows = _filled(form)
    found = {}
    for path, sentence in errors.items():
        name = path.removeprefix(f"questions.{at}.")
        if option := re.fullmatch(r"options\.(\d+)\.(\w+)", name):
            name = f"o{rows[int(option[1])]}_{option[2]}"
        found[name] = sentence
    return found


def _question(form: Form, old: Json | None, others: Sequence[Json]) -> Json:
    """What the form says, as in a file. Code and kind of a known one stay as they are."""
    kind = old["kind"] if old else form.get("kind")
    if old is None and form.line("text_vi") is None:
        raise ValidationError({"text_vi": [NEEDED]})
    taken_codes = {one["code"] for one in others}
    code = old["code"] if old else code_for(form.line("text_vi") or "", taken_codes)
    question: Json = {
        "code": code,
        "text_vi": form.line("text_vi") or "",
        "text_en": form.line("text_en") or "",
        "kind": kind,
        "required": form.checked("required"),
        "urgent": form.checked("urgent"),
        "retired": bool(old and old.get("retired")),
    }
    return question | ({"options": _options(form)} if kind in WITH_OPTIONS else {})


def _filled(form: Form) -> list[int]:
    """The numbers of the rows that hold an option: a known one, or words."""
    rows = range(int(form.get("options") or 0) if form.get("options").isdigit() else 0)
    return [n for n in rows if any(form.line(f"o{n}_{part}") for part in ("code", "vi", "en"))]


def _options(form: Form) -> list[Json]:
    found: list[Json] = []
    for n in _filled(form):
        words = form.line(f"o{n}_vi") or ""
        codes = {option["code"] for option in found} | {
            known for other in _filled(form) if (known := form.line(f"o{other}_code"))
        }
        found.append(
            {
                "code": form.line(f"o{n}_code") or code_for(words, codes),
                "vi": words,
                "en": form.line(f"o{n}_en") or "",
                "urgent": form.checked(f"o{n}_urgent"),
                "retired": form.checked(f"o{n}_retired"),
            }
        )
    return found


def code_for(words: str, taken_codes: set[str]) -> str:
    """A code from words: "Nước sâu đến đâu?" gives nuoc-sau-den-dau."""
    plain = re.sub(r"[^a-z0-9]+", "-", bare(words)).strip("-")[:36].strip("-") or "muc"
    numbered = (f"{plain}-{number}" for number in range(2, 100))
    return next(code for code in (plain, *numbered) if code not in taken_codes)


def _draw(code: str, question: str, form: Form | None = None) -> Response:
    category = snapshot.current().facts.categories.get(code)
    if category is None:
        raise NotFound
    row = editing.as_written(CATEGORIES, code)
    questions = row.get("questions", [])
    stored = None if question == NEW else questions[_place(questions, question)]
    form = form or _form_of(stored or {})
    return page(
        "console/city/question.html",
        category=category,
        category_name=named.name_of(category),
        stored=stored,
        form=form,
        seen=editing.mark_of(row),
        rows=int(form.get("options") or SPARE),
        kinds=[(kind, in_words(*words)) for kind, words in KINDS.items()],
        kind_name=lambda kind: in_words(*KINDS[kind]),
        with_options=stored is None or stored["kind"] in WITH_OPTIONS,
    )


def _form_of(question: Json) -> Form:
    values = {name: str(question.get(name, "")) for name in ("text_vi", "text_en", "kind")}
    values |= {name: "yes" for name in ("required", "urgent") if question.get(name)}
    options = question.get("options", ())
    for n, option in enumerate(options):
        for part in _OPTION_PARTS:
            value = option.get(part, "")
            values[f"o{n}_{part}"] = "yes" if value is True else str(value)
    values["options"] = str(len(options) + SPARE)
    return Form(values)
