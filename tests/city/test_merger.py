"""A merger of wards, and an office that takes over: everything open moves in one act."""

from datetime import timedelta
from uuid import uuid4

import pytest
import shapely
from sqlalchemy import select

from app.auth.guards import Caller
from app.auth.models import AccountKind
from app.database import db
from reports import assignments
from reports.city import merger, snapshot
from reports.city.models import Area, DutyShift, Office, RoleGrant, RoutingRule, Subscription
from reports.city.planning import CannotMergeAreas, Plan, preview_merger, preview_succession
from reports.models import Assignment, Report, StatusChange
from reports.permissions import viewer_of
from reports.statuses import Role, Status
from tests.city.conftest import Town

#: Phú Xuân and Thuận Hóa become one ward, under a new code.
PLAN = Plan(
    old=("19753", "19789"), into="19700", name_vi="Phường Kinh Thành", name_en="Kinh Thanh Ward"
)
NOISE = {"answers": {"khi-nao": ["sau-22h"]}}


def accepted(town: Town, area: str = "19753", category: str = "tieng-on") -> Report:
    report = town.reports(category, area, **(NOISE if category == "tieng-on" else {}))
    town.takes(town.official(Role.DISPATCHER, "hue-ioc"), "accept", report)
    return report


def row(code: str) -> Area:
    return db.session.scalars(select(Area).where(Area.code == code)).one()


def office(code: str) -> Office:
    return db.session.scalars(select(Office).where(Office.code == code)).one()


def test_the_preview_says_what_would_move_and_moves_nothing(town: Town) -> None:
    accepted(town)
    town.official(Role.OFFICER, "ubnd-19753")
    before = snapshot.current().version

    told = preview_merger(PLAN, at=town.at)

    assert told.into == "19700 Phường Kinh Thành (new)"
    assert told.ended == ("19753 Phường Phú Xuân", "19789 Phường Thuận Hóa")
    assert told.office == "ubnd-19700 UBND phường Kinh Thành (new)"
    assert (told.reports, told.roles, told.accounts) == (1, 1, 1)
    assert "duong-hong: duong-hong → tt-ha-tang" not in told.rules
    assert len(told.rules) == 6  # one a category; the second ward's say the same and are dropped
    assert len(told.dropped_rules) == 6
    assert any("approximate" in note for note in told.notes)
    snapshot.forget()
    assert snapshot.current().version == before
    assert row("19753").valid_until is None


def test_areas_offices_and_rules_end_with_their_successors(town: Town) -> None:
    merger.merge_areas(PLAN, by=None, at=town.at)

    city = snapshot.current()
    for old in ("19753", "19789"):
        assert old not in city.area_by_code
        followed = city.area(old)
        assert followed is not None
        assert followed.code == "19700"
        committee = city.committee_of(old)
        assert committee is not None
        assert committee.name_vi == "UBND phường Kinh Thành"
        assert city.office(f"ubnd-{old}") == committee
    merged = city.area_by_code["19700"]
    assert merged.population == 130247 + 98923
    assert merged.area_km2 == pytest.approx(10.38 + 7.57)
    assert {"Phường Phú Xuân", "Phường Thuận Hóa", "Phường Gia Hội"} <= set(merged.other_names)
    assert [r.office_code for r in city.rules.fitting("rac-thai", "19700")] == ["hepco"]
    ended = db.session.scalars(
        select(RoutingRule).where(RoutingRule.code == "rac-thai@19753")
    ).one()
    assert ended.successor_code == "rac-thai@19700"
    assert city.parent(committee) == city.office_by_code["ubnd-tp"]


def test_the_new_boundary_is_the_union_of_the_old(town: Town) -> None:
    parts = [shapely.from_wkb(row(code).boundary) for code in ("19753", "19789")]

    merger.merge_areas(PLAN, by=None, at=town.at)

    whole = shapely.from_wkb(row("19700").boundary)
    assert whole.area == pytest.approx(sum(part.area for part in parts))
    city = snapshot.current()
    for place in ((16.4698, 107.5786), (16.456, 107.578)):
        assert city.areas.locate(*place).area.code == "19700"


def test_open_work_moves_and_its_history_says_so(town: Town) -> None:
    report = accepted(town)
    version = report.version

    told = merger.merge_areas(PLAN, by=None, at=town.at + timedelta(hours=1))

    assert told.reports == 1
    assert report.area_id == row("19700").id
    assert report.office_id == office("ubnd-19700").id
    assert report.version == version + 1
    change = db.session.scalars(
        select(StatusChange).where(
            StatusChange.report_id == report.id, StatusChange.version == report.version
        )
    ).one()
    assert (change.step, change.before, change.after) == ("moved", report.status, report.status)
    assert change.role == Role.SYSTEM
    assert change.facts == {
        "area": ["19753", "19700"],
        "office": ["ubnd-19753", "ubnd-19700"],
    }
    old, new = db.session.scalars(
        select(Assignment)
        .where(Assignment.report_id == report.id, Assignment.part == "lead")
        .order_by(Assignment.since)
    )
    assert old.until == new.since == town.at + timedelta(hours=1)
    assert (old.office_id, new.office_id) == (office("ubnd-19753").id, report.office_id)
    assert new.reason_vi.startswith("Phường Phú Xuân và Phường Thuận Hóa nhập vào Phường Kinh")
    assert new.until is None


def test_reports_of_the_area_that_others_handle_keep_their_office(town: Town) -> None:
    report = accepted(town, category="vi-pham-giao-thong")

    merger.merge_areas(PLAN, by=None, at=town.at)

    assert report.area_id == row("19700").id
    assert report.office_id == office("csgt").id


def test_the_deadline_does_not_move_with_the_office(town: Town) -> None:
    report = accepted(town)
    due = report.due_at, report.first_due_at

    merger.merge_areas(PLAN, by=None, at=town.at + timedelta(days=1))

    assert (report.due_at, report.first_due_at) == due


def test_what_may_come_back_moves_and_what_is_long_over_stays(town: Town) -> None:
    dispatcher = town.official(Role.DISPATCHER, "hue-ioc")
    officer = town.official(Role.OFFICER, "ubnd-19753")
    kept: list[Report] = []
    for days in (60, 10):
        report = accepted(town)
        town.takes(officer, "start", report)
        town.takes(officer, "resolve", report, outcome="explained", note="Đã nhắc.")
        report.status = Status.CLOSED
        report.closed_at = town.at + timedelta(days=70 - days)
        kept.append(report)
    rejected = town.reports("tieng-on", "19753", **NOISE)
    town.takes(dispatcher, "reject", rejected, reason="unclear", note="Chưa rõ.")
    db.session.flush()

    merger.merge_areas(PLAN, by=None, at=town.at + timedelta(days=70))

    long_over, may_reopen = kept
    assert long_over.office_id == office("ubnd-19753").id
    assert long_over.area_id == row("19753").id
    assert may_reopen.office_id == office("ubnd-19700").id
    assert rejected.office_id == office("ubnd-19753").id  # refused 70 days ago


def test_roles_go_over_once_and_their_holders_go_on_working(town: Town) -> None:
    report = accepted(town)
    officer = town.official(Role.OFFICER, "ubnd-19753")
    both = town.official(Role.HEAD, "ubnd-19753")
    db.session.add(
        RoleGrant(
            account_id=both.account_id,
            office_id=office("ubnd-19789").id,
            role=Role.HEAD,
            since=town.at,
        )
    )
    db.session.flush()

    merger.merge_areas(PLAN, by=None, at=town.at)

    new = office("ubnd-19700").id
    for person, role in ((officer, Role.OFFICER), (both, Role.HEAD)):
        grants = db.session.scalars(
            select(RoleGrant).where(
                RoleGrant.account_id == person.account_id, RoleGrant.until.is_(None)
            )
        ).all()
        assert [(grant.role, grant.office_id) for grant in grants] == [(role, new)]
    town.at += timedelta(minutes=1)
    assert officer.account_id
    caller = Caller(officer.account_id, AccountKind.OFFICIAL, "vi", b"")
    town.takes(viewer_of(caller, town.at), "start", report)
    assert report.status == Status.IN_PROGRESS


def test_duty_shifts_go_over_from_this_moment(town: Town) -> None:
    person = town.person().account_id
    old = office("ubnd-19753").id
    for since in (-4, 4):
        db.session.add(
            DutyShift(
                office_id=old,
                account_id=person,
                since=town.at + timedelta(hours=since),
                until=town.at + timedelta(hours=since + 8),
            )
        )
    db.session.flush()

    merger.merge_areas(PLAN, by=None, at=town.at)

    new = office("ubnd-19700").id
    shifts = db.session.scalars(select(DutyShift).order_by(DutyShift.since)).all()
    assert [(s.office_id, s.since, s.until) for s in shifts] == [
        (old, town.at - timedelta(hours=4), town.at),
        (new, town.at, town.at + timedelta(hours=4)),
        (new, town.at + timedelta(hours=4), town.at + timedelta(hours=12)),
    ]


def test_subscriptions_go_over_and_are_not_doubled(town: Town) -> None:
    one, two = town.person().account_id, town.person().account_id
    for person, code in ((one, "19753"), (one, "19789"), (two, "19789"), (two, "20044")):
        db.session.add(Subscription(id=uuid4(), account_id=person, area_id=row(code).id))
    db.session.flush()

    told = merger.merge_areas(PLAN, by=None, at=town.at)

    assert told.subscriptions == 3
    wishes = db.session.scalars(select(Subscription)).all()
    assert sorted((w.account_id == one, w.area_id == row("19700").id) for w in wishes) == [
        (False, False),
        (False, True),
        (True, True),
    ]


def test_an_office_that_joined_leads_once_and_is_not_listed_twice(town: Town) -> None:
    report = accepted(town)
    dispatcher = town.official(Role.DISPATCHER, "hue-ioc")
    town.takes(dispatcher, "join", report, office="ubnd-19777")

    merger.merge_areas(Plan(old=("19753",), into="19777"), by=None, at=town.at)

    present = [(row.part, row.office_id) for row in assignments.present(report.id)]
    assert present == [("lead", office("ubnd-19777").id)]


def test_whoever_follows_the_accused_is_kept_from_reading_it_too(town: Town) -> None:
    report = town.reports("thai-do", "19753")

    merger.merge_areas(PLAN, by=None, at=town.at)

    assert report.accused_office_id == office("ubnd-19700").id
    assert report.office_id == office("ubnd-tp").id


def test_an_area_may_take_others_in_and_keep_its_code_and_committee(town: Town) -> None:
    report = accepted(town, "19789")

    told = merger.merge_areas(Plan(old=("19789",), into="19753"), by=None, at=town.at)

    assert told.office == "ubnd-19753 UBND phường Phú Xuân"
    city = snapshot.current()
    assert report.office_id == city.office_by_code["ubnd-19753"].id
    assert city.area_by_code["19753"].name_vi == "Phường Phú Xuân"
    assert "Phường Thuận Hóa" in city.area_by_code["19753"].other_names
    assert city.area_by_code["19753"].population == 130247 + 98923


def test_areas_merge_again_later_and_the_chain_is_followed(town: Town) -> None:
    report = accepted(town)
    merger.merge_areas(PLAN, by=None, at=town.at)
    again = Plan(old=("19700", "19777"), into="19600", name_vi="Phường Sông Hương")

    merger.merge_areas(again, by=None, at=town.at + timedelta(days=1))

    city = snapshot.current()
    followed = city.area("19753")
    assert followed is not None
    assert followed.code == "19600"
    assert city.office("ubnd-19753") == city.office_by_code["ubnd-19600"]
    assert report.office_id == city.office_by_code["ubnd-19600"].id
    steps = db.session.scalars(
        select(StatusChange.step)
        .where(StatusChange.report_id == report.id)
        .order_by(StatusChange.version)
    ).all()
    assert steps == ["submit", "accept", "moved", "moved"]


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        (Plan(old=("1",), into="19753"), "there is no area 1."),
        (Plan(old=("19753",), into="19753"), "no area was named."),
        (Plan(old=("19753",), into="19700"), "a new area needs a name"),
        (Plan(old=("19753",), into="19700", name_vi="X", kind="khom"), "there is no kind “khom”."),
        (
            Plan(old=("19753",), into="19700", name_vi="X", office_code="hepco"),
            "the office hepco exists already",
        ),
    ],
)
def test_a_merger_that_makes_no_sense_is_refused(town: Town, plan: Plan, why: str) -> None:
    with pytest.raises(CannotMergeAreas) as caught:
        preview_merger(plan, at=town.at)

    assert why in caught.value.sentence("en")


def test_an_ended_area_cannot_be_merged_again(town: Town) -> None:
    merger.merge_areas(PLAN, by=None, at=town.at)

    with pytest.raises(CannotMergeAreas) as caught:
        merger.merge_areas(PLAN, by=None, at=town.at)

    assert "19753 has ended already." in caught.value.sentence("en")


# Offices ------------------------------------------------------------------------------------------


def test_an_office_hands_everything_to_its_successor(town: Town) -> None:
    sent = town.reports("o-nhiem", "19753")
    town.takes(town.official(Role.DISPATCHER, "hue-ioc"), "accept", sent)
    officer = town.official(Role.OFFICER, "so-nnmt")

    told = merger.succeed_office("so-nnmt", "so-xay-dung", by=None, at=town.at)

    city = snapshot.current()
    assert told.reports == 1
    assert sent.office_id == city.office_by_code["so-xay-dung"].id
    assert city.office("so-nnmt") == city.office_by_code["so-xay-dung"]
    choice = next(city.rules.fitting("o-nhiem", "19753"))
    assert city.office(choice.office_code) == city.office_by_code["so-xay-dung"]
    grants = db.session.scalars(
        select(RoleGrant.office_id).where(
            RoleGrant.account_id == officer.account_id, RoleGrant.until.is_(None)
        )
    ).all()
    assert grants == [city.office_by_code["so-xay-dung"].id]


def test_offices_below_go_over_with_it(town: Town) -> None:
    merger.succeed_office("so-xay-dung", "so-nnmt", by=None, at=town.at)

    city = snapshot.current()
    assert city.office_by_code["hepco"].parent_code == "so-nnmt"


def test_the_centre_cannot_end_and_nobody_succeeds_themselves(town: Town) -> None:
    for old, new, why in (
        ("hue-ioc", "so-khcn", "a city always needs its centre"),
        ("hepco", "hepco", "an office cannot succeed itself"),
        ("nobody", "hepco", "there is no office nobody"),
    ):
        with pytest.raises(CannotMergeAreas) as caught:
            preview_succession(old, new, at=town.at)
        assert why in caught.value.sentence("en")
