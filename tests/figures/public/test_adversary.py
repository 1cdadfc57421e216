"""Ten thousand questions, and nobody is singled out. The same adversary finds people at once where
groups are not cut, where each answer is merely hidden when it is small, or where months go on
changing; so the test can fail."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from flask import Flask

from app.database import db
from reports.city import snapshot
from reports.figures.periods import month
from reports.figures.public import atoms, contents, publishing, storing
from reports.figures.public.atoms import Place, Row
from reports.figures.public.contents import Source
from reports.figures.public.published import Told, all_published, published
from tests.conftest import inside_one_transaction
from tests.figures.public.adversary import Group, Secret, Secrets, attack
from tests.figures.public.conftest import Town, pattern_of
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
    lonely ones in far places; private matters and what the centre has not looked at among them."""
    chance = Random(11)
    wards = [*town.city.area_by_code]
    chance.shuffle(wards)
    open_kinds = [c.code for c in town.city.offered_categories() if takes(c)][: len(SHAPES)]
    private = [c.code for c in town.city.offered_categories() if c.private][:3]
    for period in MONTHS:
        for _ in range(A_MONTH):
            ward = wards[min(int(chance.paretovariate(0.7)) - 1, len(wards) - 1)]
            here = town.city.area_by_code[ward]
            secret = chance.random()
            kind = chance.choices(open_kinds, SHAPES[: len(open_kinds)])[0]
            town.sends(
                int(chance.paretovariate(0.5)) % 900,
                at=datetime.combine(period.since, datetime.min.time(), UTC)
                + timedelta(days=chance.randrange(period.days), hours=5),
                area=ward,
                spot=(here.lat + chance.gauss(0, 0.012), here.lng + chance.gauss(0, 0.012)),
                category=chance.choice(private) if secret < 0.12 else kind,
                **({} if secret < 0.9 else chance.choice(UNPUBLISHED)),
            )
    town.settle()
    return town


UNPUBLISHED: list[dict[str, Any]] = [
    {"published_at": None, "accepted_at": None, "status": "submitted"},
    {"published_at": None, "status": "rejected", "rejection": "unclear"},
    {"hidden": True},
]


def takes(category: Any) -> bool:
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
        sources = storing.reports_of(period, as_of=one.as_of).counted
        alike = _remember(one.first, sources, reports)
        cut = contents.contents_of(sources)
        every = [(True, atom) for atom in cut.shown] + [(False, atom) for atom in cut.hidden]
        for (shown, atom), told in zip(every, one.atoms, strict=True):
            assert Place(told.area_id, told.cell, told.category_id) == atom.place
            # Reports of one person that are alike in all that counts lie in one group.
            behind = frozenset(alike[row, shown].pop() for row in atom.rows)
            groups.append(_group(one.first, told, behind))
    return Secrets(reports, groups)


def _remember(
    first: date, sources: Sequence[Source], reports: dict[int, Secret]
) -> dict[tuple[Row, bool], list[int]]:
    """Number these reports; the numbers by what counts of them."""
    city, alike = snapshot.current(), defaultdict(list)
    for source in sources:
        number = len(reports)
        area = city.area_by_id[source.area].code
        kind = city.categories_by_id[source.category].code
        reports[number] = Secret(
            number, source.reporter, first, area, source.cell, kind, source.shown
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

    assert adversary.asked >= 10_000
    assert len(secrets.sets) > 300  # much was told
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
