"""One small picture into two clean JPEGs and their fingerprints.

Thumbnail first, then turn: turning 2 MP costs a tenth of turning 12. The JPEGs are written from
pixels alone, so that nothing the camera wrote about itself can come along.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache
from io import BytesIO
from typing import BinaryIO

import thumbhash
from PIL import Image, ImageCms
from PIL.Image import Resampling, Transpose

from reports.darkroom.decoding import open_photo, strict
from reports.darkroom.headers import Header, fitted
from reports.darkroom.metadata import Told, told_by

LARGE, SMALL = 1600, 400  # pixels of the longer side
QUALITY = 85
COVERED = (31, 26, 36)  # nothing of what was below is left, not even its brightness

Box = tuple[int, int, int, int]  # left, top, right, bottom, in pixels of the large picture

_TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Processed:
    """A photo as it is stored and served, and what its metadata told before it was dropped."""

    large: bytes  # JPEG, longer side at most 1600
    small: bytes  # JPEG, at most 400
    width: int  # of the large one
    height: int
    thumbhash: bytes
    likeness: int  # difference hash, 64 bits, signed
    taken_at: datetime | None  # UTC
    lat: float | None  # degrees, WGS84
    lng: float | None


def redraw(
    file: BinaryIO, header: Header, *, zone: tzinfo | None = None, boxes: Sequence[Box] = ()
) -> Processed:
    """The whole way of one photo, from the file as sent; `boxes` are painted over. Pure; runs in a
    child."""
    with strict():
        opened = open_photo(file, header, longest=LARGE)
        large = _in_srgb(_resized(opened.shrink(), LARGE), opened.icc_profile)
        told = told_by(opened.exif(), zone=zone)
    if told.orientation in _TURNS and not opened.turned:
        large = large.transpose(_TURNS[told.orientation])
    for box in boxes:
        large.paste(COVERED, box)
    small = _resized(large, SMALL)
    return Processed(
        large=_jpeg(large),
        small=_jpeg(small),
        width=large.width,
        height=large.height,
        thumbhash=_thumbhash(small),
        likeness=likeness(small),
        taken_at=told.taken_at,
        lat=told.lat,
        lng=told.lng,
    )


def tell(file: BinaryIO, header: Header, *, zone: tzinfo | None = None) -> Told:
    """Only what the metadata says, of a photo that was drawn before."""
    with strict():
        return told_by(open_photo(file, header, longest=LARGE).exif(), zone=zone)


def likeness(picture: Image.Image) -> int:
    """Difference hash: is each spot brighter than its right neighbour, on a grid of 9 × 8?

    Pictures of one thing differ in few bits. As PostgreSQL's bigint holds it, signed.
    """
    grid = picture.convert("L").resize((9, 8), Resampling.BOX).tobytes()
    spots = (row * 9 + column for row in range(8) for column in range(8))
    bits = "".join("1" if grid[spot] > grid[spot + 1] else "0" for spot in spots)
    return int.from_bytes(int(bits, 2).to_bytes(8, "big"), "big", signed=True)


def _resized(picture: Image.Image, longest: int) -> Image.Image:
    size = fitted(picture.size, longest)
    if size == picture.size:
        return picture
    return picture.resize(size, Resampling.BICUBIC, reducing_gap=2.0)


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as browsers take them. A profile that cannot be used is passed over."""
    try:
        converted = _converted(picture, profile) if profile else None
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        converted = None
    return converted or (picture if picture.mode == "RGB" else picture.convert("RGB"))


def _converted(picture: Image.Image, profile: bytes) -> Image.Image | None:
    source = ImageCms.ImageCmsProfile(BytesIO(profile))
    if source.profile.xcolor_space.strip() != picture.mode:
        return None
    if "sRGB" in (source.profile.profile_description or ""):
        return None
    return ImageCms.profileToProfile(picture, source, _srgb(), outputMode="RGB")


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _jpeg(picture: Image.Image) -> bytes:
    picture.info = {}  # Pillow writes a comment that it finds there
    out = BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _thumbhash(picture: Image.Image) -> bytes:
    """From 32 pixels: the library is pure Python, and 100 would cost as much as all the rest."""
    tiny = picture.resize(fitted(picture.size, 32), Resampling.BOX).convert("RGBA")
    return bytes(thumbhash.rgba_to_thumb_hash(*tiny.size, tiny.tobytes()))
