"""Figures along time, and what is marked beside them: Tết and floods."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from app.database import db
from reports.city.models import Notice, NoticeKind
from reports.figures.periods import Period, month
from reports.figures.scope import Scope
from reports.figures.trends import Mark, MarkKind, marks, trend
from tests.figures.conftest import Counted, local

MARCH = month(2026, 3)


def told(
    kind: NoticeKind, since: datetime, until: datetime, areas: tuple[str, ...] = (),
    withdrawn: datetime | None = None,
) -> None:  # fmt: skip
    db.session.add(
        Notice(
            id=uuid4(), kind=kind, text_vi="Đường ngập.", areas=list(areas), starts_at=since,
            ends_at=until, created_at=since, withdrawn_at=withdrawn,
        )
    )  # fmt: skip
    db.session.commit()


def floods(period: Period = MARCH, scope: Scope | None = None) -> list[tuple[date, date]]:
    found = marks(period, scope=scope or Scope())
    return [(one.days.since, one.days.until) for one in found if one.kind is MarkKind.FLOOD]


def test_tet_is_marked_by_the_public_holidays_of_the_city(house: Counted) -> None:
    found = marks(Period(date(2025, 1, 1), date(2026, 12, 31)))

    assert [(one.days.since, one.days.until, one.vi) for one in found] == [
        (date(2025, 1, 27), date(2025, 2, 2), "Tết 2025"),
        (date(2026, 2, 16), date(2026, 2, 21), "Tết 2026"),
    ]


def test_a_mark_is_cut_to_the_days_that_are_shown(house: Counted) -> None:
    assert marks(Period(date(2026, 2, 18), date(2026, 2, 19))) == (
        Mark(MarkKind.TET, Period(date(2026, 2, 18), date(2026, 2, 19)), "Tết 2026", "Tết 2026"),
    )


def test_days_for_which_the_centre_told_of_floods_are_marked(house: Counted) -> None:
    told(NoticeKind.FLOOD, local(3, 23), local(5, 7))
    told(NoticeKind.ROAD, local(20, 8), local(21, 8))  # no flood

    assert floods() == [(date(2026, 3, 3), date(2026, 3, 6))]


def test_floods_that_follow_each_other_are_one(house: Counted) -> None:
    told(NoticeKind.FLOOD, local(3, 8), local(4, 8))
    told(NoticeKind.FLOOD, local(5, 8), local(6, 8))
    told(NoticeKind.FLOOD, local(10, 8), local(11, 0))  # until midnight: the 11th is dry

    assert floods() == [
        (date(2026, 3, 3), date(2026, 3, 7)), (date(2026, 3, 10), date(2026, 3, 11)),
    ]  # fmt: skip


def test_a_flood_that_was_taken_back_ends_there_or_never_was(house: Counted) -> None:
    told(NoticeKind.FLOOD, local(3, 8), local(9, 8), withdrawn=local(4, 8))
    told(NoticeKind.FLOOD, local(20, 8), local(22, 8), withdrawn=local(19, 8))

    assert floods() == [(date(2026, 3, 3), date(2026, 3, 5))]


def test_a_ward_has_its_own_floods_and_those_of_the_whole_city(house: Counted) -> None:
    one, other = sorted(house.city.area_by_code)[:2]
    told(NoticeKind.FLOOD, local(3, 8), local(4, 8), areas=(one,))
    told(NoticeKind.FLOOD, local(10, 8), local(11, 8), areas=(other,))
    told(NoticeKind.FLOOD, local(20, 8), local(21, 8))

    of_one = floods(scope=Scope(area=house.city.area_by_code[one].id))

    assert [since.day for since, _ in of_one] == [3, 20]
    assert len(floods()) == 3


@pytest.mark.parametrize(
    ("on", "unfinished", "ripe"), [(31, True, 12), (32, False, 12), (50, False, 13)]
)
def test_a_line_tells_whether_its_last_month_is_over_and_how_many_are_ripe(
    house: Counted,
    on: int,
    unfinished: bool,  # noqa: FBT001
    ripe: int,
) -> None:
    """Of March the figures are ripe once seven working days have passed: on 10 April."""
    house.follow()

    found = trend(date(2026, 3, 5), at=local(1, 9) + timedelta(days=on - 1))

    assert len(found.months) == 13
    assert (found.unfinished, found.ripe) == (unfinished, ripe)


def test_a_line_gives_one_figure_month_by_month(house: Counted) -> None:
    house.at = local(2, 8)
    report = house.submits()
    house.submits("Hùng")
    house.follow()

    of_all = trend(date(2026, 3, 5), at=local(5, 8))
    elsewhere = trend(date(2026, 3, 5), at=local(5, 8), scope=Scope(area=report.area_id + 1))

    assert of_all.line("received") == (0,) * 12 + (2,)
    assert of_all.line("on_time") == (None,) * 13
    assert elsewhere.line("received") == (0,) * 13
