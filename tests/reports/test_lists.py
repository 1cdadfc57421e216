"""Lists of reports: the same whichever index answers, each page following the one before."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from uuid import UUID

import pytest

from reports import official_queue, queries
from reports.assignments import join
from reports.filters import BOUNDS, Filters
from reports.models import Report
from reports.pages import Key, Rows
from reports.permissions import Viewer
from reports.statuses import OPEN, Role, Status
from tests.reports.conftest import TRUONG_TIEN, House

AROUND = (107.55, 16.44, 107.62, 16.50)
ELSEWHERE = (107.40, 16.30, 107.42, 16.31)


@pytest.fixture
def shown(house: House) -> list[UUID]:
    """Five reports that the public sees, the newest first."""
    dispatcher, found = house.official(Role.DISPATCHER), []
    for number in range(5):
        lat, lng = TRUONG_TIEN
        report = house.submits(place=(lat + number * 0.001, lng))
        house.takes(dispatcher, "accept", report)
        found.append(report.id)
        house.at += timedelta(minutes=1)
    return found[::-1]


def ids(rows: Rows) -> list[UUID]:
    return [row.id for row in rows]


@pytest.mark.parametrize("crowded", [False, True])
def test_a_box_holds_the_same_whichever_way_it_is_looked_through(
    house: House, shown: list[UUID], *, crowded: bool
) -> None:
    house.submits()  # nobody has published it

    def look(box: tuple[float, float, float, float], **changes: object) -> list[UUID]:
        filters = replace(Filters(), **changes)
        return ids(queries.in_box(box, filters, limit=3, after=None, crowded=crowded))

    assert look(AROUND) == shown[:4]  # one more than a page, when there is another
    assert look(AROUND, statuses=OPEN) == shown[:4]
    assert look(AROUND, statuses=frozenset({Status.CLOSED})) == []
    assert look(ELSEWHERE) == []


@pytest.mark.parametrize("crowded", [False, True])
def test_the_next_page_of_a_box_follows_the_last(
    house: House, shown: list[UUID], *, crowded: bool
) -> None:
    pages: list[UUID] = []
    after: Key | None = None
    while rows := queries.in_box(AROUND, Filters(), limit=2, after=after, crowded=crowded)[:2]:
        pages += ids(rows)
        after = (rows[-1].submitted_at, rows[-1].id)

    assert pages == shown


def test_every_bound_and_every_pair_of_bounds_is_sound_sql(house: House, shown: list[UUID]) -> None:
    """Statements are made when first asked for: here all of them are."""
    given = {
        "statuses": OPEN,
        "category_id": 1,
        "area_id": 1,
        "office_id": 1,
        "urgent": False,
        "since": house.at,
        "until": house.at,
        "due_before": house.at,
        "words": "ổ gà",
    }
    officer = house.official(Role.OFFICER)
    asked = [
        {},
        given,
        given | {"statuses": frozenset({Status.CLOSED})},
        {"words": "482-173-906-K"},
    ]
    asked += [dict(pair) for pair in combinations(given.items(), 2)]
    for fields in asked:
        filters = Filters(**fields)  # type: ignore[arg-type]
        assert filters.values().keys() <= BOUNDS.keys()
        for after in (None, (house.at, shown[0])):
            queries.newest(filters, limit=2, after=after)
            queries.in_box(AROUND, filters, limit=2, after=after, crowded=True)
            official_queue.page(officer, filters, centre_id=1, limit=2, after=after)
        queries.near(*TRUONG_TIEN, 1000, filters, limit=2)


def test_an_offices_queue_holds_what_it_leads_and_what_it_joins_soonest_first(
    house: House,
) -> None:
    dispatcher = house.official(Role.DISPATCHER)
    led, joined, foreign = [], [], []
    office = house.city.offices_by_id[house.submits().office_id]
    other = next(o for o in house.city.offices_by_id.values() if o.id != office.id)
    for number in range(6):
        report = house.submits()
        kind = (led, joined, foreign)[number % 3]
        house.takes(dispatcher, "accept", report, office=None if kind is led else other.code)
        if kind is joined:
            join(report, office, at=house.at, reason_vi="cùng làm", reason_en="together")
        kind.append(report)
        house.at += timedelta(days=1)
    officer = house.official(Role.OFFICER, office.code)
    two_offices = Viewer(officer.account_id, officer.held | {(Role.HEAD, other.id)})

    assert ids(look(house, officer)) == by_deadline(led + joined)
    assert ids(look(house, two_offices)) == by_deadline(led + joined + foreign)


def look(house: House, viewer: Viewer) -> Rows:
    centre = house.city.centre.id
    return official_queue.page(
        viewer, Filters(statuses=OPEN), centre_id=centre, limit=50, after=None
    )


def by_deadline(reports: list[Report]) -> list[UUID]:
    return [one.id for one in sorted(reports, key=lambda one: (one.due_at, one.id))]


def test_pages_of_an_offices_queue_follow_each_other(house: House, shown: list[UUID]) -> None:
    office = next(iter({row.office_id for row in queries.newest(Filters(), limit=9, after=None)}))
    officer = house.official(Role.OFFICER, house.city.offices_by_id[office].code)

    for newest in (False, True):
        seen: list[UUID] = []
        after: Key | None = None
        while rows := official_queue.page(
            officer, Filters(), centre_id=house.city.centre.id, limit=2, after=after,
            newest_first=newest,
        )[:2]:  # fmt: skip
            seen += ids(rows)
            last = rows[-1]
            after = (last.submitted_at if newest else last.act_by, last.id)
        assert sorted(seen) == sorted(shown)
        assert len(seen) == len(set(seen))
