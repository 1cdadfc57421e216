"""What is likely the same thing as a report, by its pictures."""

import io

from PIL import Image

from reports.likeness import look_alike
from reports.statuses import Role
from tests.console.conftest import Desk
from tests.console.test_evidence import a_photo

HERE = {"lat": 16.4675, "lng": 107.5885}
LOOKS_THE_SAME = "ảnh giống"


def a_plain_one(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return out.getvalue()


def beside(desk: Desk, one: bytes, other: bytes) -> str:
    """The page of one report with a picture; another, of another kind, lies on the same spot."""
    phone = desk.resident()
    desk.submits(phone, category="khac", photos=[desk.photo(phone, other)], **HERE)
    phone = desk.resident()
    sent = desk.submits(phone, photos=[desk.photo(phone, one)], **HERE)
    return desk.at(Role.DISPATCHER).sees(f"/reports/{sent['code']}")


def test_plain_surfaces_are_not_taken_for_the_same_thing(desk: Desk) -> None:
    assert LOOKS_THE_SAME not in beside(desk, a_plain_one("grey"), a_plain_one("navy"))


def test_a_picture_saved_anew_is(desk: Desk) -> None:
    assert LOOKS_THE_SAME in beside(desk, a_photo(70), a_photo(70, quality=60))


def test_pictures_are_compared_by_their_bits_though_the_database_keeps_signed_numbers() -> None:
    one = 0x0F0F_0F0F_0F0F_0F0F
    opposite, close = ~one, (one | 1 << 63) - 2**64

    assert opposite < 0 and close < 0
    assert not look_alike(one, opposite, within=8)
    assert look_alike(one, close, within=1)
    assert not look_alike(0, 0, within=8) and not look_alike(-1, -1, within=8)
