"""What is new is told above what is merely large: thirteen months of reports, made up as facts."""

import random
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, text

from app.database import db
from reports.figures import rollups
from reports.figures.models import ReportFact
from reports.figures.news import News, news
from reports.figures.periods import Period, month, months_of, months_until
from reports.figures.scope import Scope
from tests.figures.conftest import Counted

NOVEMBER = month(2026, 11)
AFTER = datetime(2026, 12, 3, 3, tzinfo=UTC)
YEAR = months_until(date(2026, 11, 1), 13)


class Town:
    """Facts by ward and category, and the roll-ups made of them."""

    def __init__(self, house: Counted) -> None:
        self.house = house
        self.areas = sorted(one.id for one in house.city.area_by_code.values())
        self.categories = sorted(one.id for one in house.city.offered_categories())
        self.facts: list[dict[str, object]] = []
        self.came(0, 0, month(2025, 10), 1)  # the city is there, before all that is looked at

    def came(self, area: int, category: int, period: Period, number: int) -> list[UUID]:
        """So many reports, spread over the days of a period."""
        ids = [uuid4() for _ in range(number)]
        self.facts += [
            {
                "report_id": one,
                "day": period.since + timedelta(days=place * period.days // number),
                "area_id": self.areas[area],
                "category_id": self.categories[category],
                "office_id": self.house.city.centre.id,
                "cell": 0x8A65B1A68007FFF, "reporter_id": uuid4(), "urgent": False,
                "source": "app", "fate": "open", "published": True, "rest_s": 0, "reopened": 0,
                "returned": 0, "extended": 0, "recurrence": 1, "stars_sum": 0, "ratings": 0,
                "satisfied": 0, "comments": 0, "unanswered": 0,
            }
            for place, one in enumerate(ids)
        ]  # fmt: skip
        return ids

    def months(self, area: int, category: int, usual: int) -> None:
        """As many in each of the twelve months before November."""
        for first in months_of(YEAR)[:-1]:
            self.came(area, category, month(first.year, first.month), usual)

    def now(
        self, period: Period = NOVEMBER, at: datetime = AFTER, scope: Scope | None = None
    ) -> tuple[News, ...] | None:
        db.session.execute(insert(ReportFact), self.facts)
        days = {fact["day"] for fact in self.facts}
        for group in rollups.groups_of(day for day in days if isinstance(day, date)):
            if group.span == "month":
                values = {"span": group.span, "start": group.start, "until": group.until}
                db.session.execute(rollups.MAKE["figure_group"], values)
        db.session.commit()
        return news(period, scope=scope or Scope(), at=at)

    def told(self, at: datetime = AFTER, scope: Scope | None = None) -> tuple[News, ...]:
        """What is new in November, which can be told."""
        found = self.now(at=at, scope=scope)
        assert found is not None
        return found

    def names(self, area: int, category: int) -> tuple[str, str]:
        city = self.house.city
        return (
            city.area_by_id[self.areas[area]].name_vi,
            city.categories_by_id[self.categories[category]].name_vi,
        )


@pytest.fixture
def town(house: Counted) -> Town:
    house.follow()  # the first making, of nothing: what is put in afterwards stays
    return Town(house)


def test_a_category_well_above_its_own_past_in_a_ward_is_told_with_its_numbers(town: Town) -> None:
    town.months(1, 2, 12)
    town.came(1, 2, NOVEMBER, 38)

    (found,) = town.told()

    assert (found.area, found.category) == (town.areas[1], town.categories[2])
    assert (found.count, found.months) == (38, 12)
    assert found.usual == pytest.approx(12 * 12 * 30 / 365)
    ward, category = town.names(1, 2)
    assert found.vi == (
        f"{category} ở {ward}: 38 phản ánh trong tháng 11/2026, bình thường khoảng 12"
        " (theo 12 tháng trước). Khó có thể do ngẫu nhiên (p < 0,001)."
    )
    assert found.en.endswith(
        ": 38 reports in November 2026, where about 12 are usual (by the 12 months before)."
        " Hardly by chance (p < 0.001)."
    )


def test_what_is_merely_large_is_not_told(town: Town) -> None:
    town.months(1, 2, 200)
    town.came(1, 2, NOVEMBER, 210)

    assert town.now() == ()


def test_what_came_as_thick_in_another_month_is_not_new(town: Town) -> None:
    """Floods come every year: 5 a month, but 40 in one of them."""
    town.months(1, 2, 5)
    town.came(1, 2, month(2026, 5), 40)
    town.came(1, 2, NOVEMBER, 38)

    assert town.now() == ()


def test_few_reports_are_no_news(town: Town) -> None:
    town.came(1, 2, NOVEMBER, 9)

    assert town.now() == ()


def test_what_never_came_before_is_new(town: Town) -> None:
    town.came(1, 2, NOVEMBER, 12)

    (found,) = town.told()

    assert (found.count, found.usual) == (12, 0)
    assert "12 phản ánh trong tháng 11/2026, mà 12 tháng trước chưa có phản ánh nào." in found.vi
    assert "where none came in the 12 months before. Hardly" in found.en


def test_the_same_news_of_three_wards_is_told_once_of_the_city(town: Town) -> None:
    for area, now in ((1, 30), (2, 45), (3, 31)):
        town.months(area, 2, 8)
        town.came(area, 2, NOVEMBER, now)

    (found,) = town.told()

    assert found.area is None
    assert found.count == 106
    assert found.areas == (town.areas[2], town.areas[3])
    assert f"nhiều nhất ở {town.names(2, 2)[0]} và {town.names(3, 2)[0]}" in found.vi
    assert "toàn thành phố" in found.vi


def test_news_of_one_offices_reports_are_not_told_of_the_city(town: Town) -> None:
    town.months(1, 2, 8)
    town.came(1, 2, NOVEMBER, 30)
    centre = town.house.city.centre

    (found,) = town.told(scope=Scope(office=centre.id))

    ward, category = town.names(1, 2)
    begins = f"{category} ở {ward}, trong các phản ánh của {centre.name_vi}: 30 phản ánh trong"
    assert found.vi.startswith(begins)
    assert f", among the reports of {centre.name_en}: 30 reports in November" in found.en


def test_days_are_told_from_the_first_to_the_last(town: Town) -> None:
    town.months(1, 2, 8)
    town.came(1, 2, NOVEMBER, 30)

    (found,) = town.now(Period(date(2026, 11, 1), date(2026, 11, 29))) or ()

    assert " phản ánh từ 1/11 đến 28/11/2026, " in found.vi


def test_three_sentences_at_most_the_least_likely_first(town: Town) -> None:
    for category, now in ((1, 30), (2, 40), (3, 50), (4, 60)):
        town.months(1, category, 8)
        town.came(1, category, NOVEMBER, now)

    assert [found.count for found in town.told()] == [60, 50, 40]


def test_mere_chance_makes_no_news(town: Town) -> None:
    """Ten wards and ten categories, each with its own Poisson's month: of a hundred groups and ten
    totals none is told."""
    dice = random.Random(5)
    for area in range(10):
        for category in range(10):
            usual = 2 + area + category
            for first in months_of(YEAR):
                drawn = sum(dice.random() < usual / 200 for _ in range(200))
                town.came(area, category, month(first.year, first.month), drawn)

    assert town.now() == ()


def test_a_month_that_is_not_over_is_judged_by_its_days(town: Town) -> None:
    """Seventeen in five days, where twelve come in a month: told on the 6th, and not at the end,
    when no more have come."""
    town.months(1, 2, 12)
    town.came(1, 2, Period(date(2026, 11, 1), date(2026, 11, 6)), 17)

    (early,) = town.told(at=datetime(2026, 11, 6, 3, tzinfo=UTC))
    late = news(NOVEMBER, at=AFTER)

    assert early.period.code == "2026-11-01..2026-11-05"
    assert early.usual == pytest.approx(12 * 12 * 5 / 365)
    assert "từ 1/11 đến 5/11/2026, bình thường khoảng 2 (" in early.vi
    assert late == ()


def test_of_a_city_with_a_short_past_nothing_can_be_told(house: Counted) -> None:
    house.follow()
    town = Town(house)
    town.facts = []
    for first in months_of(YEAR)[-4:-1]:  # August to October: of these August may be cut
        town.came(1, 2, month(first.year, first.month), 12)
    town.came(1, 2, NOVEMBER, 38)

    assert town.now() is None


def test_before_a_day_is_over_nothing_can_be_told(town: Town) -> None:
    town.months(1, 2, 12)

    assert town.now(at=datetime(2026, 11, 1, 3, tzinfo=UTC)) is None


def test_a_wards_news_are_its_own(town: Town) -> None:
    for area in (1, 2):
        town.months(area, 2, 12)
        town.came(area, 2, NOVEMBER, 38)

    found = town.told(scope=Scope(area=town.areas[2]))

    assert [one.area for one in found] == [town.areas[2]]


def test_nobody_is_told_news_of_a_group_with_a_report_about_them(town: Town) -> None:
    town.months(1, 2, 12)
    about_them = town.came(1, 2, NOVEMBER, 38)[0]

    found = town.told(scope=Scope(hidden=frozenset({about_them})))

    assert found == ()
    assert len(news(NOVEMBER, at=AFTER) or ()) == 1


def test_of_what_is_too_long_to_be_counted_nothing_can_be_told(town: Town) -> None:
    town.months(1, 2, 12)
    town.came(1, 2, NOVEMBER, 38)

    assert town.now(Period(date(2026, 6, 2), date(2026, 12, 1))) is None


def test_the_facts_are_those_that_were_made_up(town: Town) -> None:
    """The negative control: what was put in is what is counted."""
    town.months(1, 2, 12)
    town.now()

    total = db.session.scalar(
        text(
            "select sum(received) from figure_group where span = 'month' and area_id = :area"
            " and category_id = :category and office_id = 0"
        ),
        {"area": town.areas[1], "category": town.categories[2]},
    )
    assert total == 144
