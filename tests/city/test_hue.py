"""The shipped city: true to its sources, whole, and with an answer for every case."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from reports import deadlines, offices
from reports.city.snapshot import City
from reports.places import Place
from reports.routing import choose_office


def test_the_forty_units_are_as_the_resolution_names_them(city: City, shared_data: Path) -> None:
    with (shared_data / "admin" / "hue_units_2025.csv").open() as file:
        units = list(csv.DictReader(file))

    assert len(city.area_by_code) == len(units) == 40
    for unit in units:
        area = city.area_by_code[unit["code"]]
        assert (area.name_vi, area.kind) == (unit["name_vi"], unit["kind"])
        assert (area.population, area.area_km2) == (
            int(unit["population"]),
            float(unit["area_km2"]),
        )
        assert (area.lat, area.lng) == (float(unit["label_lat"]), float(unit["label_lng"]))


def test_every_area_has_its_committee_under_the_city(city: City) -> None:
    for area in city.area_by_code.values():
        committee = city.committee_of(area.code)
        assert committee is not None
        name = area.name_vi[0].lower() + area.name_vi[1:]
        assert committee.name_vi == f"UBND {name}"
        assert [over.code for over in offices.above(committee, city)] == ["ubnd-tp"]


def test_people_still_find_an_area_by_its_former_names(city: City) -> None:
    names = {area.code: area.other_names for area in city.area_by_code.values()}

    assert "Phường Gia Hội" in names["19753"]
    assert "Phường Thuận Hoá" in names["19789"]  # the other spelling
    assert "Thị trấn Sịa" in names["19867"]


def test_the_offices_form_one_tree_with_one_centre(city: City) -> None:
    tops = [office for office in city.office_by_code.values() if office.parent_code is None]

    assert [office.code for office in tops] == ["ubnd-tp"]
    others = [office for office in city.office_by_code.values() if office != tops[0]]
    assert all([*offices.above(office, city)][-1] == tops[0] for office in others)
    assert city.centre.code == "hue-ioc"
    assert {o.code for o in offices.children(city.office_by_code["cong-an"], city)} == {
        "canh-sat-pccc",
        "csgt",
    }


def test_every_category_finds_an_office_in_every_area_and_says_why(city: City) -> None:
    for category in city.offered_categories():
        for area in city.area_by_code.values():
            choice = choose_office(category, Place(area), city)
            assert choice.office.code in city.office_by_code
            assert area.name_vi in choice.reason_vi
            assert choice.reason_en
            if category.about_officials:
                assert choice.accused is not None
                assert choice.office.code == choice.accused.parent_code


@pytest.mark.parametrize(
    ("category", "area", "office"),
    [
        ("rac-thai", "19789", "hepco"),
        ("rac-thai", "20044", "ubnd-20044"),
        ("o-nhiem", "20137", "bql-kkt"),
        ("o-nhiem", "19789", "so-nnmt"),
        ("mat-dien", "20182", "dien-luc"),
        ("lan-chiem", "19753", "ubnd-19753"),
        ("khac", "19753", "hue-ioc"),
    ],
)
def test_the_most_specific_rule_decides(city: City, category: str, area: str, office: str) -> None:
    kind, place = city.category_by_code[category], Place(city.area_by_code[area])

    assert choose_office(kind, place, city).office.code == office


def test_categories_speak_both_languages_and_say_what_they_need(city: City) -> None:
    offered = city.offered_categories()

    assert 25 <= len(offered) <= 32
    for category in offered:
        assert category.name_vi != category.name_en
        assert category.icon
        assert category.group in city.profile.settings["groups"]
        for question in category.questions:
            assert question["text_vi"] != question["text_en"]
    urgent = {category.code for category in offered if category.urgent}
    assert {"dien-nguy-hiem", "chay-no", "sat-lo"} <= urgent
    assert {c.code for c in offered if c.private} >= {"bao-luc", "thu-tuc", "thai-do"}


def test_corruption_is_pointed_to_its_legal_channel(city: City) -> None:
    channel = city.category_by_code["tham-nhung"].legal_channel

    assert channel is not None
    assert "Thanh tra thành phố" in channel["channel_vi"]
    assert "Inspectorate" in channel["channel_en"]


def test_a_retired_category_is_accepted_under_its_successor(city: City) -> None:
    draft = city.category("cong-thoat-nuoc")

    assert draft is not None
    assert draft.code == "ngap-nuoc"
    before = city.category("cong-thoat-nuoc", datetime(2026, 2, 1, tzinfo=UTC))
    assert before is not None
    assert before.code == "cong-thoat-nuoc"
    assert "cong-thoat-nuoc" not in city.category_by_code
    assert city.category("no-such-thing") is None


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 1, 2), False),  # swapped for the Saturday after
        (date(2026, 1, 10), True),
        (date(2026, 8, 22), True),  # swapped for the Monday before National Day
        (date(2026, 8, 31), False),
        (date(2026, 2, 17), False),  # Tết
        (date(2026, 11, 24), False),  # Vietnam Cultural Day, new this year
        (date(2025, 4, 26), True),
        (date(2024, 5, 4), True),
        (date(2023, 1, 20), False),
        (date(2026, 3, 2), True),
    ],
)
def test_the_days_off_of_a_country_that_decides_late(
    city: City,
    day: date,
    worked: bool,  # noqa: FBT001
) -> None:
    assert bool(city.calendar.spans_on(day)) is worked


@pytest.mark.parametrize(
    ("at", "worked"),
    [
        ("2022-08-31T00:45Z", True),  # 7:45, before the decision of September 2022
        ("2022-09-01T00:45Z", False),  # a holiday
        ("2022-09-06T00:45Z", False),  # 7:45, when work began at 8:00
        ("2026-07-01T06:15Z", False),  # 13:15 in summer
        ("2026-12-01T06:15Z", True),  # 13:15 in winter
    ],
)
def test_working_hours_are_those_of_their_time(
    city: City,
    at: str,
    worked: bool,  # noqa: FBT001
) -> None:
    moment = datetime.fromisoformat(at)

    assert deadlines.is_working(city.calendar, moment) is worked


@pytest.mark.parametrize(
    ("sent", "due"),
    [
        ("2024-08-09T11:15+07:00", "2024-08-20"),
        ("2025-07-01T16:28+07:00", "2025-07-10"),
        ("2022-01-28T10:12+07:00", "2022-02-15"),
    ],
)
def test_seven_days_end_where_the_real_city_ended_them(city: City, sent: str, due: str) -> None:
    moment = deadlines.due_after_days(city.calendar, datetime.fromisoformat(sent), 7)

    assert city.calendar.local_day(moment) == date.fromisoformat(due)
