"""While everything is made anew, facts are newer than the sums of them: answers say so, and nothing
that stays for ever is made of them."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from reports.figures import indicators, keeping, links, periods
from reports.figures.asked import Asked
from reports.figures.frozen.contents import read_contents
from reports.figures.moment import FiguresMadeAnew
from reports.figures.public import publishing
from reports.statuses import Role
from tests.figures.conftest import Counted

MARCH = periods.month(2026, 3)
AFTER = datetime(2026, 4, 6, 1, tzinfo=UTC)  # past the cut-off on the 5th


def a_paper(_: Counted) -> object:
    return read_contents(MARCH, number=1, at=AFTER)


def a_published_month(_: Counted) -> object:
    return publishing.publish(MARCH, at=AFTER)


def a_link(house: Counted) -> object:
    asked = Asked(period=MARCH)
    leader = house.official(Role.LEADER).account_id
    return links.keep(asked, house.city, "vi", by=leader, at=AFTER)


@pytest.mark.parametrize("freeze", [a_paper, a_published_month, a_link])
def test_nothing_is_frozen_while_everything_is_made_anew(
    house: Counted, freeze: Callable[[Counted], object]
) -> None:
    house.submits()
    house.follow()
    keeping.begin_anew()

    with pytest.raises(FiguresMadeAnew):
        freeze(house)

    house.follow()
    assert freeze(house)


def test_an_answer_says_that_everything_is_made_anew(house: Counted) -> None:
    house.submits()
    house.follow()
    assert not indicators.read(MARCH, at=AFTER).anew

    keeping.begin_anew()
    assert indicators.read(MARCH, at=AFTER).anew

    house.follow()
    assert not indicators.read(MARCH, at=AFTER).anew
