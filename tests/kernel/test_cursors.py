"""Cursors: opaque, signed, of the shape that was given out."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from app.pagination import (
    BadCursor,
    PageIn,
    decode_cursor,
    encode_cursor,
    page,
    page_links,
)
from tests.kernel.conftest import kernel_house

HOUSE = kernel_house()
values = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
    | st.uuids()
    | st.datetimes(timezones=st.just(UTC))
)


@pytest.fixture(autouse=True)
def within_the_house(house: Flask) -> Iterator[None]:
    with house.app_context():
        yield


@given(st.lists(values, max_size=4))
def test_what_went_in_comes_out(sort_key: list[object]) -> None:
    with HOUSE.app_context():
        assert decode_cursor(encode_cursor(*sort_key)) == tuple(sort_key)


def test_a_cursor_fits_an_address_as_it_is() -> None:
    cursor = encode_cursor(datetime(2026, 11, 21, tzinfo=UTC), uuid4(), "đường?&")

    assert cursor.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize(
    "text",
    ["", "x", "nonsense", "AAAA", "!!!", "é", "a" * 400, "=", "W10", "\x00", "AAAAAAAAAAAW10"],
)
def test_a_made_up_cursor_is_refused_at_after(text: str) -> None:
    with pytest.raises(BadCursor) as refused:
        decode_cursor(text)

    assert refused.value.field == "after"


def test_a_changed_cursor_is_refused() -> None:
    cursor = encode_cursor(7, "a")

    for place in range(len(cursor)):
        other = "A" if cursor[place] != "A" else "B"
        changed = cursor[:place] + other + cursor[place + 1 :]
        try:
            assert decode_cursor(changed) == (7, "a")  # the last letter holds spare bits
            assert place == len(cursor) - 1
        except BadCursor:
            pass


def test_a_cursor_of_another_list_is_refused() -> None:
    cursor = encode_cursor(datetime(2026, 11, 21, tzinfo=UTC), uuid4())

    assert len(decode_cursor(cursor, datetime, UUID)) == 2
    with pytest.raises(BadCursor):
        decode_cursor(cursor, int, UUID)
    with pytest.raises(BadCursor):
        decode_cursor(cursor, datetime)


def test_a_cursor_of_another_house_is_refused() -> None:
    other = kernel_house(secret_key="another secret of a city, of forty letters")
    with other.app_context():
        cursor = encode_cursor(1)

    with pytest.raises(BadCursor):
        decode_cursor(cursor)


def test_the_link_keeps_the_filters_and_replaces_the_cursor(house: Flask) -> None:
    with house.test_request_context("/api/v1/reports?status=a&status=b&q=ngập&after=old"):
        assert page_links("new") == {
            "Link": '</api/v1/reports?status=a&status=b&q=ng%E1%BA%ADp&after=new>; rel="next"'
        }
        assert page_links(None) == {}
    assert page([1], "n") == {"items": [1], "next": "n"}


def test_limits_are_bounded() -> None:
    for most in (1, 100):
        assert PageIn().load({"limit": str(most)})["limit"] == most
    for text in ("0", "101", "-1", "1.5", "ten", "", "9" * 5000):
        with pytest.raises(ValidationError):
            PageIn().load({"limit": text})
    assert PageIn().load({}) == {"limit": 20, "after": None}
