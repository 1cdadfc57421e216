"""Which office must answer, and why, in words: the most specific rule that fits decides.

Pure: the city is handed in as a `Directory`. Who works on a report afterwards is
`reports.assignments`'; where the point lies was found by `reports.places`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from reports.city.values import Category, Office, Rule
from reports.places import Place
from reports.spoken import spoken_distance


class RuleBook:
    """The rules that hold today. Of two for the same pair the lower code counts."""

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self.rules = tuple(sorted(rules, key=lambda rule: rule.code))
        self._by_pair: dict[tuple[str | None, str | None], Rule] = {}
        for rule in self.rules:
            self._by_pair.setdefault((rule.category_code, rule.area_code), rule)

    def fitting(self, category_code: str, area_code: str) -> Iterator[Rule]:
        """Rules that fit, the most specific first.

        A category says more than an area: who runs the street lights of the whole city goes before
        who looks after everything in one zone. A zone that wants its lights back says so by a rule
        for both.
        """
        pairs = ((category_code, area_code), (category_code, None), (None, area_code), (None, None))
        return (self._by_pair[pair] for pair in pairs if pair in self._by_pair)


class Directory(Protocol):
    """What routing asks of a city (`reports.city.snapshot.City`)."""

    @property
    def rules(self) -> RuleBook: ...

    @property
    def centre(self) -> Office: ...

    def office(self, code: str) -> Office | None:
        """The office that answers to this code today: itself, or whoever succeeded it."""

    def committee_of(self, area_code: str) -> Office | None: ...

    def parent(self, office: Office) -> Office | None: ...


@dataclass(frozen=True, slots=True)
class Choice:
    """The office chosen and why. `rule` is None where none fitted.

    `accused` is set for a report about officials: the office that would have had it, and that
    must not see it.
    """

    office: Office
    rule: Rule | None
    reason_vi: str
    reason_en: str
    accused: Office | None = None


def choose_office(category: Category, place: Place, city: Directory) -> Choice:
    """The office for a kind of problem at a place: by rule, else the area's committee, else the
    centre. Never fails: a rule whose office is gone is passed over.

    About officials: the office above the one that would have had it, and never that one.
    """
    choice = _by_rule(category, place, city) or _without_rule(category, place, city)
    return _past_the_accused(choice, city) if category.about_officials else choice


def _by_rule(category: Category, place: Place, city: Directory) -> Choice | None:
    for rule in city.rules.fitting(category.code, place.area.code):
        office = city.office(rule.office_code)
        if office is not None:
            vi, en = _where(place)
            why_vi, why_en = _why(rule, category, office)
            return Choice(office, rule, f"{vi}; {why_vi}.", f"{en}; {why_en}.")
    return None


def _without_rule(category: Category, place: Place, city: Directory) -> Choice:
    vi, en = _where(place)
    committee = city.committee_of(place.area.code)
    if committee is not None:
        return Choice(
            committee,
            None,
            f"{vi}; lĩnh vực {category.name_vi} ở đây không có quy tắc riêng nên do "
            f"{committee.name_vi} phụ trách.",
            f"{en}; no rule covers {category.name_en} there, so it falls to {committee.name_en}.",
        )
    return Choice(
        city.centre,
        None,
        f"{vi}; lĩnh vực {category.name_vi} ở đây chưa có quy tắc và cũng chưa có ủy ban nhận, nên "
        f"{city.centre.name_vi} nhận.",
        f"{en}; no rule covers {category.name_en} there and no committee is known, so "
        f"{city.centre.name_en} takes it.",
    )


def _past_the_accused(choice: Choice, city: Directory) -> Choice:
    accused = choice.office
    above = city.parent(accused) or city.centre
    if above.id == accused.id:
        # Nobody stands above the centre: hidden from it, the report would be seen by nobody.
        return choice
    return Choice(
        above,
        choice.rule,
        f"{choice.reason_vi} Phản ánh về cán bộ được chuyển lên cấp trên là {above.name_vi}; "
        f"{accused.name_vi} không xem được.",
        f"{choice.reason_en} A report about officials goes to the office above, {above.name_en}; "
        f"{accused.name_en} cannot see it.",
        accused,
    )


def _where(place: Place) -> tuple[str, str]:
    area = place.area
    if not place.outside_m:
        return f"Điểm nằm trong {area.name_vi}", f"The point lies in {area.name_en}"
    vi, en = (spoken_distance(place.outside_m, locale) for locale in ("vi", "en"))
    return (
        f"Điểm nằm ngoài ranh giới {vi}, gần nhất là {area.name_vi}",
        f"The point lies {en} outside the boundary, nearest to {area.name_en}",
    )


def _why(rule: Rule, category: Category, office: Office) -> tuple[str, str]:
    everywhere = rule.area_code is None
    what_vi = "mọi lĩnh vực" if rule.category_code is None else f"lĩnh vực {category.name_vi}"
    what_en = "everything" if rule.category_code is None else category.name_en
    where_vi, where_en = ("toàn địa bàn", "in the whole city") if everywhere else ("ở đây", "there")
    source_vi, source_en = f"quy tắc {rule.code}", f"rule {rule.code}"
    if office.code != rule.office_code:
        source_vi += f", đơn vị kế nhiệm của {rule.office_code}"
        source_en += f", as successor of {rule.office_code}"
    return (
        f"{what_vi} {where_vi} do {office.name_vi} phụ trách ({source_vi})",
        f"{what_en} {where_en} is handled by {office.name_en} ({source_en})",
    )
