"""The page and the paper say the same of a change, in the same words."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.locale import current_locale
from reports.figures.change_words import is_nothing, said
from reports.figures.changes import By, Change, State
from reports.figures.frozen import saying
from reports.figures.frozen.contents import Told
from web.dashboard.words import chance_words, change_in_cell, change_words


@pytest.fixture(params=["vi", "en"])
def locale(app: Flask, request: pytest.FixtureRequest) -> Iterator[str]:
    language = str(request.param)
    with app.test_request_context(headers={"Accept-Language": language}):
        assert current_locale() == language
        yield language


def on_paper(change: Change, locale: str) -> str:
    told: Told = {
        "value": 1.0, "sample": 99, "past": change.past, "amount": change.amount,
        "by": str(change.by), "state": str(change.state), "sure": change.sure,
    }  # fmt: skip
    return saying.change(told, locale)


@pytest.mark.parametrize("state", [State.TOO_FEW, State.RIPENING])
def test_why_nothing_is_told_is_said_alike(locale: str, state: State) -> None:
    change = Change(state, By.POINTS, None, 0.5, 9)

    assert change_words(change) == on_paper(change, locale) != ""


@pytest.mark.parametrize("by", By)
@pytest.mark.parametrize("amount", [2.14, -120.0, 5_000.0, 0.004])
def test_how_much_it_is_is_said_alike(locale: str, by: By, amount: float) -> None:
    change = Change(State.TOLD, by, amount, 50.0, 99)

    assert change_words(change) == on_paper(change, locale)


def test_amounts_have_their_sign_and_their_unit() -> None:
    told = [
        said(12.3, By.PERCENT, "vi"), said(-2.14, By.POINTS, "vi"), said(-11_520, By.SECONDS, "vi"),
        said(57, By.NUMBER, "en"), said(0.25, By.STARS, "en"), said(0.004, By.PERCENT, "vi"),
    ]  # fmt: skip

    assert told == ["+12%", "−2,1 điểm phần trăm", "−3,2 giờ", "+57", "+0.25 stars", "không đổi"]
    in_a_cell = [
        said(-2.14, By.POINTS, "vi", short=True), said(11_520, By.SECONDS, "vi", short=True),
        said(12.3, By.PERCENT, "en", short=True),
    ]  # fmt: skip
    assert in_a_cell == ["−2,1 điểm %", "+0,4 ngày", "+12%"]
    assert [is_nothing(one) for one in told] == [False] * 5 + [True]


@pytest.mark.parametrize(("by", "amount"), [(By.POINTS, 0.04), (By.SECONDS, -100), (By.NUMBER, 0)])
def test_what_is_nothing_as_it_is_written_is_unchanged_and_not_chance(
    locale: str, by: By, amount: float
) -> None:
    nothing = Change(State.TOLD, by, amount, 50.0, 99, sure=False)

    unchanged = "không đổi" if locale == "vi" else "unchanged"
    assert change_words(nothing) == on_paper(nothing, locale) == unchanged
    assert change_in_cell(nothing) == unchanged
    assert chance_words(nothing) == ""


def test_of_what_did_change_it_is_said_that_it_may_be_chance(locale: str) -> None:
    unsure = Change(State.TOLD, By.POINTS, 2.14, 50.0, 99, sure=False)

    assert chance_words(unsure) in {"có thể chỉ do ngẫu nhiên", "may be chance alone"}
