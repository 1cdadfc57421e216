"""Trying the routing out: which office a category would go to at a place, and how every other rule
that speaks of it came to lose. Pure; the choice itself is `reports.routing`'s.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from reports.city.snapshot import City
from reports.city.succession import is_valid
from reports.city.values import Category, Office, Rule
from reports.places import Place
from reports.routing import Choice, choose_office


@dataclass(frozen=True, slots=True)
class Considered:
    """One rule, or (without one) what holds when no rule fits, and what became of it."""

    rule: Rule | None
    office: Office | None
    vi: str
    en: str
    won: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    category: Category
    place: Place
    choice: Choice
    considered: tuple[Considered, ...]


def try_routing(category: Category, place: Place, city: City) -> Trial:
    """Where it would go today, with all that was considered, the most specific first."""
    choice = choose_office(category, place, city)
    found = [_judged(rule, choice, city) for rule in _speaking(category, place, city)]
    return Trial(category, place, choice, (*found, *_without_rule(place, choice, city)))


def _speaking(category: Category, place: Place, city: City) -> list[Rule]:
    """Rules of this category or of any, for this area or all; past and future ones too."""
    wanted = ((category.code, None), (place.area.code, None))
    found = [
        rule
        for rule in city.facts.rules.values()
        if rule.category_code in wanted[0] and rule.area_code in wanted[1]
    ]
    return sorted(found, key=lambda rule: (_rank(rule), rule.valid_from, rule.code))


def _rank(rule: Rule) -> int:
    return 2 * (rule.category_code is None) + (rule.area_code is None)


def _judged(rule: Rule, choice: Choice, city: City) -> Considered:
    office = city.office(rule.office_code)
    won = choice.rule is not None and choice.rule.id == rule.id
    if won:
        return Considered(rule, office, "Được chọn.", "This one counts.", won=True)
    return Considered(rule, office, *_why_not(rule, office, choice, city))


def _why_not(rule: Rule, office: Office | None, choice: Choice, city: City) -> tuple[str, str]:
    if rule.valid_from > city.day:
        vi, en = _days(rule.valid_from)
        return f"Chưa có hiệu lực, bắt đầu ngày {vi}.", f"Not yet in force: it begins on {en}."
    if not is_valid(rule, city.day) and rule.valid_until:
        vi, en = _days(rule.valid_until)
        return f"Đã hết hiệu lực từ ngày {vi}.", f"No longer in force since {en}."
    if office is None:
        return (
            f"Bỏ qua: đơn vị {rule.office_code} đã kết thúc và không có đơn vị kế nhiệm.",
            f"Passed over: the office {rule.office_code} has ended and nobody succeeded it.",
        )
    winner = choice.rule.code if choice.rule else ""
    return (
        f"Thua quy tắc {winner}, vì quy tắc ấy cụ thể hơn: {_what(choice.rule, vi=True)}.",
        f"Loses to {winner}, which is more specific: {_what(choice.rule, vi=False)}.",
    )


def _what(rule: Rule | None, *, vi: bool) -> str:
    """What a rule is for, as far as it matters to which one wins."""
    of_area = rule is not None and rule.area_code is not None
    of_category = rule is not None and rule.category_code is not None
    if of_category and of_area:
        return "đúng lĩnh vực và đúng địa bàn" if vi else "for this category and this area"
    if of_category:
        return "đúng lĩnh vực, cho toàn thành phố" if vi else "for this category, everywhere"
    return "đúng địa bàn, cho mọi lĩnh vực" if vi else "for this area, for everything"


def _without_rule(place: Place, choice: Choice, city: City) -> Iterator[Considered]:
    committee = city.committee_of(place.area.code)
    ruled = choice.rule is not None
    if committee:
        yield Considered(None, committee, *_fallback(won=not ruled), won=not ruled)
    wins = not ruled and committee is None
    yield Considered(None, city.centre, *_fallback(won=wins, last=True), won=wins)


def _fallback(*, won: bool, last: bool = False) -> tuple[str, str]:
    if won:
        return "Được chọn, vì không quy tắc nào phù hợp.", "This one counts: no rule fits."
    if last:
        return (
            "Chỉ nhận khi không có quy tắc và địa bàn chưa có ủy ban.",
            "Takes it only where no rule fits and the area has no committee.",
        )
    return "Chỉ nhận khi không quy tắc nào phù hợp.", "Takes it only when no rule fits."


def _days(day: date) -> tuple[str, str]:
    return f"{day.day}/{day.month}/{day.year}", f"{day.day} {day:%B %Y}"
