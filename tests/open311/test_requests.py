"""What is told of a report, and of which: what everybody may see, and nothing of who sent it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app.database import db
from reports.desk.models import RedactedReply
from reports.erasure import erase
from reports.models import Comment, Photo, Report, StatusChange
from reports.open311 import requests
from reports.photos import cover_anew
from reports.statuses import Role
from tests.open311.conftest import Neighbour, Plain, moment, published, resolved
from tests.reports.conftest import House

#: Every key, always: the contract's own, and those that mySociety's schema wants there.
KEYS = {
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime",
    "expected_datetime", "address", "address_id", "zipcode", "lat", "long", "media_url",
}  # fmt: skip


def one_of(neighbour: Neighbour, report: Report, **query: object) -> Plain:
    (told,) = neighbour.told(f"requests/{report.code}.json", **query)
    return dict(told)


def test_a_report_is_told_by_the_contracts_keys(neighbour: Neighbour, house: House) -> None:
    report = published(house, "Lan", category="ngap-nuoc")

    told = one_of(neighbour, report)

    assert told.keys() == KEYS
    assert told["status"] == "open"
    assert (told["service_code"], told["service_name"]) == ("ngap-nuoc", "Ngập úng, thoát nước")
    assert told["description"] == "Cống trước trường nghẹt, nước ngập tới đầu gối."
    assert moment(told["requested_datetime"]) == house.at
    assert moment(told["expected_datetime"]) == report.due_at.replace(microsecond=0)
    assert (told["lat"], told["long"]) == (16.4675, 107.5885)
    assert told["address"].endswith("Thành phố Huế")
    assert told["address_id"] in house.city.area_by_code
    assert told["agency_responsible"]
    assert told["zipcode"] is told["service_notice"] is told["media_url"] is None


def test_ids_are_the_codes_that_people_read_aloud(neighbour: Neighbour, house: House) -> None:
    report = published(house)
    spoken = f"{report.code[:3]}-{report.code[3:6]}-{report.code[6:9]}-{report.code[9]}"

    (listed,) = neighbour.ids()

    assert listed == spoken
    for named in (spoken, report.code, report.code.lower(), str(report.id)):
        assert neighbour.told(f"requests/{named}.json")[0]["service_request_id"] == spoken


def test_a_moment_has_a_zone_and_no_fraction(neighbour: Neighbour, house: House) -> None:
    house.at = house.at.replace(microsecond=123_456)
    report = published(house)

    told = one_of(neighbour, report)

    assert told["requested_datetime"] == told["updated_datetime"]
    assert told["requested_datetime"].endswith("+07:00")
    assert "." not in told["requested_datetime"]


@pytest.mark.parametrize(
    ("steps", "status", "notes"),
    [
        ([], "open", "Đã tiếp nhận"),
        (["start"], "open", "Đang xử lý"),
        (["start", "resolve"], "closed", "Đã xử lý: Đã khắc phục. Đã thông cống."),
        (["start", "resolve", "confirm"], "closed", "Đã kết thúc: Đã khắc phục. Đã thông cống."),
        (["start", "resolve", "reopen"], "open", "Đang xử lý"),
    ],
)
def test_the_status_is_open_or_closed_and_its_notes_say_more(
    neighbour: Neighbour, house: House, steps: list[str], status: str, notes: str
) -> None:
    report = published(house)
    code = next(one.code for one in house.city.offices_by_id.values() if one.id == report.office_id)
    officer = house.official(Role.OFFICER, code)
    for step in steps:
        order = {"resolve": {"outcome": "fixed", "note": "Đã thông cống."},
                 "reopen": {"note": "Vẫn nghẹt."}}.get(step, {})  # fmt: skip
        house.takes("Lan" if step in {"confirm", "reopen"} else officer, step, report, **order)

    told = one_of(neighbour, report)

    assert (told["status"], told["status_notes"]) == (status, notes)


def test_a_report_that_follows_another_names_it(neighbour: Neighbour, house: House) -> None:
    lead, report = published(house), published(house, "Minh")
    house.takes(house.official(Role.DISPATCHER), "merge", report, target=lead.id)

    told = one_of(neighbour, report, extensions="true")

    lead_id = neighbour.told(f"requests/{lead.code}.json")[0]["service_request_id"]
    assert (told["status"], told["status_notes"]) == ("closed", f"Đã gộp: {lead_id}")
    assert told["extended_attributes"]["duplicate"] is True
    assert told["extended_attributes"]["parent_service_request_id"] == lead_id


def test_a_lead_that_is_not_shown_is_not_named(neighbour: Neighbour, house: House) -> None:
    lead, report = published(house), published(house, "Minh")
    dispatcher = house.official(Role.DISPATCHER)
    house.takes(dispatcher, "merge", report, target=lead.id)
    house.takes(dispatcher, "hide", lead, note="Lời lẽ xúc phạm.")

    told = one_of(neighbour, report, extensions="true")

    assert told["status_notes"] == "Đã gộp"
    assert told["extended_attributes"]["parent_service_request_id"] is None


def test_what_changed_moves_the_time_of_the_last_change(neighbour: Neighbour, house: House) -> None:
    report = published(house)
    house.at += timedelta(minutes=5)
    resolved(house, report)

    told = one_of(neighbour, report)

    assert moment(told["updated_datetime"]) == house.at
    assert moment(told["requested_datetime"]) == house.at - timedelta(minutes=5)


def test_who_in_the_office_has_it_is_no_change(neighbour: Neighbour, house: House) -> None:
    report = published(house)
    before = one_of(neighbour, report)["updated_datetime"]
    house.at += timedelta(minutes=5)
    house.takes(house.official(Role.DISPATCHER), "join", report, office="so-y-te")

    assert one_of(neighbour, report)["updated_datetime"] == before


# Who sees what ---------------------------------------------------------------------------------


def test_numbers_of_people_are_hidden_in_words_and_replies(
    neighbour: Neighbour, house: House
) -> None:
    report = published(house, description="Cống nghẹt, gọi 0905 123 456.")
    resolved(house, report, note="Đã gọi 0905 123 456 và thông cống.")

    told = one_of(neighbour, report)

    assert told["description"] == "Cống nghẹt, gọi •••."
    assert told["status_notes"].endswith("Đã gọi ••• và thông cống.")


def test_nothing_that_is_not_shown_is_told(neighbour: Neighbour, house: House) -> None:
    dispatcher = house.official(Role.DISPATCHER)
    new, held, hidden = house.submits(), house.submits("Minh"), published(house, "Hoa")
    house.takes(dispatcher, "accept", held, hold_back=True)
    house.takes(dispatcher, "hide", hidden, note="Lời lẽ xúc phạm.")
    private, gone, erased = house.submits("Tú", "thu-tuc"), published(house, "An"), published(
        house, "Bình"
    )  # fmt: skip
    house.takes(dispatcher, "accept", private)
    house.takes("An", "withdraw", gone)
    erase(erased.reporter_id, by=None, at=house.at)
    unseen = [new, held, hidden, private, gone, erased]

    named = ",".join(report.code for report in unseen)

    assert neighbour.ids() == neighbour.ids(service_request_id=named) == []
    for report in unseen:
        absent = neighbour.get(f"requests/{report.code}.json")
        assert absent.status_code == 404
        assert "sau khi trung tâm xem" in absent.json[0]["description"]
        assert neighbour.get(f"requests/{report.id}.xml").status_code == 404


def test_words_that_were_taken_out_of_a_reply_are_not_told(
    neighbour: Neighbour, house: House
) -> None:
    report = published(house)
    resolved(house, report, note="Đã thông cống nhà bà Hoa.")
    reply = db.session.query(StatusChange).filter_by(report_id=report.id, step="resolve").one()
    db.session.add(RedactedReply(change_id=reply.id, words="Đã thông cống.", at=house.at))

    told = one_of(neighbour, report, extensions="true")

    assert told["status_notes"].endswith(": Đã khắc phục. Đã thông cống.")
    assert "bà Hoa" not in str(told)


def test_who_sent_it_and_what_they_answered_is_never_told(
    neighbour: Neighbour, house: House
) -> None:
    report = published(house, "Lan", category="nap-cong", answers={"tinh-trang": "kenh"},
                       place_note="Trước nhà số 5")  # fmt: skip

    told = str(one_of(neighbour, report, extensions="true"))

    for secret in (str(report.reporter_id), "kenh", "Trước nhà số 5", "NPA-", "confidential"):
        assert secret not in told
    assert one_of(neighbour, report, extensions="true")["attributes"] == []


# Pictures and what is asked for besides ------------------------------------------------------


def a_photo(report: Report, **of: object) -> Photo:
    photo = Photo(owner_id=report.reporter_id, sha256=b"x" * 32, key="a.jpg", small_key="b.jpg",
                  width=1600, height=1200, thumbhash=b"\x01", likeness=0, **of)  # fmt: skip
    db.session.add(photo)
    db.session.flush()
    return photo


def test_a_picture_is_told_by_its_whole_address(neighbour: Neighbour, house: House) -> None:
    report = published(house)
    photo = a_photo(report, id=uuid4(), report_id=report.id)
    cover_anew([report.id])

    told = one_of(neighbour, report, extensions="true")

    address = f"http://127.0.0.1:8000/api/v1/photos/{photo.id}.jpg"
    assert told["media_url"] == address
    assert told["extended_attributes"]["media_urls"] == [address]
    assert told["extended_attributes"]["photos"] == [
        {"media_url": address, "title": None, "width": 1600, "height": 1200}
    ]


def test_nothing_is_told_besides_unless_it_is_asked_for(neighbour: Neighbour, house: House) -> None:
    report = published(house)

    assert one_of(neighbour, report).keys() == KEYS
    assert one_of(neighbour, report, extensions="false").keys() == KEYS
    assert one_of(neighbour, report, extensions="true").keys() == KEYS | {
        "attributes", "extended_attributes", "notes",
    }  # fmt: skip


def test_what_happened_is_told_step_by_step(neighbour: Neighbour, house: House) -> None:
    report = published(house)
    house.at += timedelta(minutes=1)
    db.session.add(Comment(id=uuid4(), report_id=report.id, account_id=report.reporter_id,
                           text="Nhà tôi cũng ngập, gọi 0905 123 456.", at=house.at,
                           published_at=house.at))  # fmt: skip
    db.session.add(Comment(id=uuid4(), report_id=report.id, account_id=report.reporter_id,
                           text="Chưa ai xem.", at=house.at))  # fmt: skip
    house.at += timedelta(minutes=1)
    house.takes(house.official(Role.DISPATCHER), "join", report, office="so-y-te", note="Nội bộ.")
    resolved(house, report)

    notes = one_of(neighbour, report, extensions="true")["notes"]

    assert [(one["type"], one["summary"]) for one in notes] == [
        ("submitted", "Gửi phản ánh"), ("opened", "Tiếp nhận"), ("activity", "Bình luận"),
        ("activity", "Bắt đầu xử lý"), ("closed", "Báo kết quả"),
    ]  # fmt: skip
    assert notes[2]["description"] == "Nhà tôi cũng ngập, gọi •••."
    assert notes[4]["description"] == "Đã thông cống."
    assert notes[4]["extended_attributes"]["agency"]
    assert notes[0]["description"] is None


@pytest.mark.parametrize(
    ("steps", "detailed"),
    [([], "RECEIVED"), (["start"], "IN_PROCESS"), (["start", "resolve"], "PROCESSED")],
)
def test_the_detailed_status_is_citysdks(
    neighbour: Neighbour, house: House, steps: list[str], detailed: str
) -> None:
    report = published(house)
    code = next(one.code for one in house.city.offices_by_id.values() if one.id == report.office_id)
    for step in steps:
        order = {"outcome": "fixed", "note": "Xong."} if step == "resolve" else {}
        house.takes(house.official(Role.OFFICER, code), step, report, **order)

    told = one_of(neighbour, report, extensions="true")["extended_attributes"]

    assert told["detailed_status"] == detailed
    assert requests.codes_of(set()) == {}
