"""The picture on a card: a report's first photo, to whoever may see the report in a list."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, text

from app import storage
from app.clock import now
from app.database import db
from reports import photos
from reports.erasure import erase
from reports.models import Photo, Report
from tests.reports.conftest import House
from tests.reports.test_api import Api, a_submission, anybody, dispatcher, lan

__all__ = ["anybody", "dispatcher", "lan"]  # fixtures

THUMBHASH = bytes(range(25))


@pytest.fixture
def album(house: House) -> list[UUID]:
    """Three photos that Lan has put, not part of anything yet."""
    return [loose(house, "Lan") for _ in range(3)]


def loose(house: House, who: str) -> UUID:
    """Stored without the darkroom: this is about where it is shown."""
    photo_id = uuid4()
    keys = {"key": f"aa/bb/{photo_id}.jpg", "small_key": f"aa/bb/{photo_id}-400.jpg"}
    for key in keys.values():
        storage.put(key, b"a picture")
    owner = house.person(who).account_id
    db.session.add(Photo(id=photo_id, owner_id=owner, sha256=b"", width=1600, height=1200,
                         thumbhash=THUMBHASH, likeness=0, **keys))  # fmt: skip
    db.session.flush()
    return photo_id


def sent(lan: Api, house: House, pictures: list[UUID]) -> str:
    body = a_submission(house, photos=[str(one) for one in pictures])
    answer = lan("POST", "/reports", json=body)
    assert answer.status_code == 201, answer.json
    return str(answer.json["id"])


def told(photo_id: UUID) -> dict[str, Any]:
    return {
        "id": str(photo_id),
        "small": f"/api/v1/photos/{photo_id}-400.jpg",
        "large": f"/api/v1/photos/{photo_id}.jpg",
        "thumbhash": THUMBHASH.hex(),
        "width": 1600,
        "height": 1200,
    }


def test_each_list_shows_the_first_photo_of_a_report(
    lan: Api, anybody: Api, dispatcher: Api, house: House, album: list[UUID]
) -> None:
    report_id = sent(lan, house, [album[1], album[0]])
    dispatcher.step(report_id, "accept", version=1)
    report = db.session.get_one(Report, UUID(report_id))
    category = house.city.categories_by_id[report.category_id].code
    place = f"lat={report.lat}&lng={report.lng}"

    cards = [
        anybody("GET", "/reports").json["items"][0],
        anybody("GET", "/reports?bbox=107,16,108,17").json["items"][0],
        anybody("GET", f"/reports?near={report.lat},{report.lng}").json["items"][0],
        anybody("GET", "/reports?format=geojson").json["features"][0]["properties"],
        anybody("GET", f"/reports/similar?{place}&category={category}").json["items"][0],
        lan("GET", "/me/reports").json["items"][0],
    ]

    assert [card["photo"] for card in cards] == [told(album[1])] * 6
    whole = anybody("GET", f"/reports/{report_id}").json
    assert "photo" not in whole and whole["photos"] == [told(album[1]), told(album[0])]


def test_a_report_of_words_alone_has_none(lan: Api, house: House) -> None:
    sent(lan, house, [])

    assert lan("GET", "/me/reports").json["items"][0]["photo"] is None


def test_nobody_elses_photo_becomes_a_cover(lan: Api, house: House) -> None:
    theirs = loose(house, "Minh")

    refused = lan("POST", "/reports", json=a_submission(house, photos=[str(theirs)]))

    assert refused.status_code == 422 and refused.json["missing_photos"] == [str(theirs)]
    assert lan("GET", "/me/reports").json["items"] == []


def test_a_list_of_many_is_still_one_statement(
    lan: Api, anybody: Api, dispatcher: Api, house: House, album: list[UUID]
) -> None:
    for picture in album:
        dispatcher.step(sent(lan, house, [picture]), "accept", version=1)
    anybody("GET", "/reports")
    statements: list[str] = []

    def note(_c: object, _u: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        cards = anybody("GET", "/reports").json["items"]
    finally:
        event.remove(db.engine, "before_cursor_execute", note)

    assert {card["photo"]["id"] for card in cards} == {str(one) for one in album}
    assert len([one for one in statements if "FROM report" in one]) == 1
    assert not [one for one in statements if "FROM photo" in one]


def test_when_a_photo_is_deleted_the_next_one_is_shown_and_then_none(
    lan: Api, house: House, album: list[UUID]
) -> None:
    sent(lan, house, album)
    shown = []

    for picture in album:
        photos.delete_photos([picture])
        shown.append(lan("GET", "/me/reports").json["items"][0]["photo"])

    assert shown == [told(album[1]), told(album[2]), None]


def test_an_erased_person_leaves_no_cover_behind(
    lan: Api, anybody: Api, dispatcher: Api, house: House, album: list[UUID]
) -> None:
    report_id = sent(lan, house, album)
    dispatcher.step(report_id, "accept", version=1)

    erase(house.person("Lan").account_id, by=None, at=now())

    db.session.commit()
    assert anybody("GET", "/reports").json["items"] == []
    assert db.session.get_one(Report, UUID(report_id), populate_existing=True).cover is None
    left = "\n".join(db.session.scalars(text("select report::text from report")))
    assert not [one for one in album if str(one) in left]


def test_my_reports_say_how_they_stand_and_what_they_ask_of_me(
    lan: Api, dispatcher: Api, house: House
) -> None:
    report_id = sent(lan, house, [])
    minh = Api(lan.client.application, house.person("Minh").account_id, "en")

    def mine() -> tuple[str, bool]:
        card = lan("GET", "/me/reports").json["items"][0]
        return card["status_name"], card["asks_me"]

    assert mine() == ("Mới gửi", False)
    dispatcher.step(report_id, "accept", version=1)
    assert minh("PUT", f"/reports/{report_id}/support").status_code in {200, 201, 204}
    dispatcher.step(report_id, "ask", version=2, note="Số nhà mấy?")

    assert mine() == ("Chờ bạn bổ sung", True)
    followed = minh("GET", "/me/supported").json["items"][0]
    assert (followed["status_name"], followed["asks_me"]) == ("Waiting for your answer", False)
