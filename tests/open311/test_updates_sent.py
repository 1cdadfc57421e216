"""What a client says of a report, and what comes of it: steps by its roles, or words that wait."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import db
from reports import errors
from reports.city import snapshot
from reports.models import Comment, Photo, Report
from reports.open311 import updates_sent
from reports.open311.updates_meaning import DuplicateOfWhat, SentUpdate, Told
from reports.permissions import Viewer
from reports.statuses import Outcome, Role, Status
from tests.reports.conftest import MONDAY, House

WORDS = "Đội thi công đã đến, sẽ nạo vét trong ngày."


@pytest.fixture
def house(app: Flask) -> House:
    """On a Monday morning, whenever the tests run."""
    return House(snapshot.current())


@pytest.fixture
def dispatcher(house: House) -> Viewer:
    return house.official(Role.DISPATCHER)


@pytest.fixture
def report(house: House, dispatcher: Viewer) -> Report:
    """Sent by a client of its own, accepted and shown."""
    report = house.submits("a client")
    house.takes(dispatcher, "accept", report)
    return report


@pytest.fixture
def office(house: House, report: Report) -> Viewer:
    """What a client is that holds an officer's role for the office that leads."""
    return house.official(Role.OFFICER, house.city.offices_by_id[report.office_id].code)


@pytest.fixture
def sender(house: House, report: Report) -> Viewer:
    return Viewer(report.reporter_id)


@pytest.fixture
def stranger(house: House) -> Viewer:
    return Viewer(house.person("another client").account_id)


def sent(report: Report, told: Told | str, **facts: Any) -> SentUpdate:
    facts = {"id": uuid4(), "words": WORDS, "request_id": report.code} | facts
    return SentUpdate(told=Told(told), **facts)


def takes(house: House, by: Viewer, update: SentUpdate) -> UUID:
    house.at += timedelta(minutes=10)
    taken = updates_sent.take(update, by=by, locale="vi", at=house.at)
    db.session.flush()
    return taken


def said(report: Report) -> list[tuple[str, bool]]:
    """Comments on it: their words, and whether everybody reads them."""
    rows = db.session.scalars(
        select(Comment).where(Comment.report_id == report.id).order_by(Comment.at)
    )
    return [(row.text, row.published_at is not None) for row in rows]


def at_work(house: House, office: Viewer, report: Report) -> None:
    takes(house, office, sent(report, Told.IN_PROGRESS, words="Bắt đầu."))


def resolved(house: House, office: Viewer, report: Report, told: Told = Told.FIXED) -> None:
    takes(house, office, sent(report, told, words="Đã xong."))


# An office's client ----------------------------------------------------------------------------


@pytest.mark.parametrize("told", ["in_progress", "investigating", "action_scheduled", "planned"])
def test_an_office_begins_work_and_its_words_are_read_by_everybody(
    house: House, office: Viewer, report: Report, told: str
) -> None:
    update = sent(report, told)

    assert takes(house, office, update) == update.id

    assert report.status is Status.IN_PROGRESS
    assert said(report) == [(WORDS, True)]


def test_what_is_said_again_while_work_goes_on_is_a_reply_and_no_step(
    house: House, office: Viewer, report: Report
) -> None:
    at_work(house, office, report)
    version = report.version

    takes(house, office, sent(report, Told.IN_PROGRESS, words="Mai làm tiếp."))

    assert report.version == version
    assert said(report)[-1] == ("Mai làm tiếp.", True)


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        (Told.FIXED, Outcome.FIXED),
        (Told.CLOSED, Outcome.FIXED),
        (Told.NO_FURTHER_ACTION, Outcome.EXPLAINED),
    ],
)
def test_an_office_resolves_what_it_had_not_begun_here(
    house: House, office: Viewer, report: Report, told: Told, outcome: Outcome
) -> None:
    takes(house, office, sent(report, told))

    assert (report.status, report.outcome) == (Status.RESOLVED, outcome)
    assert house.changes(report.id)[-2:] == ["start", "resolve"]
    assert said(report) == []  # the reply itself says it


def test_a_plan_with_a_day_is_a_result(house: House, office: Viewer, report: Report) -> None:
    day = MONDAY + timedelta(days=40)

    takes(house, office, sent(report, Told.PLANNED, planned_for=day))

    assert (report.status, report.outcome) == (Status.RESOLVED, Outcome.PLANNED)
    assert report.planned_for == day


def test_a_category_that_asks_for_evidence_asks_clients_too(
    house: House, dispatcher: Viewer
) -> None:
    kinds = house.city.offered_categories()
    kind = next(one for one in kinds if one.evidence and not one.private and not one.urgent)
    report = house.submits("a client", category=kind.code)
    if report.status is Status.SUBMITTED:
        house.takes(dispatcher, "accept", report)
    office = house.official(Role.OFFICER, house.city.offices_by_id[report.office_id].code)

    with pytest.raises(errors.EvidenceMissing):
        takes(house, office, sent(report, Told.FIXED))


def test_photos_of_a_repair_belong_to_its_result(
    house: House, office: Viewer, report: Report
) -> None:
    photo = Photo(
        id=uuid4(), owner_id=office.account_id, sha256=b"x" * 32, key="a.jpg",
        small_key="a-400.jpg", width=4, height=3, thumbhash=b"", likeness=0,
    )  # fmt: skip
    db.session.add(photo)
    db.session.flush()
    update = sent(report, Told.FIXED, photos=(photo.id,))
    meant = updates_sent.photos_for(update, by=office)
    assert meant and (meant.owner_id, meant.step) == (office.account_id, "resolve")

    takes(house, office, update)

    db.session.refresh(photo)
    assert photo.change_id == update.id
    assert updates_sent.photos_for(update, by=office) is None


@pytest.mark.parametrize("told", ["not_councils_responsibility", "internal_referral", "for_triage"])
def test_what_is_not_the_offices_goes_back_to_the_centre_with_its_words(
    house: House, office: Viewer, report: Report, told: str
) -> None:
    takes(house, office, sent(report, told, words="Đây là cống của tỉnh."))

    assert report.status is Status.RETURNED
    assert report.office_id == house.city.centre.id


def test_a_duplicate_needs_to_be_told_of_what(
    house: House, dispatcher: Viewer, office: Viewer, report: Report
) -> None:
    lead = house.submits("Minh")
    house.takes(dispatcher, "accept", lead)

    with pytest.raises(DuplicateOfWhat):
        takes(house, office, sent(report, Told.DUPLICATE))
    takes(house, office, sent(report, Told.DUPLICATE, duplicate_of=lead.code))

    assert (report.status, report.lead_id) == (Status.MERGED, lead.id)


@pytest.mark.parametrize("told", [Told.OPEN, Told.REOPEN, Told.CANCELLED])
def test_an_office_does_not_take_the_reporters_steps(
    house: House, office: Viewer, report: Report, told: Told
) -> None:
    if told is not Told.CANCELLED:
        resolved(house, office, report)

    with pytest.raises(errors.StepNotYours):
        takes(house, office, sent(report, told))


def test_an_office_goes_on_without_the_answer_that_it_waited_for(
    house: House, office: Viewer, report: Report
) -> None:
    house.takes(office, "ask", report, note="Ở đâu?")

    takes(house, office, sent(report, Told.FIXED))

    assert house.changes(report.id)[-3:] == ["resume", "start", "resolve"]


def test_before_the_centre_accepts_an_office_can_move_nothing(
    house: House, dispatcher: Viewer, office: Viewer
) -> None:
    new = house.submits("Minh")

    with pytest.raises(errors.NoSuchReport):
        takes(house, office, sent(new, Told.FIXED))

    assert new.status is Status.SUBMITTED


# Whoever sent the report -----------------------------------------------------------------------


def test_the_sender_confirms_a_repair(
    house: House, office: Viewer, sender: Viewer, report: Report
) -> None:
    resolved(house, office, report)

    takes(house, sender, sent(report, Told.FIXED, words="Cảm ơn."))

    assert report.status is Status.CLOSED


@pytest.mark.parametrize("told", [Told.REOPEN, Told.OPEN])
def test_the_sender_says_that_it_is_not_done(
    house: House, office: Viewer, sender: Viewer, report: Report, told: Told
) -> None:
    resolved(house, office, report)

    takes(house, sender, sent(report, told, words="Vẫn còn ngập."))

    assert report.status is Status.IN_PROGRESS
    assert report.reopened == 1


def test_a_word_about_a_plan_reopens_nothing(
    house: House, office: Viewer, sender: Viewer, report: Report
) -> None:
    """With FixMyStreet a planned repair is open, and its status is sent with every word."""
    update = sent(report, Told.PLANNED, planned_for=MONDAY + timedelta(days=40))
    takes(house, office, update)

    takes(house, sender, sent(report, Told.OPEN, words="Lâu quá."))

    assert report.status is Status.RESOLVED
    assert said(report) == [("Lâu quá.", False)]


def test_closed_is_what_the_sender_was_told_and_confirms_nothing(
    house: House, office: Viewer, sender: Viewer, report: Report
) -> None:
    resolved(house, office, report)

    takes(house, sender, sent(report, Told.CLOSED, words="Chưa sạch hẳn."))

    assert report.status is Status.RESOLVED
    assert said(report) == [("Chưa sạch hẳn.", False)]


def test_the_sender_answers_what_was_asked(
    house: House, office: Viewer, sender: Viewer, report: Report
) -> None:
    house.takes(office, "ask", report, note="Trước số mấy?")

    takes(house, sender, sent(report, Told.OPEN, words="Trước số 12."))

    assert house.changes(report.id)[-1] == "answer"


def test_the_sender_takes_it_back(house: House, sender: Viewer, report: Report) -> None:
    takes(house, sender, sent(report, Told.CANCELLED, words="Đã tự sửa."))

    assert report.status is Status.WITHDRAWN


def test_the_sender_disputes_a_refusal(
    house: House, dispatcher: Viewer, sender: Viewer, report: Report
) -> None:
    house.takes(dispatcher, "reject", report, reason="unclear", note="Chưa rõ.")

    takes(house, sender, sent(report, Told.REOPEN, words="Có ảnh kèm theo."))

    assert report.status is Status.SUBMITTED


@pytest.mark.parametrize("told", [Told.FIXED, Told.IN_PROGRESS, Told.DUPLICATE, Told.UNCHANGED])
def test_what_is_not_the_senders_to_do_waits_as_words(
    house: House, sender: Viewer, report: Report, told: Told
) -> None:
    takes(house, sender, sent(report, told, words="Hình như xong rồi."))

    assert report.status is Status.ACCEPTED
    assert said(report) == [("Hình như xong rồi.", False)]


# Everybody else --------------------------------------------------------------------------------


@pytest.mark.parametrize("told", list(Told))
def test_a_strangers_words_wait_for_a_person_and_move_nothing(
    house: House, stranger: Viewer, report: Report, told: Told
) -> None:
    version = report.version

    takes(house, stranger, sent(report, told, words="Gọi tôi: 0905 123 456."))

    assert report.version == version
    assert said(report) == [("Gọi tôi: •••.", False)]


def test_what_a_client_may_not_see_is_not_there(
    house: House, dispatcher: Viewer, stranger: Viewer, report: Report
) -> None:
    house.takes(dispatcher, "hide", report, note="Lộ mặt người.")

    with pytest.raises(errors.NoSuchReport):
        takes(house, stranger, sent(report, Told.UNCHANGED))
    with pytest.raises(errors.NoSuchReport):
        takes(house, stranger, sent(report, Told.UNCHANGED, request_id="000-000-000-A"))


# Again -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "told", [Told.IN_PROGRESS, Told.FIXED, Told.NOT_COUNCILS_RESPONSIBILITY, Told.UNCHANGED]
)
def test_the_same_update_again_is_answered_alike_and_does_nothing(
    house: House, office: Viewer, report: Report, told: Told
) -> None:
    update = sent(report, told)
    first = takes(house, office, update)
    steps, words = house.changes(report.id), said(report)

    assert takes(house, office, update) == first

    assert (house.changes(report.id), said(report)) == (steps, words)


@pytest.mark.parametrize("told", [Told.IN_PROGRESS, Told.FIXED])
def test_another_update_under_a_used_id_is_refused(
    house: House, office: Viewer, report: Report, told: Told
) -> None:
    update = sent(report, told)
    takes(house, office, update)

    with pytest.raises(errors.SameIdOtherStep):
        takes(house, office, sent(report, told, id=update.id, words="Khác."))


def test_a_used_id_is_not_taken_on_another_report(
    house: House, dispatcher: Viewer, stranger: Viewer, report: Report
) -> None:
    update = sent(report, Told.UNCHANGED)
    takes(house, stranger, update)
    other = house.submits("Minh")
    house.takes(dispatcher, "accept", other)

    with pytest.raises(errors.SameIdOtherStep):
        takes(house, stranger, sent(other, Told.UNCHANGED, id=update.id))


def test_two_clients_may_use_the_same_id() -> None:
    ours, theirs = uuid4(), uuid4()

    assert updates_sent.id_of(ours, "17") == updates_sent.id_of(ours, "17")
    assert updates_sent.id_of(ours, "17") != updates_sent.id_of(theirs, "17")
