"""The leaders' map agrees with every report looked at one by one, however it is asked."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import h3.api.basic_int as h3
import pytest
from sqlalchemy import text

from app.clock import now
from app.database import db, reading
from app.factory import create_app
from reports.city import snapshot
from reports.city.snapshot import City
from reports.figures import frames, heatmap, indicators
from reports.figures.cells import Box
from reports.figures.frames import Frame
from reports.figures.heatmap import HeatMap, Wanted, heat
from reports.figures.periods import Compare, Kind, Period, containing
from reports.figures.spans import Part, parts
from reports.permissions import Viewer
from reports.statuses import OPEN, Role, Status
from tests.conftest import config_for, new_database
from tests.figures import loaded
from tests.figures.brute import Brute, Raw, everything
from tests.reports.conftest import keep_figures

SIZE = 6_000  # of the real tickets, over three years
TODAY = date(2026, 3, 2)
FIRST = date(2023, 2, 1)
STATUSES = (
    None, None, None, OPEN, frozenset({Status.RESOLVED, Status.CLOSED}),
    frozenset({Status.REJECTED, Status.MERGED}), frozenset({Status.CLOSED}),
    frozenset({Status.SUBMITTED, Status.WAITING}), frozenset({Status.WITHDRAWN}),
)  # fmt: skip
FIGURES = (
    "count", "open", "overdue", "overdue_first", "timed", "on_time", "resolve_n",
    "resolve_median_s", "ratings", "satisfied",
)  # fmt: skip

Town = tuple[City, Brute]


@pytest.fixture(scope="module")
def town(
    server_url: str, city_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    files = tmp_path_factory.mktemp("files")
    with new_database(server_url, city_template, f"{city_template}_heat") as url:
        app = create_app(config_for(url, storage_url=files.as_uri()))
        loaded.load(app, url, size=SIZE)
        with app.app_context():
            accuse()
            keep_figures()
            db.session.commit()
            with reading() as connection:
                brute = Brute(everything(connection, snapshot.current()))
            yield snapshot.current(), brute
            db.session.remove()
            db.engine.dispose()


def accuse() -> None:
    """Some reports are about the office of one ward."""
    office = snapshot.current().office("ubnd-19789")
    assert office is not None
    about = text(
        "update report set accused_office_id = :office"
        " where abs(hashtext(id::text)) % 40 = 0 and office_id <> :office"
    )
    db.session.execute(about, {"office": office.id})
    db.session.commit()


def leader(city: City, office: str | None = None) -> Viewer:
    held = city.office(office) if office else city.centre
    assert held is not None
    return Viewer(None, frozenset({(Role.LEADER, held.id)}))


def told(found: HeatMap) -> dict[int, dict[str, Any]]:
    return {one.cell: {name: getattr(one, name) for name in FIGURES} for one in found.cells}


def a_question(rng: random.Random, reports: list[Raw]) -> Wanted:
    """Any days, filters, resolution and box."""
    like = rng.choice(reports)
    resolution = rng.choice([6, 7, 8, 8, 9, 10])
    since, until = some_days(rng)
    return Wanted(
        resolution=resolution,
        since=since,
        until=until,
        box=a_box(rng, like, resolution),
        category_id=like.category if rng.random() < 0.3 else None,
        area_id=like.area if rng.random() < 0.25 else None,
        office_id=like.office if rng.random() < 0.3 else None,
        statuses=rng.choice(STATUSES),
    )


def some_days(rng: random.Random) -> tuple[date | None, date | None]:
    """Whole months, quarters and years; any days; ranges without a beginning or an end."""
    start = FIRST + timedelta(days=rng.randrange(1000))
    month = start.replace(day=1)
    later = start + timedelta(days=rng.randrange(1, 500))
    return rng.choice(
        [
            (None, None), (None, later), (start, None), (start, later), (start, later),
            (month, (month + timedelta(days=31)).replace(day=1)),
            (date(start.year, 4, 1), date(start.year, 7, 1)),
            (date(start.year, 1, 1), date(start.year + 1, 1, 1)),
            (month, date(start.year + 1, 10, 1)),
        ]
    )  # fmt: skip


def a_box(rng: random.Random, like: Raw, resolution: int) -> Box | None:
    if resolution <= 8 and rng.random() < 0.5:
        return None
    half = {9: 0.12, 10: 0.04}.get(resolution, rng.uniform(0.01, 0.3))
    lat, lng = h3.cell_to_latlng(like.cell)
    lat, lng = lat + rng.uniform(-half, half), lng + rng.uniform(-half, half)
    return (lng - half, lat - half, lng + half, lat + half)


@pytest.mark.parametrize("seed", range(8))
def test_every_figure_of_every_cell_agrees_with_each_report_looked_at(
    town: Town, seed: int
) -> None:
    city, brute = town
    rng = random.Random(seed)
    shown = 0
    for _ in range(25):
        wanted = a_question(rng, brute.reports)

        found = heat(wanted, leader(city), at=now())

        expected = brute.heat(wanted, as_of=found.as_of)
        assert told(found) == expected, wanted
        assert found.medians
        shown += len(expected)
    assert shown > 100  # they asked about something


def test_whole_months_quarters_and_years_agree_at_each_resolution(town: Town) -> None:
    city, brute = town
    for resolution in (6, 7, 8):
        for since, until in (
            (date(2026, 2, 1), date(2026, 3, 1)),
            (date(2025, 10, 1), date(2026, 1, 1)),
            (date(2025, 1, 1), date(2026, 1, 1)),
            (date(2026, 1, 1), date(2027, 1, 1)),
        ):
            wanted = Wanted(resolution=resolution, since=since, until=until)
            for narrowed in (
                wanted,
                replace(wanted, category_id=brute.reports[0].category),
                replace(wanted, office_id=brute.reports[0].office),
            ):
                found = heat(narrowed, leader(city), at=now())

                assert told(found) == brute.heat(narrowed, as_of=found.as_of), narrowed


def test_without_medians_where_there_are_too_many_to_sort_the_counts_stay(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    city, brute = town
    # A city of hundreds of thousands of reports would take this test an hour to make.
    monkeypatch.setattr("reports.figures.cell_reading.MEDIAN_MOST", 100)
    wanted = Wanted(since=date(2024, 5, 9), until=date(2025, 12, 3))

    found = heat(wanted, leader(city), at=now())

    expected = brute.heat(wanted, as_of=found.as_of)
    assert not found.medians
    assert all(one.resolve_median_s is None for one in found.cells)
    for row in expected.values():
        row["resolve_median_s"] = None
    assert told(found) == expected


@pytest.mark.parametrize("frame", list(Frame))
@pytest.mark.parametrize("narrowed", [False, True])
def test_frames_hold_each_days_weeks_or_months_reports(
    town: Town, frame: Frame, *, narrowed: bool
) -> None:
    city, brute = town
    busiest = months(brute).most_common(1)[0][0]
    since, until = busiest - timedelta(days=17), busiest + timedelta(days=45)  # 62 days
    if frame is Frame.MONTH:
        since, until = date(2024, 2, 1), date(2025, 9, 1)
    inside = [one for one in brute.reports if since <= one.day < until]
    area = Counter(one.area for one in inside).most_common(1)[0][0] if narrowed else None
    statuses = frozenset({Status.RESOLVED, Status.CLOSED}) if narrowed else None
    wanted = Wanted(since=since, until=until, frame=frame, area_id=area, statuses=statuses)

    found = heat(wanted, leader(city), at=now())

    assert found.frames is not None and found.cells
    assert found.frames[0].since == since and found.frames[-1].until == until
    for number, period in enumerate(found.frames):
        days = replace(wanted, since=period.since, until=period.until)
        expected = {cell: row["count"] for cell, row in brute.heat(days, as_of=now()).items()}
        counted = {one.cell: one.counts[number] for one in found.cells if one.counts}
        assert {cell: count for cell, count in counted.items() if count} == expected, period
    for one in found.cells:
        assert one.counts is not None and sum(one.counts) == one.count


def months(brute: Brute) -> Counter[date]:
    """How many reports each month has, by its first day."""
    return Counter(one.day.replace(day=1) for one in brute.reports)


def test_two_periods_stand_beside_each_other_cells_of_either_included(town: Town) -> None:
    city, brute = town
    (_, second), (_, first) = sorted((many, start) for start, many in months(brute).items())[-2:]
    period, past = containing(Kind.MONTH, first), containing(Kind.MONTH, second)
    wanted = Wanted(resolution=7, since=period.since, until=period.until, compared=past)

    found = heat(wanted, leader(city), at=now())

    before = brute.received(wanted, past.since, past.until)
    count = {cell: row["count"] for cell, row in brute.heat(wanted, as_of=now()).items()}
    assert {one.cell: one.before for one in found.cells if one.before} == before
    assert {one.cell: one.count for one in found.cells if one.count} == count
    assert before.keys() - count.keys() and count.keys() - before.keys()


def test_nobody_counts_what_is_said_of_their_own_office(town: Town) -> None:
    city, brute = town
    accused = city.office("ubnd-19789")
    assert accused is not None
    rng = random.Random(3)
    differ = 0
    for _ in range(40):
        wanted = a_question(rng, brute.reports)

        theirs = heat(wanted, leader(city, "ubnd-19789"), at=now())

        expected = brute.heat(wanted, as_of=theirs.as_of, not_about=frozenset({accused.id}))
        assert told(theirs) == expected, wanted
        differ += expected != brute.heat(wanted, as_of=theirs.as_of)
    assert differ > 10


def test_through_time_and_beside_another_period_nothing_of_it_is_told_either(town: Town) -> None:
    city, brute = town
    accused = city.office("ubnd-19789")
    assert accused is not None
    past = Period(date(2025, 1, 1), date(2025, 7, 1))
    wanted = Wanted(since=date(2025, 7, 1), until=date(2026, 1, 1), frame=Frame.MONTH,
                    compared=past)  # fmt: skip

    found = heat(wanted, leader(city, "ubnd-19789"), at=now())

    kept = Brute([one for one in brute.reports if one.accused != accused.id])
    before = kept.received(wanted, past.since, past.until)
    assert {one.cell: one.before for one in found.cells if one.before} == before
    assert before != brute.received(wanted, past.since, past.until)
    assert all(one.counts is None or sum(one.counts) == one.count for one in found.cells)


def test_the_head_of_an_office_counts_that_offices_alone(town: Town) -> None:
    city, brute = town
    ids = sorted({one.office for one in brute.reports} - {city.centre.id})[:3]
    one, several = ids[:1], ids[1:]
    for offices in (one, several):
        head = Viewer(None, frozenset((Role.HEAD, office) for office in offices))
        for wanted in (Wanted(), Wanted(since=date(2025, 4, 1), until=date(2025, 7, 1))):
            found = heat(wanted, head, at=now())

            own = frozenset(offices)
            expected = brute.heat(wanted, as_of=found.as_of, offices=own, not_about=own)
            assert told(found) == expected
            with pytest.raises(heatmap.NotYourFigures):
                heat(replace(wanted, office_id=city.centre.id), head, at=now())


def test_the_cells_of_a_map_add_up_to_the_indicators(town: Town) -> None:
    """All cells together are the total that the page shows beside the map."""
    city, brute = town
    for period in (
        Period(date(2026, 2, 1), date(2026, 3, 1)),
        Period(date(2025, 1, 1), date(2026, 1, 1)),
        Period(date(2025, 11, 11), date(2026, 1, 20)),
    ):
        at = now()
        total = indicators.read(period, compare=Compare.NONE, at=at).total.sums
        for resolution in (6, 7, 8):
            wanted = Wanted(resolution=resolution, since=period.since, until=period.until)

            found = heat(wanted, leader(city), at=at)

            for name, key in (("count", "received"), *((one, one) for one in FIGURES[1:7])):
                added = sum(getattr(one, name) for one in found.cells)
                assert added == total[key], (period, resolution, name)
    assert brute.reports


def test_residents_and_the_rate_per_thousand_belong_to_a_cell(town: Town) -> None:
    city, _ = town

    found = heat(Wanted(), leader(city), at=now())

    for one in found.cells:
        assert one.people is not None
        rate = None if one.people < 50 else pytest.approx(one.count * 1000 / one.people, rel=0.02)
        assert one.per_1000 == rate or abs(one.people - 50) <= 1


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        (Wanted(resolution=9), heatmap.TooWide),
        (Wanted(resolution=10), heatmap.TooWide),
        (Wanted(resolution=9, box=(107.4, 16.3, 107.8, 16.4)), heatmap.TooWide),
        (Wanted(resolution=10, box=(107.5, 16.3, 107.55, 16.5)), heatmap.TooWide),
        (Wanted(since=date(2026, 1, 2), until=date(2026, 1, 2)), heatmap.BackwardDays),
        (Wanted(frame=Frame.DAY), frames.NoDays),
        (Wanted(frame=Frame.DAY, since=date(2025, 1, 1), until=date(2025, 3, 4)),
         None),
        (Wanted(frame=Frame.DAY, since=date(2025, 1, 1), until=date(2025, 3, 5)),
         frames.TooManyFrames),
    ],
)  # fmt: skip
def test_what_would_be_too_much_is_refused_with_what_to_do(
    town: Town, wanted: Wanted, refusal: type[Exception] | None
) -> None:
    city, _ = town
    if refusal is None:
        assert heat(wanted, leader(city), at=now()).frames
        return
    with pytest.raises(refusal) as refused:
        heat(wanted, leader(city), at=now())
    for locale in ("vi", "en"):
        sentence = refused.value.sentence(locale)  # type: ignore[attr-defined]
        assert sentence.endswith(".") and "{" not in sentence


def test_a_ward_is_a_box_of_its_own_where_it_is_small_enough(town: Town) -> None:
    city, brute = town
    small = city.area("19789")
    assert small is not None
    wanted = Wanted(resolution=9, area_id=small.id)

    found = heat(wanted, leader(city), at=now())

    assert told(found) == brute.heat(wanted, as_of=found.as_of) != {}


def test_what_is_still_to_come_has_no_frame() -> None:
    found = frames.frames_of(date(2026, 2, 25), date(2026, 12, 31), Frame.DAY, TODAY)

    assert [one.since.isoformat() for one in found][-1] == "2026-03-02" and len(found) == 6
    assert frames.frames_of(date(2026, 3, 3), None, Frame.DAY, TODAY) == []
    weeks = frames.frames_of(date(2026, 2, 25), date(2026, 3, 3), Frame.WEEK, TODAY)
    assert [(str(one.since), str(one.until)) for one in weeks] == [
        ("2026-02-25", "2026-03-02"), ("2026-03-02", "2026-03-03"),
    ]  # fmt: skip


def test_a_range_is_the_fewest_whole_spans_and_its_edges() -> None:
    def told_as(since: date | None, until: date | None) -> list[tuple[str, str, str]]:
        found = parts(since, until, today=TODAY)
        return [(str(one.kind), str(one.since), str(one.until)) for one in found]

    assert told_as(date(2026, 3, 1), date(2026, 4, 1)) == [("month", "2026-03-01", "2026-04-01")]
    assert told_as(date(2026, 3, 1), date(2026, 3, 9)) == [("month", "2026-03-01", "2026-04-01")]
    assert told_as(date(2026, 1, 1), None) == [("quarter", "2026-01-01", "2026-04-01")]
    assert told_as(date(2025, 1, 1), date(2026, 1, 1)) == [("year", "2025-01-01", "2026-01-01")]
    assert told_as(None, None) == [("year", "1900-01-01", "2027-01-01")]
    assert told_as(date(2024, 11, 20), date(2026, 2, 10)) == [
        ("days", "2024-11-20", "2024-12-01"), ("month", "2024-12-01", "2025-01-01"),
        ("year", "2025-01-01", "2026-01-01"), ("month", "2026-01-01", "2026-02-01"),
        ("days", "2026-02-01", "2026-02-10"),
    ]  # fmt: skip
    assert told_as(date(2026, 3, 3), None) == []
    assert [one.is_one for one in parts(date(2025, 1, 1), date(2025, 7, 1), today=TODAY)] == [False]
    assert [one.is_one for one in parts(date(2025, 1, 1), date(2025, 4, 1), today=TODAY)] == [True]


@pytest.mark.parametrize("seed", range(20))
def test_the_parts_of_any_range_hold_each_of_its_days_once(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(50):
        since = FIRST + timedelta(days=rng.randrange(1100))
        until = since + timedelta(days=rng.randrange(1, 900))

        found: list[Part] = parts(since, until, today=TODAY)

        if since <= TODAY:
            assert found[0].since == since
            assert found[-1].until == until or (until > TODAY and found[-1].until > TODAY)
        for one, following in pairwise(found):
            assert one.until == following.since
