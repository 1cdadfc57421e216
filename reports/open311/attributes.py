"""A request's attributes as answers to its category's questions. What is not asked is left alone,
as clients send forms of their own with each request; whether the rest fits, `questions` says.
"""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from reports import entry_in
from reports.city.values import Category
from reports.open311.errors import NotYesNo
from reports.open311.services import NO, YES

_YES, _NO = frozenset({YES, "1", "yes"}), frozenset({NO, "0", "no"})


def answers(category: Category, given: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """As a form's. Raises NotYesNo, naming `answers.<code>`."""
    typed = dict(given)
    for question in category.questions:
        texts = typed.get(question["code"])
        if texts and question["kind"] == "yes_no":
            typed[question["code"]] = [_yes_no(texts[0], question["code"])]
    found = entry_in.answered(category, typed)
    # A number that is none, or not finite, stays as it was written, and is refused so.
    return {code: _finite(one, typed[code][0]) for code, one in found.items()}


def _yes_no(text: str, code: str) -> str:
    said = text.lower()
    if said not in _YES | _NO:
        raise NotYesNo(field=f"answers.{code}")
    return "yes" if said in _YES else "no"


def _finite(answer: Any, text: str) -> Any:
    return text if isinstance(answer, float) and not isfinite(answer) else answer
