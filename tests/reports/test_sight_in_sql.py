"""Who sees a report as officials do is one rule, written for a report at hand and for a statement
over all of them: here every kind of viewer meets every kind of report."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.database import db
from reports.assignments import joined_offices
from reports.models import Report
from reports.permissions import NOBODY, Viewer, can_view_all_of, views_all_of
from reports.statuses import Role
from tests.reports.conftest import House

LEAD, JOINS, ELSEWHERE = "ubnd-19789", "so-y-te", "ubnd-20044"


def proposed(house: House) -> Report:
    report = house.submits()
    report.office_id = house.office_id(LEAD)
    return report


def led(house: House) -> Report:
    report = house.submits()
    house.takes(house.official(Role.DISPATCHER), "accept", report, office=LEAD)
    return report


def joined(house: House) -> Report:
    report = led(house)
    house.takes(house.official(Role.DISPATCHER), "join", report, office=JOINS)
    return report


def let_go(house: House) -> Report:
    report = joined(house)
    house.takes(house.official(Role.DISPATCHER), "unjoin", report, office=JOINS)
    return report


def against_its_lead(house: House) -> Report:
    report = led(house)
    report.accused_office_id = house.office_id(LEAD)
    return report


def against_who_joins(house: House) -> Report:
    report = joined(house)
    report.accused_office_id = house.office_id(JOINS)
    return report


def against_the_centre(house: House) -> Report:
    report = led(house)
    report.accused_office_id = house.city.centre.id
    return report


def against_the_centre_proposed(house: House) -> Report:
    report = proposed(house)
    report.accused_office_id = house.city.centre.id
    return report


def against_the_centre_at_the_centre(house: House) -> Report:
    report = against_the_centre(house)
    report.office_id = house.city.centre.id
    return report


def viewers(house: House) -> dict[str, Viewer]:
    one = {
        f"{role} of {code or 'the centre'}": house.official(role, code)
        for role in (Role.OFFICER, Role.HEAD, Role.DISPATCHER, Role.LEADER, Role.ADMIN)
        for code in (None, LEAD, JOINS, ELSEWHERE)
    }
    lead, joins, centre = house.office_id(LEAD), house.office_id(JOINS), house.city.centre.id
    both = {
        "officer of both": frozenset({(Role.OFFICER, lead), (Role.OFFICER, joins)}),
        "leader and officer": frozenset({(Role.LEADER, centre), (Role.OFFICER, lead)}),
        "dispatcher and head": frozenset({(Role.DISPATCHER, centre), (Role.HEAD, lead)}),
    }
    resident = Viewer(house.person("Minh").account_id)
    return {**one, **{name: Viewer(resident.account_id, held) for name, held in both.items()},
            "resident": resident, "nobody": NOBODY}  # fmt: skip


@pytest.mark.parametrize(
    "made",
    [
        proposed, led, joined, let_go, against_its_lead, against_who_joins, against_the_centre,
        against_the_centre_proposed, against_the_centre_at_the_centre,
    ],
)  # fmt: skip
def test_a_statement_and_the_rule_find_the_same_viewers(
    house: House, made: Callable[[House], Report]
) -> None:
    report, centre = made(house), house.city.centre.id
    db.session.flush()
    everybody = viewers(house)

    by_rule = {
        name
        for name, viewer in everybody.items()
        if viewer.is_official
        and can_view_all_of(viewer, report, joined_offices(report.id), centre_id=centre)
    }
    by_statement = {
        name
        for name, viewer in everybody.items()
        if db.session.scalar(
            select(Report.id).where(Report.id == report.id, views_all_of(viewer, centre_id=centre))
        )
    }

    assert by_statement == by_rule
    assert "nobody" not in by_rule
    assert by_rule
