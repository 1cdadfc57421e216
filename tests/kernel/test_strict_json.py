"""JSON from strangers: what is refused, with which sentence, at which field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import strict_json
from app.errors import Malformed

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(json_values)
def test_ordinary_json_comes_through_unchanged(value: object) -> None:
    import json

    assert strict_json.loads(json.dumps(value)) == value
    assert strict_json.loads(json.dumps(value, ensure_ascii=False).encode()) == value


ZOO = [
    (b"", "not-json", None),
    (b"{", "not-json", None),
    (b"{'a': 1}", "not-json", None),
    (b'{"a": 1,}', "not-json", None),
    (b'{"a": 1} x', "not-json", None),
    (b'{"a": "line\nbreak"}', "not-json", None),
    (b'{"a": "\x00"}', "not-json", None),
    (b'{"a": "\xff\xfe"}', "not-json", None),
    ("\ufeff{}".encode(), "not-json", None),
    ('{"a": 1}'.encode("utf-16"), "not-json", None),
    (b'{"a": NaN}', "bad-number", "a"),
    (b'{"a": [1, -Infinity]}', "bad-number", "a/1"),
    (b'{"a": 1e999}', "bad-number", "a"),
    (b'{"a": -1e400}', "bad-number", "a"),
    (b'{"a": ' + b"9" * 400 + b".0}", "bad-number", "a"),
    (b'{"a": 9007199254740993}', "bad-number", "a"),
    (b'{"a": ' + b"9" * 5000 + b"}", "bad-number", None),
    (b'{"a": "x\\u0000y"}', "bad-character", "a"),
    (b'{"a": {"b": ["ok", "\\ud800"]}}', "bad-character", "a/b/1"),
    (b'{"a": "\\udc00\\ud800"}', "bad-character", "a"),
    (b'{"\\u0000": 1}', "bad-character", ""),
    (b'{"a": 1, "a": 2}', "repeated-name", "a"),
    (b'{"x": [{"lat": 1, "lat": 1}]}', "repeated-name", "x/0/lat"),
    (b'{"a/b~": {"c": 1, "c": 2}}', "repeated-name", "a~1b~0/c"),
    (b'{"a":' * 21 + b"1" + b"}" * 21, "too-deep", "a"),
    (b"[" * 100_000, "too-deep", None),
    (b'{"a":' * 100_000, "too-deep", None),
    (b"[" * 100_000 + b"]" * 100_000, "too-deep", None),
]


@pytest.mark.parametrize(("body", "code", "field"), ZOO)
def test_each_malformed_body_is_refused_at_its_field(
    body: bytes, code: str, field: str | None
) -> None:
    with pytest.raises(Malformed) as refused:
        strict_json.loads(body)

    assert refused.value.code == code
    assert (refused.value.field or None) == (field or None)


def test_what_only_looks_suspicious_is_taken() -> None:
    assert strict_json.loads(b'{"a": "\\u0111\\u01b0\\u1eddng \\ud83d\\ude00"}') == {
        "a": "đường 😀"
    }
    assert strict_json.loads(b'{"a": "NaN [[[[[[[[[[[[[[[[[[[[[[[["}') == {
        "a": "NaN [[[[[[[[[[[[[[[[[[[[[[[["
    }
    assert strict_json.loads(b'{"a": 1e308, "b": 16.4637000000000001}') == {
        "a": 1e308,
        "b": 16.4637,
    }
    assert strict_json.loads(b'{"a":' * 20 + b"1" + b"}" * 20)


def test_a_body_of_many_values_is_refused_before_it_is_looked_at() -> None:
    with pytest.raises(strict_json.TooManyValues):
        strict_json.loads(b"[" + b"[]," * 300_000 + b"[]]")

    assert len(strict_json.loads(b"[" + b"[]," * 20_000 + b"[]]")) == 20_001
