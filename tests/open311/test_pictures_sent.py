"""Pictures of a request: as files, as base64, by address. One that cannot be had costs nothing."""

from base64 import b64encode
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from app.database import db
from reports.models import Photo
from reports.statuses import Role
from tests.open311.conftest import PHONE, Neighbour, a_request, count, faults, report_of
from tests.photos.jpegs import endless
from tests.reports.conftest import House
from tests.reports.test_api import OwnContext

PDF = b"%PDF-1.7 no picture"


def picture(shade: int = 0) -> tuple[BytesIO, str]:
    return BytesIO(endless(64, 48 + shade)), "photo.jpg"


def photos_of(request_id: str) -> list[Photo]:
    query = select(Photo).where(Photo.report_id == report_of(request_id).id)
    return list(db.session.scalars(query.order_by(Photo.position)))


def test_every_part_that_is_a_file_is_a_picture_of_it(client: Neighbour) -> None:
    request_id = client.sends(**{"media": picture(), "photo1": picture(16), "media[]": picture(32),
                                 "phone": PHONE})  # fmt: skip

    photos = photos_of(request_id)
    assert [photo.position for photo in photos] == [0, 1, 2]
    assert {photo.owner_id for photo in photos} == {report_of(request_id).reporter_id}
    assert report_of(request_id).cover


def test_pages_of_other_sites_show_a_picture_once_it_is_public(
    client: Neighbour, house: House
) -> None:
    request_id = client.sends(media=picture())
    house.takes(house.official(Role.DISPATCHER), "accept", report_of(request_id))

    (told,) = client.told(f"requests/{request_id}.json")
    shown = OwnContext(client.app, client.app.response_class).get(urlsplit(told["media_url"]).path)

    assert shown.status_code == 200
    assert shown.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_a_picture_alone_says_enough(client: Neighbour) -> None:
    assert len(photos_of(client.sends(description="", media=picture()))) == 1


def test_a_file_that_is_no_picture_does_not_cost_the_report_and_is_told(client: Neighbour) -> None:
    answer = client.post(**a_request(media=picture(), file_7=(BytesIO(PDF), "a.pdf")))

    (told,) = answer.json
    assert "1 tệp không lưu được" in told["service_notice"]
    assert len(photos_of(told["service_request_id"])) == 1


def test_what_says_nothing_without_its_picture_is_refused_and_says_what_became_of_it(
    client: Neighbour,
) -> None:
    before = count()

    no_picture = client.post(**a_request(description="", media=(BytesIO(PDF), "a.pdf")))
    elsewhere = client.post(**a_request(description="", media_url="https://example.org/a.jpg"))

    assert [no_picture.status_code, elsewhere.status_code] == [400, 400]
    assert [one["description"].partition(":")[0] for one in elsewhere.json] == [
        "description",
        "media",
    ]
    assert "1 tệp không lưu được" in no_picture.json[1]["description"]
    assert "1 ảnh không lấy được" in elsewhere.json[1]["description"]
    assert count() == before


@pytest.mark.parametrize("before", ["", "data:image/jpeg;base64,"])
def test_a_picture_in_base64_is_one_as_citysdk_sends_it(client: Neighbour, before: str) -> None:
    text = b64encode(picture()[0].read()).decode()

    whole = client.sends(media=before + text)
    unescaped = client.sends(media=before + text.replace("+", " "))

    assert len(photos_of(whole)) == len(photos_of(unescaped)) == 1


def test_a_text_that_is_no_base64_is_no_picture(client: Neighbour) -> None:
    answer = client.post(**a_request(media="ảnh ở nhà"))

    assert "1 tệp không lưu được" in answer.json[0]["service_notice"]


def test_more_than_twelve_pictures_are_refused(client: Neighbour) -> None:
    assert "media" in faults(client, media=[picture() for _ in range(13)])


def test_an_empty_file_part_is_none(client: Neighbour) -> None:
    assert photos_of(client.sends(media=(BytesIO(b""), ""))) == []


@pytest.mark.parametrize(
    ("language", "urls", "said"),
    [
        ("vi", ["a.jpg", "a.jpg"], "1 ảnh không lấy được"),
        ("en", ["a.jpg"], "1 picture could"),
        ("en", ["a.jpg", "b.jpg"], "2 pictures could"),
    ],
)
def test_a_picture_by_its_address_is_not_fetched_and_the_answer_says_so(
    client: Neighbour, language: str, urls: list[str], said: str
) -> None:
    client.language = language

    answer = client.post(**a_request(media_url=[f"https://example.org/{url}" for url in urls]))

    assert answer.status_code == 200
    assert said in answer.json[0]["service_notice"]
    assert photos_of(answer.json[0]["service_request_id"]) == []
