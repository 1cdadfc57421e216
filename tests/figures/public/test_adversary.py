"""Ten thousand questions, and nobody is singled out. The same adversary finds people at once where
groups are not cut, where each answer is merely hidden when it is small, or where months go on
changing; so the test can fail."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from flask import Flask

from app.database import db
from reports.city import snapshot
from reports.figures.group_names import named
from reports.figures.periods import month
from reports.figures.public import atoms, contents, outcomes, publishing, storing, telling
from reports.figures.public.atoms import Place, Row
from reports.figures.public.outcomes import Answered, Part
from reports.figures.public.published import Told, all_published, published
from reports.figures.scope import By
from reports.models import Rating
from reports.statuses import Outcome, Status
from tests.conftest import inside_one_transaction
from tests.figures.public.adversary import Adversary, Group, Secret, Secrets, attack
from tests.figures.public.closing_in import Bounds
from tests.figures.public.conftest import Town, keep_figures, pattern_of
from tests.figures.public.on_outcomes import OUTCOMES, OnOutcomes
from tests.reports.conftest import House

MONTHS = [month(2026, number) for number in (1, 2, 3)]
PUBLISHED = datetime(2026, 4, 20, tzinfo=UTC)
A_MONTH = 1_100  # reports
SHAPES = [30, 20, 15, 10, 7, 5, 4, 3, 2, 1, 1]


@pytest.fixture(scope="module")
def app(house_app: Flask) -> Iterator[Flask]:
    """One transaction for all of these tests: the city is made once."""
    with inside_one_transaction(house_app):
        snapshot.forget()
        yield house_app
        snapshot.forget()


@pytest.fixture(scope="module")
def city_of_many(app: Flask) -> Town:
    house = House(snapshot.current())
    return filled(Town(house, pattern_of(house)))


@pytest.fixture
def crowd(city_of_many: Town) -> Town:
    """The city, with nothing published yet."""
    publishing.take_back_all()
    return city_of_many


def filled(town: Town) -> Town:
    """A skewed city: most reports in few wards and by many people, some of whom report often; many
    lonely ones in far places; among them private matters, complaints about officials and what the
    centre has not looked at. Many were answered, late or in time, and rated."""
    chance = Random(11)
    wards = [*town.city.area_by_code]
    chance.shuffle(wards)
    open_kinds = [c.code for c in town.city.offered_categories() if takes(c)][: len(SHAPES)]
    private = [c.code for c in town.city.offered_categories() if c.private][:3]
    private += [c.code for c in town.city.offered_categories() if c.about_officials]
    answered = []
    for period in MONTHS:
        for _ in range(A_MONTH):
            ward = wards[min(int(chance.paretovariate(0.7)) - 1, len(wards) - 1)]
            here = town.city.area_by_code[ward]
            secret = chance.random()
            kind = chance.choices(open_kinds, SHAPES[: len(open_kinds)])[0]
            who = int(chance.paretovariate(0.5)) % 900
            at = datetime.combine(period.since, datetime.min.time(), UTC)
            at += timedelta(days=chance.randrange(period.days), hours=5)
            end = an_end(at, chance) if secret < 0.9 else chance.choice(UNPUBLISHED)
            sent = town.sends(
                who,
                at=at,
                area=ward,
                spot=(here.lat + chance.gauss(0, 0.012), here.lng + chance.gauss(0, 0.012)),
                category=chance.choice(private) if secret < 0.12 else kind,
                **end,
            )
            if end.get("status") == Status.RESOLVED and chance.random() < 0.4:
                answered.append(Rating(report_id=sent, account_id=town.person(who),
                                       stars=chance.choice([1, 3, 4, 5, 5]), at=at))  # fmt: skip
    town.settle()
    db.session.add_all(answered)
    db.session.flush()
    keep_figures()
    return town


def an_end(at: datetime, chance: Random) -> dict[str, Any]:
    """Answered, in a third of cases late; or still open, some of them overdue."""
    due = {"first_due_at": at + timedelta(days=10), "due_at": at + timedelta(days=10)}
    if chance.random() < 0.4:
        return due if chance.random() < 0.5 else {}
    when = at + timedelta(days=chance.choice([1, 4, 12]))
    return due | {
        "status": Status.RESOLVED,
        "outcome": Outcome.FIXED,
        "first_resolved_at": when,
        "resolved_at": when,
    }


UNPUBLISHED: list[dict[str, Any]] = [
    {"published_at": None, "accepted_at": None, "status": "submitted"},
    {"published_at": None, "status": "rejected", "rejection": "unclear"},
    {"hidden": True},
]


def takes(category: Any) -> bool:
    """Of matters for another channel there are no reports; the others are taken apart."""
    return not (category.private or category.legal_channel or category.about_officials)


def publish_all() -> None:
    for period in MONTHS:
        publishing.publish(period, at=PUBLISHED)


def secrets_of() -> Secrets:
    """The truth behind what was published: cut anew from the same reports, and held against what
    is stored, group by group."""
    reports: dict[int, Secret] = {}
    groups: list[Group] = []
    for one in published(all_published()):
        period = month(one.first.year, one.first.month)
        found = storing.reports_of(period, as_of=one.as_of)
        alike = _remember(one.first, found, reports)
        cut = contents.contents_of(found.counted)
        every = [(True, atom) for atom in cut.shown] + [(False, atom) for atom in cut.hidden]
        for (shown, atom), told in zip(every, one.atoms, strict=True):
            assert Place(told.area_id, told.cell, told.category_id) == atom.place
            # Reports of one person that are alike in all that counts lie in one group.
            behind = frozenset(alike[row, shown].pop() for row in atom.rows)
            groups.append(_group(one.first, told, behind))
    return Secrets(reports, groups)


def _remember(
    first: date, found: storing.Reports, reports: dict[int, Secret]
) -> dict[tuple[Row, bool], list[int]]:
    """Number these reports; the numbers by what counts of them."""
    city, alike = snapshot.current(), defaultdict(list)
    ids = (row[0] for row in found.shown)
    for source in found.counted:
        number = len(reports)
        area = city.area_by_id[source.area].code
        kind = city.categories_by_id[source.category].code
        reports[number] = Secret(
            number,
            source.reporter,
            first,
            area,
            source.cell,
            kind,
            named(By.OFFICE, source.office, city).code,
            source.shown,
            source.fate,
            source.on_time,
            source.ratings,
            source.satisfied,
            str(next(ids)) if source.shown else None,
        )
        alike[source.row(), source.shown].append(number)
    return alike


def _group(first: date, told: Told, behind: frozenset[int]) -> Group:
    city = snapshot.current()
    area = city.area_by_id[told.area_id].code if told.area_id else None
    kind = city.categories_by_id[told.category_id].code if told.category_id else None
    return Group(first, told.shown, area, told.cell, kind, behind)


def test_ten_thousand_questions_single_out_nobody(app: Flask, crowd: Town) -> None:
    publish_all()
    db.session.commit()
    secrets = secrets_of()

    adversary = attack(app.test_client(), secrets, queries=10_000)
    OnOutcomes(adversary).look()

    assert adversary.asked >= 10_000
    assert len(secrets.sets) > 300  # much was told
    assert adversary.listed > 1_000
    assert secrets.found == []


def test_groups_of_one_are_found_at_once(
    app: Flask, crowd: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What would be told if groups needed no more than one person.
    monkeypatch.setattr(contents, "partition", lambda rows, **_: atoms.partition(rows, least=1))
    publish_all()
    db.session.commit()
    secrets = secrets_of()

    attack(app.test_client(), secrets, queries=300)

    assert len(secrets.found) > 100


def test_hiding_small_answers_alone_is_found_by_taking_children_from_parents(
    app: Flask, crowd: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Every part that has five people is told, the rest is left to itself: no second part is kept.
    monkeypatch.setattr(atoms, "told_apart", only_the_small_are_hidden)
    publish_all()
    db.session.commit()
    secrets = secrets_of()

    attack(app.test_client(), secrets, queries=300)

    assert any("less" in what for what in secrets.found)


def only_the_small_are_hidden(
    parts: dict[int, list[Row]], least: int
) -> tuple[dict[int, list[Row]], list[Row]]:
    told = {key: rows for key, rows in parts.items() if atoms.people(rows) >= least}
    return told, [row for key, rows in parts.items() if key not in told for row in rows]


def test_categories_totals_each_by_itself_are_found(
    app: Flask, crowd: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Every category is told alone, whatever the groups tell.
    monkeypatch.setattr(
        contents,
        "safe_groups",
        lambda found, **_: [frozenset({c}) for c in {r.category for a in found for r in a.rows}],
    )
    publish_all()
    db.session.commit()
    secrets = secrets_of()

    attack(app.test_client(), secrets, queries=100)

    assert any("less what lies within" in what for what in secrets.found)


def in_fives(number: int, _: Random) -> int:
    return (number + 2) // 5 * 5


def drawn(number: int, chance: Random) -> int:
    """To the five below or above, by chance, so that on the average it is the number."""
    return number // 5 * 5 + (5 if chance.random() < number % 5 / 5 else 0)


@pytest.mark.parametrize(("rounded", "range_"), [(in_fives, (2, 2)), (drawn, (4, 4))])
def test_outcomes_of_all_reports_are_found_however_they_are_rounded(
    app: Flask,
    crowd: Town,
    monkeypatch: pytest.MonkeyPatch,
    rounded: Callable[[int, Random], int],
    range_: tuple[int, int],
) -> None:
    # What would be told if those that nobody may read were among them.
    everything = OfAll(rounded)
    monkeypatch.setattr(contents, "parts", everything.parts)
    monkeypatch.setattr(contents, "whole", everything.whole)
    monkeypatch.setattr(telling, "ROUNDED", (*OUTCOMES, "satisfied"))
    publish_all()
    db.session.commit()
    secrets = secrets_of()
    adversary = Adversary(app.test_client(), secrets, 1)
    adversary.look_at_totals()

    OnOutcomes(adversary, frozenset(OUTCOMES), {}, range_).look()

    assert any("people" in what for what in secrets.found)
    assert not any("stand behind it" in what for what in secrets.found)


def test_ratings_of_few_are_found(app: Flask, crowd: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    # Every area has its ratings, however few people rated.
    monkeypatch.setattr(outcomes, "_mixed", any)
    publish_all()
    db.session.commit()
    secrets = secrets_of()

    OnOutcomes(Adversary(app.test_client(), secrets, 1)).look()

    assert any("ratings" in what and "people" in what for what in secrets.found)


def test_parts_that_are_told_as_none_are_known_by_a_total_of_ten() -> None:
    parts = [frozenset({n, n + 1}) for n in (1, 3, 5, 7)]
    bounds = Bounds()
    for number, part in enumerate(parts):
        bounds.told(f"part {number}", part, 0, 2)
    bounds.told("all", frozenset(range(1, 9)), 8, 12)
    bounds.adds_up(frozenset(range(1, 9)), parts)

    found = bounds.found(lambda some: len({*some}))

    assert [f"part {number}: from 2 to 2, 2 people" in found for number in range(4)] == [True] * 4


def test_a_ward_and_its_office_with_the_same_private_report_know_it_by_two_numbers() -> None:
    bounds, private = Bounds(), frozenset({1})
    bounds.told("ward", private, 25 - 2 - 22, 25 + 2 - 22)
    bounds.told("office", private, 0, 20 + 2 - 21)

    assert bounds.found(lambda some: len({*some})) == ["ward: from 1 to 1, 1 people"]


class OfAll:
    """`outcomes.parts` and `whole` of all reports, and rounded."""

    def __init__(self, rounded: Callable[[int, Random], int]) -> None:
        self.rounded, self.chance = rounded, Random(3)

    def parts(
        self, rows: list[Answered], key: Callable[[Answered], int], **told: frozenset[int]
    ) -> dict[int, Part]:
        every = [row._replace(shown=True) for row in rows]
        return {one: self._part(part) for one, part in outcomes.parts(every, key, **told).items()}

    def whole(self, rows: list[Answered], _: object) -> Part:
        return self._part(outcomes.whole([row._replace(shown=True) for row in rows], {}))

    def _part(self, part: Part) -> Part:
        counts = {name: self.rounded(part.counts[name], self.chance) for name in part.counts}
        return Part(counts, part.median_h)


def test_a_month_that_goes_on_changing_is_found(app: Flask, crowd: Town) -> None:
    publish_all()
    db.session.commit()
    secrets = secrets_of()
    adversary = attack(app.test_client(), secrets, queries=100)

    crowd.sends(1, at=datetime(2026, 3, 9, tzinfo=UTC), area="19789")
    crowd.settle()
    publishing.take_back_all()  # as if nothing were frozen
    publish_all()
    db.session.commit()
    adversary.look_at_totals()

    assert any("another answer than before" in what for what in secrets.found)
