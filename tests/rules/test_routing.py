"""Which office gets a report, and the reason it is given in both languages."""

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.city.values import Area, Category, Office, Rule
from reports.places import Place
from reports.routing import RuleBook, choose_office

DRAINS = Category(1, "drain", "Ngập, thoát nước", "Flooding and drains")
LIGHTS = Category(2, "light", "Chiếu sáng", "Street lights")
CONDUCT = replace(DRAINS, id=3, code="conduct", name_vi="Thái độ cán bộ", about_officials=True)
THUAN_HOA = Area(1, "19789", "Phường Thuận Hóa", "Thuan Hoa Ward", "phuong", 16.46, 107.59)
LANG_CO = Area(2, "20137", "Xã Chân Mây - Lăng Cô", "Chan May - Lang Co Commune", "xa", 16.3, 108)
INSIDE = Place(THUAN_HOA)


def office(number: int, code: str, parent: str | None = None, kind: str = "department") -> Office:
    return Office(number, code, f"Đơn vị {code}", f"Office {code}", kind, parent_code=parent)


CITY_HALL = office(1, "city-hall")
CENTRE = office(2, "centre", "city-hall", "centre")
COMMITTEE = office(3, "committee", "city-hall", "committee")
DRAINAGE = office(4, "drainage", "works")
WORKS = office(5, "works", "city-hall")


@dataclass(frozen=True)
class Town:
    """A small city, as routing sees one: some offices, a few rules."""

    rules: RuleBook = field(default_factory=RuleBook)
    centre: Office = CENTRE
    offices: tuple[Office, ...] = (CITY_HALL, CENTRE, COMMITTEE, DRAINAGE, WORKS)
    successors: dict[str, str] = field(default_factory=dict)
    committees: dict[str, Office] = field(default_factory=lambda: {"19789": COMMITTEE})

    def office(self, code: str) -> Office | None:
        named = self.successors.get(code, code)
        return next((one for one in self.offices if one.code == named), None)

    def committee_of(self, area_code: str) -> Office | None:
        return self.committees.get(area_code)

    def parent(self, office: Office) -> Office | None:
        return self.office(office.parent_code) if office.parent_code else None


def rule(code: str, category: str | None, area: str | None, office_code: str = "drainage") -> Rule:
    return Rule(1, code, category, area, office_code)


def town(*rules: Rule, **facts: object) -> Town:
    return replace(Town(rules=RuleBook(rules)), **facts)  # type: ignore[arg-type]


EXACT = rule("drain-19789", "drain", "19789")
OF_CATEGORY = rule("drain-all", "drain", None, "works")
OF_AREA = rule("all-19789", None, "19789", "committee")
OF_ALL = rule("all", None, None, "centre")


def test_the_reason_names_place_category_office_and_rule() -> None:
    choice = choose_office(DRAINS, INSIDE, town(EXACT))

    assert (choice.office, choice.rule, choice.accused) == (DRAINAGE, EXACT, None)
    assert choice.reason_vi == (
        "Điểm nằm trong Phường Thuận Hóa; lĩnh vực Ngập, thoát nước ở đây do Đơn vị drainage "
        "phụ trách (quy tắc drain-19789)."
    )
    assert choice.reason_en == (
        "The point lies in Thuan Hoa Ward; Flooding and drains there is handled by "
        "Office drainage (rule drain-19789)."
    )


def test_outside_the_boundary_the_reason_tells_how_far() -> None:
    choice = choose_office(DRAINS, Place(LANG_CO, outside_m=506), town(OF_CATEGORY))

    assert choice.reason_vi.startswith(
        "Điểm nằm ngoài ranh giới 506 m, gần nhất là Xã Chân Mây - Lăng Cô; lĩnh vực"
    )
    assert choice.reason_en.startswith(
        "The point lies 506 m outside the boundary, nearest to Chan May - Lang Co Commune; "
    )


@pytest.mark.parametrize(
    ("rules", "winner"),
    [
        ([EXACT, OF_CATEGORY, OF_AREA, OF_ALL], EXACT),
        ([OF_CATEGORY, OF_AREA, OF_ALL], OF_CATEGORY),
        ([OF_AREA, OF_ALL], OF_AREA),
        ([OF_ALL], OF_ALL),
        ([rule("other", "light", "19789"), rule("elsewhere", "drain", "20137")], None),
    ],
)
def test_the_most_specific_rule_wins(rules: list[Rule], winner: Rule | None) -> None:
    choice = choose_office(DRAINS, INSIDE, town(*reversed(rules)))

    assert choice.rule == winner


def test_of_two_rules_for_the_same_the_lower_code_counts() -> None:
    first, second = rule("a", "drain", "19789", "works"), rule("b", "drain", "19789")

    assert choose_office(DRAINS, INSIDE, town(second, first)).rule == first


@pytest.mark.parametrize(
    ("one", "vi", "en"),
    [
        (OF_CATEGORY, "lĩnh vực Ngập, thoát nước toàn địa bàn do", "drains in the whole city is"),
        (OF_AREA, "mọi lĩnh vực ở đây do", "everything there is handled by"),
        (OF_ALL, "mọi lĩnh vực toàn địa bàn do", "everything in the whole city is handled"),
    ],
)
def test_each_kind_of_rule_has_its_words(one: Rule, vi: str, en: str) -> None:
    choice = choose_office(DRAINS, INSIDE, town(one))

    assert vi in choice.reason_vi
    assert en in choice.reason_en


def test_without_a_rule_the_area_s_committee_has_it() -> None:
    choice = choose_office(LIGHTS, INSIDE, town(EXACT))

    assert (choice.office, choice.rule) == (COMMITTEE, None)
    assert "không có quy tắc riêng nên do Đơn vị committee phụ trách" in choice.reason_vi
    assert "so it falls to Office committee" in choice.reason_en


def test_without_a_committee_the_centre_has_it() -> None:
    choice = choose_office(LIGHTS, Place(LANG_CO), town(EXACT))

    assert (choice.office, choice.rule) == (CENTRE, None)
    assert "nên Đơn vị centre nhận" in choice.reason_vi
    assert "so Office centre takes it" in choice.reason_en


def test_an_office_that_was_replaced_is_followed_and_the_reason_says_so() -> None:
    old = rule("drain-old", "drain", "19789", "drains-before-2025")
    city = town(old, successors={"drains-before-2025": "drainage"})

    choice = choose_office(DRAINS, INSIDE, city)

    assert (choice.office, choice.rule) == (DRAINAGE, old)
    assert "(quy tắc drain-old, đơn vị kế nhiệm của drains-before-2025)" in choice.reason_vi
    assert "(rule drain-old, as successor of drains-before-2025)" in choice.reason_en


def test_a_rule_whose_office_is_gone_is_passed_over() -> None:
    gone = rule("gone", "drain", "19789", "nobody")

    assert choose_office(DRAINS, INSIDE, town(gone, OF_CATEGORY)).rule == OF_CATEGORY
    assert choose_office(DRAINS, INSIDE, town(gone)).office == COMMITTEE


def test_a_report_about_officials_goes_to_the_office_above_and_names_the_accused() -> None:
    choice = choose_office(CONDUCT, INSIDE, town())

    assert (choice.office, choice.accused) == (CITY_HALL, COMMITTEE)
    assert choice.reason_vi.endswith(
        "Phản ánh về cán bộ được chuyển lên cấp trên là Đơn vị city-hall; "
        "Đơn vị committee không xem được."
    )
    assert choice.reason_en.endswith("Office city-hall; Office committee cannot see it.")


def test_about_officials_a_rule_s_office_is_passed_as_well() -> None:
    choice = choose_office(CONDUCT, INSIDE, town(rule("c", "conduct", None)))

    assert (choice.office, choice.accused) == (WORKS, DRAINAGE)


def test_about_the_centre_itself_the_office_above_it_decides() -> None:
    choice = choose_office(CONDUCT, Place(LANG_CO), town())

    assert (choice.office, choice.accused) == (CITY_HALL, CENTRE)


def test_about_an_office_with_none_above_the_centre_decides() -> None:
    choice = choose_office(CONDUCT, INSIDE, town(rule("top", "conduct", None, "city-hall")))

    assert (choice.office, choice.accused) == (CENTRE, CITY_HALL)


def test_a_report_is_never_hidden_from_everybody() -> None:
    """Nobody stands above this centre: it keeps the report, and is not shut out of it."""
    alone = replace(CENTRE, parent_code=None)

    choice = choose_office(CONDUCT, Place(LANG_CO), town(centre=alone, offices=(alone,)))

    assert (choice.office, choice.accused) == (alone, None)


codes_or_any = st.sampled_from([None, "drain", "light", "conduct"])
areas_or_any = st.sampled_from([None, "19789", "20137"])
some_rules = st.lists(
    st.builds(
        rule,
        st.text("abc", min_size=1, max_size=2),
        codes_or_any,
        areas_or_any,
        st.sampled_from(["drainage", "works", "committee", "centre", "city-hall", "nobody"]),
    ),
    max_size=12,
    unique_by=lambda one: one.code,
)


@given(
    rules=some_rules,
    category=st.sampled_from([DRAINS, LIGHTS, CONDUCT]),
    area=st.sampled_from([THUAN_HOA, LANG_CO]),
)
def test_some_office_always_answers_and_never_the_accused(
    rules: list[Rule], category: Category, area: Area
) -> None:
    city = town(*rules)

    choice = choose_office(category, Place(area), city)

    assert choice.office in city.offices
    assert choice.office != choice.accused
    assert (choice.accused is not None) == category.about_officials
    assert choice.reason_vi.endswith(".")
    assert choice.reason_en.endswith(".")


@given(rules=some_rules, area=st.sampled_from([THUAN_HOA, LANG_CO]))
def test_the_winner_is_the_one_a_plain_search_finds(rules: list[Rule], area: Area) -> None:
    city = town(*rules)
    fitting = [
        one
        for one in rules
        if one.category_code in {None, "drain"} and one.area_code in {None, area.code}
    ]
    # Of rules for the same pair only the one with the lower code is there at all.
    fitting = [
        one
        for one in fitting
        if one.code
        == min(
            other.code
            for other in fitting
            if (other.category_code, other.area_code) == (one.category_code, one.area_code)
        )
    ]
    points = {
        (one.category_code is not None) * 2 + (one.area_code is not None): one
        for one in reversed(fitting)
        if city.office(one.office_code)
    }

    winner = choose_office(DRAINS, Place(area), city).rule

    if not points:
        assert winner is None
    else:
        assert winner is not None
        best = points[max(points)]
        assert (winner.category_code, winner.area_code) == (best.category_code, best.area_code)
