"""What was wrong with a form, as a page tells it: a sentence by field, under "" for the whole."""

from collections.abc import Collection

from marshmallow import ValidationError

from app import problems
from app.errors import XomError
from app.locale import current_locale
from app.sentences import field_errors


def wrong_in(error: XomError | ValidationError, asked: Collection[str]) -> dict[str, str]:
    """By field of those that the form asks for; the rest is said above it."""
    locale = current_locale()
    if isinstance(error, ValidationError):
        told = {
            one.field: one.sentence.vi if locale == "vi" else str(one.sentence)
            for one in field_errors(error.messages)
        }
    else:
        told = {one["field"]: one["detail"] for one in problems.fields_of(error, locale)}
    wrong = {(name if name in asked else ""): sentence for name, sentence in told.items()}
    if wrong or isinstance(error, ValidationError):
        return wrong
    return {"": error.sentence(locale)}


def status_of(error: XomError | ValidationError) -> int:
    """The status code of the page that tells it."""
    kind = problems.FieldsInvalid if isinstance(error, ValidationError) else type(error)
    return problems.kind_of(kind)[0]
