"""What metadata tells, what it must not tell, and that it is gone from the picture."""

import io
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational

from reports.darkroom.headers import look
from reports.darkroom.metadata import told_by
from reports.darkroom.printing import tell
from tests.photos.conftest import Handle

HUE = {"GPSLatitudeRef": "N", "GPSLatitude": (16.0, 28.0, 8.04)} | {
    "GPSLongitudeRef": "E",
    "GPSLongitude": (107.0, 35.0, 20.4),
}
CANARY = "Canary-0905-123-456"


def exif(gps: dict[str, Any] | None = None, **tags: Any) -> Image.Exif:
    """An EXIF block as a file would carry it: written and read again."""
    block = Image.Exif()
    block.get_ifd(IFD.Exif).update(
        {Base[name]: value for name, value in tags.items() if name != "Orientation"}
    )
    if "Orientation" in tags:
        block[Base.Orientation] = tags["Orientation"]
    block.get_ifd(IFD.GPSInfo).update({GPS[name]: value for name, value in (gps or {}).items()})
    read = Image.Exif()
    read.load(block.tobytes())
    return read


def test_degrees_minutes_and_seconds_make_a_place() -> None:
    told = told_by(exif(HUE))

    assert (told.lat, told.lng) == (pytest.approx(16.4689), pytest.approx(107.589))


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=6))
def test_damaged_metadata_tells_less_and_raises_nothing(damage: list[tuple[int, int]]) -> None:
    block = bytearray(exif(HUE, DateTimeOriginal="2026:11:20 08:30:00", Orientation=6).tobytes())
    for at, value in damage:
        block[6 + at % (len(block) - 6)] = value
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "JPEG", exif=bytes(block))

    out.seek(0)
    told = tell(out, look(out.getvalue()), zone=UTC)

    assert told.orientation in range(1, 9)
    assert told.lat is None or -90 <= told.lat <= 90


def test_the_hemisphere_turns_the_sign() -> None:
    told = told_by(exif(HUE | {"GPSLatitudeRef": "S", "GPSLongitudeRef": "W"}))

    assert (told.lat, told.lng) == (pytest.approx(-16.4689), pytest.approx(-107.589))


@pytest.mark.parametrize(
    "damage",
    [
        {"GPSLatitude": (0, 0, 0), "GPSLongitude": (0, 0, 0)},  # a receiver without a fix
        {"GPSLatitude": (91, 0, 0)},
        {"GPSLongitude": (180, 0, 1)},
        {"GPSLatitude": (IFDRational(16, 0), 0, 0)},
        {"GPSLatitudeRef": "X"},
        {"GPSLatitudeRef": ""},
    ],
)
def test_what_cannot_be_a_place_is_not_told(damage: dict[str, Any]) -> None:
    told = told_by(exif(HUE | damage))

    assert (told.lat, told.lng) == (None, None)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_there_is_not_counts_as_upright(orientation: Any) -> None:
    assert told_by(exif(Orientation=orientation)).orientation == 1


def test_a_clock_with_its_offset_is_told_in_utc() -> None:
    told = told_by(exif(DateTimeOriginal="2026:11:20 08:30:00", OffsetTimeOriginal="+07:00"))

    assert told.taken_at == datetime(2026, 11, 20, 1, 30, tzinfo=UTC)


def test_a_clock_without_offset_is_read_in_the_zone_of_the_city() -> None:
    block = exif(DateTimeOriginal="2026:11:20 08:30:00")

    assert told_by(block).taken_at is None
    assert told_by(block, zone=ZoneInfo("Asia/Ho_Chi_Minh")).taken_at == datetime(
        2026, 11, 20, 1, 30, tzinfo=UTC
    )


def test_the_satellites_time_is_believed_before_a_clock_without_offset() -> None:
    gps = HUE | {"GPSDateStamp": "2026:11:20", "GPSTimeStamp": (1, 29, 58)}
    block = exif(gps, DateTimeOriginal="2026:11:20 09:30:00")

    told = told_by(block, zone=ZoneInfo("Asia/Ho_Chi_Minh"))

    assert told.taken_at == datetime(2026, 11, 20, 1, 29, 58, tzinfo=UTC)


@pytest.mark.parametrize("clock", ["0000:00:00 00:00:00", "1970:01:01 00:00:00", "yesterday", ""])
def test_a_clock_that_was_never_set_is_not_told(clock: str) -> None:
    block = exif(DateTimeOriginal=clock, OffsetTimeOriginal="+07:00")

    assert told_by(block).taken_at is None


def laden(kind: str) -> bytes:
    """A picture with the canary in every place that its kind has for words."""
    block = exif(HUE, UserComment=CANARY, DateTimeOriginal="2026:11:20 08:30:00")
    block[Base.Artist] = block[Base.ImageDescription] = CANARY
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profile += CANARY.encode()
    image, out = (
        Image.effect_mandelbrot((320, 240), (-2, -1, 1, 1), 50).convert("RGB"),
        io.BytesIO(),
    )
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{CANARY}</x:xmpmeta>".encode()
    more: dict[str, Any] = {"exif": block, "icc_profile": profile}
    if kind == "PNG":
        more["pnginfo"] = PngImagePlugin.PngInfo()
        more["pnginfo"].add_text("Comment", CANARY)
        more["pnginfo"].add_itxt("XML:com.adobe.xmp", xmp.decode())
    elif kind == "GIF":
        more = {"comment": CANARY}
    elif kind == "JPEG":
        more |= {"comment": CANARY, "xmp": xmp}
    else:
        more["xmp"] = xmp
    image.save(out, kind, **more)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_planted_words_turn_up_in_no_byte(kind: str, handle: Handle) -> None:
    data = laden(kind)
    assert CANARY.encode() in data

    photo = handle(data).photo

    assert b"Canary" not in photo.large + photo.small
    assert b"Exif" not in photo.large + photo.small
    if kind != "GIF":
        assert (photo.lat, photo.lng) == (pytest.approx(16.4689), pytest.approx(107.589))


def test_an_orientation_in_a_png_turns_the_picture(handle: Handle) -> None:
    out = io.BytesIO()
    Image.new("RGB", (60, 40)).save(out, "PNG", exif=exif(Orientation=6))

    photo = handle(out.getvalue()).photo

    assert (photo.width, photo.height) == (40, 60)
