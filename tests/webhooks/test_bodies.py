"""What an event says: to the public's webhooks what anyone may read, to an office's what it reads
at its desk, and to nobody who the reporter is.
"""

import json
from collections.abc import Callable
from uuid import uuid4

from app.auth.client_models import ApiClient
from app.auth.models import Account, AccountKind
from app.clock import now
from app.database import db
from notifications.webhooks import endpoints
from notifications.webhooks.endpoints import Wish
from reports import identity, presenting
from reports.city.models import RoleGrant
from reports.models import Photo, Report
from reports.statuses import Role
from reports.webhook_events import reader_of
from tests.reports.conftest import House
from tests.webhooks.conftest import Neighbours

Dispatch = Callable[..., object]
PHONE = "0905 123 456"
NAME = "Nguyễn Thị Canari"


def lead(house: House, report: Report) -> str:
    return house.city.offices_by_id[report.office_id].code


def a_photo(house: House, who: str) -> Photo:
    photo = Photo(
        id=uuid4(), owner_id=house.person(who).account_id, sha256=uuid4().bytes, key="a.jpg",
        small_key="b.jpg", width=1600, height=1200, thumbhash=b"\x01", likeness=1,
    )  # fmt: skip
    db.session.add(photo)
    db.session.flush()
    return photo


def test_the_public_reads_masked_words_and_whole_addresses(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, _ = neighbours.listen()
    photo = a_photo(house, "Lan")
    report = house.submits(
        description=f"Cống nghẹt, gọi {PHONE}.", place_note="cạnh nhà số 3", photos=(photo.id,)
    )

    dispatch("accept", report)
    neighbours.bring()

    data = receiver.seen()[0].body["data"]
    assert PHONE not in json.dumps(data, ensure_ascii=False)
    assert "place_note" not in data["report"] and "answers" not in data["report"]
    base = "http://127.0.0.1:8000"
    assert data["link"] == f"{base}/reports/{report.code}"
    assert data["report"]["photos"][0]["large"] == f"{base}/api/v1/photos/{photo.id}.jpg"
    assert data["report"]["area"]["name"] == house.city.area_by_id[report.area_id].name_vi


def test_an_office_reads_what_was_sent_and_how_it_stands(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    report = house.submits(description=f"Cống nghẹt, gọi {PHONE}.", place_note="cạnh nhà số 3")
    receiver, _ = neighbours.listen(lead(house, report))

    dispatch("accept", report, hold_back=True)
    neighbours.bring()

    data = receiver.seen()[0].body["data"]
    assert PHONE in data["report"]["description"]
    assert data["report"]["place_note"] == "cạnh nhà số 3"
    assert data["report"]["published"] is False
    assert data["link"].endswith(f"/console/reports/{report.code}")
    assert data["version"] == report.version


def test_nobody_is_told_who_the_reporter_is_nor_which_official_acted(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    reporter = house.person("Lan").account_id
    identity.remember(reporter, name=NAME)
    report = house.submits(identity="open")
    public, _ = neighbours.listen()
    office, _ = neighbours.listen(lead(house, report))
    dispatch("accept", report)
    by = house.official(Role.OFFICER, lead(house, report))
    head = house.official(Role.HEAD, lead(house, report))
    house.takes(head, "assign", report, person=by.account_id)
    house.takes(by, "start", report)
    house.takes(by, "resolve", report, outcome="explained", note="Sẽ làm.")

    neighbours.bring()

    told = json.dumps([one.body for one in (*public.seen(), *office.seen())], ensure_ascii=False)
    assert len(office.seen()) == 4
    for secret in (
        str(reporter), str(by.account_id), str(head.account_id),
        presenting.pseudonym(reporter), NAME, "identity", "assignee",
    ):  # fmt: skip
        assert secret not in told


def test_the_public_reads_the_reply_and_no_inner_word(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    report = house.submits()
    public, _ = neighbours.listen()
    office, _ = neighbours.listen(lead(house, report))
    dispatch("accept", report, note="Chuyện nội bộ.")
    by = house.official(Role.OFFICER, lead(house, report))
    house.takes(by, "start", report)
    house.takes(by, "resolve", report, outcome="explained", note="Sẽ nạo vét tuần tới.")

    neighbours.bring()

    notes = [one.body["data"]["change"]["note"] for one in public.seen()]
    assert notes == ["", "", "Sẽ nạo vét tuần tới."]
    assert office.seen()[0].body["data"]["change"]["note"] == "Chuyện nội bộ."


def test_what_happened_keeps_its_words_and_the_report_stands_as_it_does_now(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, _ = neighbours.listen()
    report = house.submits()
    by = house.official(Role.OFFICER, lead(house, report))
    dispatch("accept", report)
    house.takes(by, "start", report)

    neighbours.bring()

    first, second = (one.body["data"] for one in receiver.seen())
    assert (first["version"], second["version"]) == (3, 3)
    assert first["change"]["status"] == "accepted"
    assert first["report"]["status"] == second["report"]["status"] == "in_progress"


def test_a_report_that_was_hidden_meanwhile_is_told_to_nobody_outside(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, endpoint = neighbours.listen(events=("report.published",))
    report = house.submits()
    dispatch("accept", report)

    dispatch("hide", report, note="Lộ biển số.")
    neighbours.bring()

    assert receiver.received == []
    assert neighbours.states(endpoint) == ["stale"]


def test_names_are_in_the_language_that_was_asked_for(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    receiver, _ = neighbours.listen(locale="en")
    report = house.submits()

    dispatch("accept", report)
    neighbours.bring()

    data = receiver.seen()[0].body["data"]
    assert data["report"]["area"]["name"] == house.city.area_by_id[report.area_id].name_en
    assert data["change"]["name"] == "Accept"


def test_a_client_that_works_for_the_office_no_longer_is_told_nothing(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    report = house.submits()
    receiver, _ = neighbours.listen(lead(house, report))
    client = a_client(house, lead(house, report))
    made, secret = endpoints.register(
        uuid4(),
        Wish(url=f"{receiver.url}/client"),
        reader=reader_of(report.office_id),
        by=client.id,
        at=now(),
    )
    assert secret

    db.session.query(RoleGrant).filter_by(account_id=client.id).update({"until": now()})
    dispatch("accept", report)
    neighbours.bring()

    assert neighbours.states(made) == ["stale"]
    assert len(receiver.received) == 1, "the office's own is told"


def a_client(house: House, office: str) -> Account:
    client = Account(kind=AccountKind.CLIENT, locale="vi", name="Phần mềm")
    db.session.add(client)
    db.session.flush()
    db.session.add(ApiClient(account_id=client.id, contact_email="it@example.vn"))
    db.session.add(
        RoleGrant(
            account_id=client.id,
            office_id=house.office_id(office),
            role=Role.OFFICER,
            since=house.at,
        )
    )
    db.session.commit()
    return client
