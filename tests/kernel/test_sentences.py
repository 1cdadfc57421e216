"""Every message that marshmallow can give has its advice in both languages."""

import inspect
import re
from collections.abc import Iterator

import marshmallow as ma
import pytest
from marshmallow import validate

from app.sentences import both, field_errors, translate


def builtin_messages() -> Iterator[str]:
    """All default messages of fields, schemas and validators, their blanks filled."""
    blanks = {
        "obj_type": "datetime",
        "awareness": "aware",
        "input": "x",
        "choices": "a, b",
        "values": "a, b",
        "min": "1",
        "max": "5",
        "equal": "3",
        "other": "7",
    }
    for _, kind in inspect.getmembers(ma.fields, inspect.isclass):
        if issubclass(kind, ma.fields.Field):
            for message in getattr(kind, "default_error_messages", {}).values():
                yield message.replace("{input!r}", "'x'").format(**blanks)
    yield from ma.Schema.error_messages.values()
    yield from ma.Schema._default_error_messages.values()  # type: ignore[attr-defined]
    for name, kind in inspect.getmembers(validate, inspect.isclass):
        for attribute in ("default_message", "message_min", "message_max", "message_all"):
            message = getattr(kind, attribute, None)
            if message and name != "Range":
                yield message.format(**blanks)
    yield validate.Length.message_equal.format(**blanks)


def range_messages() -> Iterator[str]:
    for low, high, value in ((1, 5, 9), (1, None, 0), (None, 5, 9), (-180, 180, 1e9)):
        for inclusive in (True, False):
            check = validate.Range(low, high, min_inclusive=inclusive, max_inclusive=inclusive)
            with pytest.raises(ma.ValidationError) as refused:
                check(value)
            yield str(refused.value)


def test_no_message_of_marshmallow_is_left_untranslated() -> None:
    for message in {*builtin_messages(), *range_messages()}:
        said = translate(message)

        assert said.vi != message, message
        assert str(said) != message, message
        assert said.vi != str(said)
        assert not re.search(r"[{}]", said.replace("{…}", "") + said.vi.replace("{…}", ""))


def test_bounds_and_choices_are_told() -> None:
    assert translate("Longer than maximum length 2000.").vi.startswith("Quá dài: nhiều nhất 2000")
    assert str(translate("Must be one of: drain, light.")) == "Choose one of: drain, light."
    ranged = "Must be greater than or equal to -90 and less than or equal to 90."
    assert translate(ranged).vi == "Cần một số từ -90 đến 90."


def test_a_schema_may_bring_its_own_sentence() -> None:
    own = both("Chọn ngày khác.", "Choose another day.")

    assert translate(own) is own


def test_nested_messages_become_paths() -> None:
    messages = {
        "photos": {3: ["Not a valid UUID."]},
        "answers": {"a/b": {"value": ["Not a valid string."]}},
        "_schema": ["Invalid input type."],
    }

    assert [error.field for error in field_errors(messages)] == [
        "photos/3",
        "answers/a~1b/value",
        "",
    ]
