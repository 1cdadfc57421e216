"""Which language the reader gets."""

import pytest
from flask import Flask

from app.locale import current_locale, in_words, remember_caller_locale


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (None, "vi"),
        ("", "vi"),
        ("vi", "vi"),
        ("vi-VN,vi;q=0.9,en;q=0.8", "vi"),
        ("en", "en"),
        ("en-GB;q=0.9, fr", "en"),
        ("fr, de;q=0.5", "vi"),
        ("*", "vi"),
        ("en;q=0", "vi"),
        ("nonsense;;q=x,,", "vi"),
    ],
)
def test_the_language_asked_for_is_given(house: Flask, asked: str | None, given: str) -> None:
    headers = {} if asked is None else {"Accept-Language": asked}
    with house.test_request_context(headers=headers):
        assert current_locale() == given
        assert in_words("xin chào", "hello") == {"vi": "xin chào", "en": "hello"}[given]


def test_a_signed_in_caller_is_spoken_to_in_his_own_unless_he_asks(house: Flask) -> None:
    with house.test_request_context():
        remember_caller_locale("en")
        assert current_locale() == "en"
    with house.test_request_context(headers={"Accept-Language": "vi"}):
        remember_caller_locale("en")
        assert current_locale() == "vi"
    with house.test_request_context():
        remember_caller_locale("tlh")
        assert current_locale() == "vi"


def test_outside_a_request_it_is_vietnamese() -> None:
    assert current_locale() == "vi"
