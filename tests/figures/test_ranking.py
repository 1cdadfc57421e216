"""Who answers on time, most and least; and of whom it cannot be said."""

from dataclasses import replace

from flask import Flask

from reports.figures.definitions import BY_KEY
from reports.figures.frozen.blocks import Telling
from reports.figures.frozen.contents import Contents, Ranked
from reports.figures.frozen.group_chapters import offices
from reports.figures.indicators import Group
from reports.figures.ranking import ranking
from tests.figures.conftest import app, house_app, house_database
from tests.figures.rows import group
from web.dashboard.words import ranking_words

__all__ = ["app", "house_app", "house_database"]


def office(code: str, on_time: int, timed: int, overdue: int = 0) -> Group:
    """`timed` were answered, `on_time` of them in time; `overdue` more are open too long."""
    received = timed + overdue
    return group(
        code, received=received, timed=timed, on_time=on_time, overdue_first=overdue,
        held_reports=received,
    )  # fmt: skip


def codes(ranked: object) -> list[str]:
    return [getattr(one, "group", one).name.code for one in ranked]  # type: ignore[attr-defined]


def test_offices_stand_by_their_share_on_time() -> None:
    found = ranking([office("b", 30, 40), office("a", 20, 40), office("c", 39, 40)])

    assert codes(found.ranked) == ["c", "b", "a"]
    assert [one.place for one in found.ranked] == [1, 2, 3]
    assert [one.share for one in found.ranked] == [0.975, 0.75, 0.5]


def test_what_is_open_past_its_deadline_counts_as_late() -> None:
    found = ranking([office("sits on it", 20, 20, overdue=20), office("answers", 15, 20)])

    assert codes(found.ranked) == ["answers", "sits on it"]
    assert found.ranked[1].sample == 40
    assert found.ranked[1].share == 0.5


def test_of_equal_shares_the_better_founded_comes_first() -> None:
    found = ranking([office("a", 20, 20), office("z", 200, 200)])

    assert codes(found.ranked) == ["z", "a"]
    assert found.ranked[0].low > found.ranked[1].low


def test_equals_share_a_place() -> None:
    found = ranking([office("a", 20, 20), office("b", 20, 20), office("c", 10, 20)])

    assert [one.place for one in found.ranked] == [1, 1, 3]


def test_nineteen_answers_are_too_few_and_none_is_told_as_such() -> None:
    found = ranking([office("few", 19, 19), office("enough", 20, 20), office("none", 0, 0)])

    assert codes(found.ranked) == ["enough"]
    assert codes(found.too_few) == ["few"]
    assert codes(found.nothing) == ["none"]


def test_who_received_much_and_answered_nothing_yet_is_not_told_as_having_had_nothing() -> None:
    found = ranking([group("new", received=50, open=50)])

    assert codes(found.too_few) == ["new"]


def test_a_city_chooses_how_many_are_enough() -> None:
    assert codes(ranking([office("few", 5, 5)], 5).ranked) == ["few"]


def test_nobody_is_among_the_most_and_the_least_responsive() -> None:
    found = ranking([office("a", 39, 40), office("b", 30, 40), office("c", 20, 40)])

    assert codes(found.most(2)) == ["a", "b"]
    assert codes(found.least(2)) == ["c"]
    assert codes(found.least(5)) == []


# What the order is to be read with ---------------------------------------------------------------

CHANCE, NEW = "có thể chỉ do ngẫu nhiên", "Kỳ này còn mới"


def test_where_first_and_last_may_differ_by_chance_it_is_said(app: Flask) -> None:
    """18 and 15 of 20: 70% to 97%, and 53% to 89%."""
    near = ranking([office("a", 18, 20), office("b", 15, 20)])
    far = ranking([office("a", 190, 200), office("b", 100, 200)])

    assert [CHANCE in words for words in ranking_words(near)] == [True]
    assert ranking_words(far) == []
    assert ranking_words(ranking([office("alone", 18, 20)])) == []


def test_that_a_young_period_may_still_change_the_order_is_said(app: Flask) -> None:
    old = [office("a", 190, 200), office("b", 100, 200)]

    made = ranking([replace(one, ripening=True) for one in old])

    assert [NEW in words for words in ranking_words(made)] == [True]


def test_paper_says_the_same_of_its_order() -> None:
    def said(first: float, last: float, ripe: int) -> str:
        return str(offices(Telling(on_paper(first, last, ripe), "vi")))

    assert CHANCE in said(0.9, 0.75, 13) and NEW not in said(0.9, 0.75, 13)
    assert CHANCE not in said(0.95, 0.2, 13)
    assert NEW in said(0.95, 0.2, 12)


def on_paper(first: float, last: float, ripe: int) -> Contents:
    """As much of a report as its chapter on offices reads."""
    most, least = (
        Ranked(code=code, vi=code, en=code, place=place, share=share, sample=20)
        for code, place, share in (("a", 1, first), ("b", 9, last))
    )
    return {  # type: ignore[typeddict-item]
        "offices": [], "total": {key: {"value": None, "sample": 0} for key in BY_KEY},
        "most": [most], "least": [least], "least_sample": 20, "too_few": [],
        "months": [{}] * 13, "ripe": ripe,
    }  # fmt: skip
