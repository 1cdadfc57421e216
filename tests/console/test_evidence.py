"""What may be doubted of an office's photo: used before, taken too early, taken elsewhere."""

import io
import random
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from werkzeug.test import TestResponse

from app.clock import now
from reports.statuses import Role
from tests.console.conftest import OWN_SITE, Browser, Desk, words

HERE = (16.4675, 107.5885)  # where `submits` puts its pin
HUE = ZoneInfo("Asia/Ho_Chi_Minh")


def a_photo(
    seed: int, *, days_ago: float | None = None, at: tuple[float, float] | None = None,
    quality: int = 90,
) -> bytes:  # fmt: skip
    """A street of rectangles; with the moment and the place that a camera writes down."""
    chance = random.Random(seed)
    picture = Image.new("RGB", (640, 480), (200, 200, 190))
    for _ in range(25):
        x, y = chance.randrange(560), chance.randrange(400)
        colour = tuple(chance.randrange(256) for _ in range(3))
        picture.paste(colour, (x, y, x + chance.randrange(20, 200), y + chance.randrange(20, 150)))
    exif = Image.Exif()
    if days_ago is not None:
        taken = (now() - timedelta(days=days_ago)).astimezone(HUE)
        exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = f"{taken:%Y:%m:%d %H:%M:%S}"
    if at is not None:
        exif.get_ifd(IFD.GPSInfo).update(_place(*at))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, exif=exif)
    return out.getvalue()


def _place(lat: float, lng: float) -> dict[int, Any]:
    return {
        GPS.GPSLatitudeRef: "N",
        GPS.GPSLatitude: (lat, 0.0, 0.0),
        GPS.GPSLongitudeRef: "E",
        GPS.GPSLongitude: (lng, 0.0, 0.0),
    }


def at_work(desk: Desk, **facts: Any) -> dict[str, Any]:
    sent = desk.submits(category="khac", **facts)
    desk.accepted(sent["id"])
    desk.takes(desk.officer_of(sent["id"]), "start", sent["id"])
    return sent


def officer(desk: Desk, sent: dict[str, Any]) -> Browser:
    return desk.at(Role.OFFICER, desk.office_of(sent["id"]))


def answers(desk: Desk, sent: dict[str, Any], *photos: bytes) -> TestResponse:
    """The office answers by the form, with these photos; the page that follows."""
    version = desk.scalar("select version from report where id = :id", id=sent["id"])
    form = {
        "id": str(uuid4()),
        "seen": str(version),
        "outcome": "fixed",
        "note": "Đã làm xong.",
        "photos": [(io.BytesIO(data), f"{place}.jpg") for place, data in enumerate(photos)],
    }
    path = f"/console/reports/{sent['code']}/steps/resolve"
    client = officer(desk, sent).client
    answer = client.post(path, data=form, headers=OWN_SITE, follow_redirects=True)
    assert answer.status_code == 200, words(answer)
    return answer


def test_a_photo_of_today_taken_there_is_doubted_by_nobody(desk: Desk) -> None:
    sent = at_work(desk)

    page = answers(desk, sent, a_photo(1, days_ago=0, at=HERE))

    assert "Đã làm xong." in words(page)
    assert 'class="evidence"' not in page.text


@pytest.mark.parametrize(
    ("days", "sentence"),
    [(12.5, "Chụp 12 ngày trước khi có phản ánh."), (0.2, "Chụp trước khi có phản ánh.")],
)
def test_a_photo_from_before_the_report_is_named(desk: Desk, days: float, sentence: str) -> None:
    sent = at_work(desk)

    page = answers(desk, sent, a_photo(int(days) + 2, days_ago=days))

    assert sentence in words(page)


def test_a_photo_from_elsewhere_is_named_with_the_distance_in_both_languages(desk: Desk) -> None:
    sent = at_work(desk)

    page = answers(desk, sent, a_photo(20, at=(HERE[0] + 0.0288, HERE[1])))

    assert "Chụp cách điểm ghim 3,2 km." in words(page)
    in_english = desk.at(Role.DISPATCHER, lang="en").sees(f"/reports/{sent['code']}")
    assert "Taken 3.2 km from the pin." in in_english


def test_a_photo_that_answered_another_report_is_named_with_its_code(desk: Desk) -> None:
    first, second = at_work(desk), at_work(desk)
    answers(desk, first, a_photo(30))

    page = answers(desk, second, a_photo(30))

    assert f"Ảnh này đã dùng ở {first['code']}." in words(page)
    assert 'class="evidence"' not in officer(desk, first).get(f"/reports/{first['code']}").text


def test_the_same_file_is_found_behind_whatever_was_sent_since(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.evidence.LOOKED_THROUGH", 1)
    first, between, last = at_work(desk), at_work(desk), at_work(desk)
    answers(desk, first, a_photo(35))
    answers(desk, between, a_photo(36), a_photo(37))

    page = answers(desk, last, a_photo(35))

    assert f"Ảnh này đã dùng ở {first['code']}." in words(page)


def test_the_reporters_picture_saved_anew_is_found_behind_the_officials_newer_ones(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.evidence.LOOKED_THROUGH", 1)
    phone = desk.resident()
    sent = at_work(desk, token=phone, photos=[desk.photo(phone, a_photo(38))])
    answers(desk, at_work(desk), a_photo(39), a_photo(34))

    page = answers(desk, sent, a_photo(38, quality=60))

    assert "Giống ảnh đã dùng ở chính phản ánh này." in words(page)


def test_the_same_picture_saved_anew_is_named_too(desk: Desk) -> None:
    first, second = at_work(desk), at_work(desk)
    answers(desk, first, a_photo(31))

    page = answers(desk, second, a_photo(31, quality=60))

    assert f"Giống ảnh đã dùng ở {first['code']}." in words(page)


def test_the_reporters_own_photo_is_no_evidence(desk: Desk) -> None:
    phone = desk.resident()
    sent = at_work(desk, token=phone, photos=[desk.photo(phone, a_photo(32))])

    page = answers(desk, sent, a_photo(32))

    assert "Ảnh này đã dùng ở chính phản ánh này." in words(page)


def test_another_offices_report_is_not_named_to_those_who_may_not_see_it(desk: Desk) -> None:
    health = desk.submits(category="khac")
    desk.accepted(health["id"], office="so-y-te")
    desk.takes(desk.official(Role.OFFICER, "so-y-te"), "start", health["id"])
    answers(desk, health, a_photo(33))
    sent = at_work(desk)

    page = answers(desk, sent, a_photo(33))

    assert "Ảnh này đã dùng ở một phản ánh khác." in words(page)
    assert health["code"] not in page.text
    at_the_centre = desk.at(Role.DISPATCHER).sees(f"/reports/{sent['code']}")
    assert f"Ảnh này đã dùng ở {health['code']}." in at_the_centre


def test_of_a_residents_photo_neither_time_nor_place_is_kept(desk: Desk) -> None:
    phone = desk.resident()
    photo = desk.photo(phone, a_photo(40, days_ago=3, at=HERE))
    desk.submits(phone, photos=[photo])

    kept = "select taken_at is null and from_pin_m is null from photo where id = :id"
    assert desk.scalar(kept, id=UUID(photo)) is True


def test_of_an_officials_photo_only_moment_and_distance_are_kept(desk: Desk) -> None:
    sent = at_work(desk)
    answers(desk, sent, a_photo(41, days_ago=0, at=(HERE[0] + 0.001, HERE[1])))

    metres = desk.scalar(
        "select from_pin_m from photo join status_change c on c.id = change_id"
        " where c.report_id = :id",
        id=sent["id"],
    )

    assert 100 < metres < 120
