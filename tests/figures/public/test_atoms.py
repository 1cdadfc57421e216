"""Whatever the months look like: no sum and no difference of what is told stands for few people."""

from collections.abc import Iterable
from itertools import combinations
from random import Random
from typing import Any

import h3.api.basic_int as h3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.figures.cells import parent_of
from reports.figures.public.atoms import PEOPLE, ROOM, Atom, Row, partition, people
from reports.figures.public.margins import safe_groups
from reports.figures.public.outcomes import (
    REST,
    Answered,
    in_fives,
    parts,
    rated_apart,
    refused,
    whole,
)

HERE = h3.latlng_to_cell(16.4637, 107.5909, 6)
#: A few corners in two districts, so that cells are shared at every resolution.
CORNERS = [*list(h3.cell_to_children(HERE, 10))[::343], *list(h3.cell_to_children(HERE, 10))[:6]]

ROWS = st.lists(
    st.builds(
        Row,
        reporter=st.integers(1, 25),
        area=st.integers(1, 3),
        cell=st.sampled_from(CORNERS),
        category=st.integers(1, 5),
        lasts=st.sampled_from([True, True, True, False]),
    ),
    max_size=120,
)
OUTCOMES = st.lists(
    st.builds(
        lambda ratings, **known: Answered(
            **known, ratings=ratings, satisfied=min(ratings, known["category"] - 1)
        ),
        reporter=st.integers(1, 25),
        area=st.integers(1, 4),
        category=st.integers(1, 2),
        office=st.integers(1, 3),
        fate=st.sampled_from(["open", "resolved", "rejected", "merged"]),
        on_time=st.sampled_from([True, False, None]),
        resolve_s=st.sampled_from([None, 3600, 7200]),
        ratings=st.sampled_from([0, 0, 1]),
    ),
    max_size=80,
)
EVERY = settings(max_examples=300, deadline=None)


def by_area(row: Answered) -> int:
    return row.area


def by_office(row: Answered) -> int:
    return row.office


def is_few(rows: Iterable[Row], least: int = PEOPLE) -> bool:
    found = list(rows)
    return bool(found) and people(found) < least


@EVERY
@given(ROWS, st.sampled_from([PEOPLE, PEOPLE + ROOM]))
def test_every_atom_stands_for_enough_people(rows: list[Row], least: int) -> None:
    atoms = partition(rows, least=least)

    assert all(people(atom.rows) >= least for atom in atoms)


@EVERY
@given(ROWS)
def test_atoms_hold_each_report_once_or_nothing_is_told(rows: list[Row]) -> None:
    atoms = partition(rows)

    held = sorted(row for atom in atoms for row in atom.rows)
    assert held == (sorted(rows) if people(rows) >= PEOPLE else [])


@EVERY
@given(ROWS, st.data())
def test_hidden_groups_keep_five_people_whatever_is_published_later(
    rows: list[Row], data: st.DataObject
) -> None:
    """All that was not looked at is published, and two people's refused reports after all."""
    atoms = partition(rows, least=PEOPLE + ROOM)

    for atom in atoms:
        settled = {row.reporter for row in atom.rows if row.lasts}
        taken_up = data.draw(st.sets(st.sampled_from(sorted(settled)), max_size=ROOM))  # type: ignore[type-var]
        left = [row for row in atom.rows if row.lasts and row.reporter not in taken_up]
        assert people(left) >= PEOPLE


@EVERY
@given(ROWS)
def test_what_an_atom_says_is_true_of_all_its_reports(rows: list[Row]) -> None:
    for atom in partition(rows):
        area, cell, category = atom.place.area, atom.place.cell, atom.place.category
        for row in atom.rows:
            assert area in {None, row.area}
            assert category in {None, row.category}
            assert cell is None or cell == parent_of(row.cell, cell >> 52 & 15)


def by_brute_force(atoms: list[Atom], groups: list[frozenset[int]]) -> bool:
    """Is any difference small of a union of atoms and a union of groups that lies within it, or
    the other way round? All of them are tried."""
    every = [row for atom in atoms for row in atom.rows]
    for size in range(1, len(groups) + 1):
        for union in combinations(groups, size):
            told = frozenset().union(*union)
            mine = [row for row in every if row.category in told]
            touched = [a for a in atoms if any(row.category in told for row in a.rows)]
            inside = [a for a in touched if all(row.category in told for row in a.rows)]
            beside = [row for a in touched for row in a.rows if row.category not in told]
            left = len(mine) - sum(len(a.rows) for a in inside)
            rest = [row for a in touched if a not in inside for row in a.rows]
            rest = [row for row in rest if row.category in told]
            assert len(rest) == left
            if is_few(beside) or is_few(rest):
                return False
    return True


@EVERY
@given(ROWS)
def test_totals_of_categories_are_safe_beside_the_atoms(rows: list[Row]) -> None:
    atoms = partition(rows)

    groups = safe_groups(atoms)

    assert by_brute_force(atoms, groups)
    assert sorted(c for group in groups for c in group) == sorted(
        {row.category for atom in atoms for row in atom.rows}
    )


def test_every_category_by_itself_would_not_be_safe() -> None:
    # Area 1 holds five of category 1 and one of category 2, area 2 six of category 2: all of
    # category 2, less area 2, is one person.
    rows = [Row(n, 1, CORNERS[0], 1) for n in range(5)] + [Row(9, 1, CORNERS[0], 2)]
    rows += [Row(20 + n, 2, CORNERS[0], 2) for n in range(6)]
    atoms = partition(rows)

    assert not by_brute_force(atoms, [frozenset({1}), frozenset({2})])
    assert safe_groups(atoms) == [frozenset({1, 2})]


def test_in_a_usual_month_most_categories_keep_their_totals() -> None:
    chance = Random(7)
    weights = [30, 20, 15, 10, 8, 6, 4, 3, 2, 1, 1]
    rows = [
        Row(chance.randrange(2500), int(chance.paretovariate(0.9)) % 40,
            chance.choice(CORNERS), chance.choices(range(1, 12), weights)[0])
        for _ in range(3500)
    ]  # fmt: skip

    groups = safe_groups(partition(rows))

    alone = {c for group in groups if len(group) == 1 for c in group}
    assert len(alone) >= 9


@pytest.mark.parametrize(
    ("reporters", "told"), [(0, 0), (PEOPLE - 1, 0), (PEOPLE, 1), (PEOPLE + 20, 1)]
)
def test_a_ward_with_too_few_people_is_not_told_and_joins_the_rest(
    reporters: int, told: int
) -> None:
    crowd = [Row(100 + n, 1, CORNERS[0], 1) for n in range(30)]
    elsewhere = [Row(200 + n, 3, CORNERS[0], 1) for n in range(8)]
    ward = [Row(n, 2, CORNERS[0], 1) for n in range(reporters)]

    atoms = partition([*crowd, *elsewhere, *ward])

    assert len({a.place.area for a in atoms if a.place.area == 2}) == told
    assert sum(len(a.rows) for a in atoms) == 38 + reporters
    # The rest of the city is never the lonely ward alone.
    assert not any(is_few(a.rows) for a in atoms)


@pytest.mark.parametrize("number", range(60))
def test_a_number_told_in_fives_leaves_five_true_ones_possible(number: int) -> None:
    told = in_fives(number)

    assert told % 5 == 0
    assert abs(told - number) <= 2


def sent(area: int, people: int, first: int, **known: Any) -> list[Answered]:
    """Reports of an area, each by somebody else, from number `first` on."""
    plain = Answered(0, area, 1, 1, "open", None, None, 0, 0)
    return [plain._replace(reporter=first + n, **known) for n in range(people)]


def test_small_parts_are_told_together_or_not_at_all() -> None:
    few = parts(sent(1, 20, 0) + sent(2, 3, 50) + sent(3, 1, 60), lambda row: row.area)
    enough = parts(sent(1, 20, 0) + sent(2, 3, 50) + sent(3, 2, 60), lambda row: row.area)

    assert set(few) == {1}
    assert set(enough) == {1, REST}
    assert enough[REST].counts["published"] == 5


@EVERY
@given(OUTCOMES, OUTCOMES)
def test_what_nobody_may_read_changes_no_outcome_of_a_part(
    public: list[Answered], hidden: list[Answered]
) -> None:
    """But `rejected` of the whole, which is another test's."""
    everything = public + [row._replace(shown=False) for row in hidden]

    for key in (by_area, by_office):
        assert parts(everything, key) == parts(public, key)
    assert rated_apart(everything, {1, 2, 3}) == rated_apart(public, {1, 2, 3})
    told = whole(everything, {}).counts
    assert {name: told[name] for name in told if name != "rejected"} == {
        name: number for name, number in whole(public, {}).counts.items() if name != "rejected"
    }


@EVERY
@given(OUTCOMES)
def test_in_each_part_whose_ratings_are_told_five_people_rated_and_five_did_not(
    rows: list[Answered],
) -> None:
    told = rated_apart(rows, {1, 2, 3})

    in_rest = [row for row in rows if row.area not in told]
    for area, numbers in told.items():
        mine = in_rest if area == REST else [row for row in rows if row.area == area]
        assert len({row.reporter for row in mine if row.ratings}) >= PEOPLE
        assert len({row.reporter for row in mine if not row.ratings}) >= PEOPLE
        assert numbers["ratings"] == sum(row.ratings for row in mine)
    if REST not in told and told:
        assert sum(row.ratings for row in in_rest) == 0


@EVERY
@given(OUTCOMES)
def test_how_many_were_content_is_never_known_to_be_one_to_four_nor_how_many_were_not(
    rows: list[Answered],
) -> None:
    for numbers in rated_apart(rows, {1, 2, 3}).values():
        every, told = numbers["ratings"], numbers["satisfied"]
        possible = [one for one in range(every + 1) if in_fives(one) == told]
        assert not set(possible) <= {1, 2, 3, 4}
        assert not {every - one for one in possible} <= {1, 2, 3, 4}


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 60), st.integers(0, 8), st.integers(0, 60))
def test_ten_true_numbers_of_the_refused_stay_possible_and_seven_people_beside_them(
    mine: int, public: int, others: int
) -> None:
    def month_of(refused_ones: int, left: int) -> list[Answered]:
        unread = sent(1, refused_ones, 0, shown=False, fate="rejected")
        unread += sent(1, left, 200, shown=False, fate="merged")
        return unread + sent(1, public, 400, fate="rejected") + sent(1, 30, 500)

    told = refused(month_of(mine, others))

    every = mine + others  # is told elsewhere
    possible = [n for n in range(every + 1) if refused(month_of(n, every - n)) == told]
    assert mine in possible
    if told is not None:
        assert len(possible) == 10
        assert min(possible) >= PEOPLE + ROOM
        assert every - max(possible) >= PEOPLE + ROOM
        assert abs(told - mine - public) <= 5


def test_a_city_that_refuses_many_reports_says_about_how_many() -> None:
    month = sent(1, 43, 0, shown=False, fate="rejected") + sent(1, 30, 50, shown=False)

    assert refused(month) == 40
    assert refused(month + sent(1, 2, 90, fate="rejected")) == 50
    assert refused(month[:43]) is None
