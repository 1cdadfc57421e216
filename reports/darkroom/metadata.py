"""What a photo's EXIF tells: which way up, when, where. Told to the phone, never stored.

Whatever cannot be read is simply not told: broken metadata costs no photo.
"""

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, TypeVar

from PIL.ExifTags import GPS, IFD, Base
from PIL.Image import Exif

#: What Pillow and `struct` raise on damaged EXIF. Seen while fuzzing; none of them is a fault.
UNREADABLE = (
    *(OSError, EOFError, ValueError, TypeError, LookupError, SyntaxError, ArithmeticError),
    *(AttributeError, struct.error),
)
EARLIEST = 1990  # before digital cameras: a clock that was never set

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Told:
    orientation: int = 1  # 1 to 8, as EXIF counts
    taken_at: datetime | None = None  # UTC
    lat: float | None = None  # degrees, WGS84
    lng: float | None = None


def told_by(exif: Exif, *, zone: tzinfo | None = None) -> Told:
    """What the EXIF block says. `zone` reads a camera's clock that names none: without it the
    time is told only when the picture carries an offset or a satellite's time."""
    lat, lng = _quietly(_place, exif) or (None, None)
    taken_at = _quietly(lambda block: _taken_at(block, zone), exif)
    return Told(_quietly(_orientation, exif) or 1, taken_at, lat, lng)


def _quietly(read: Callable[[Exif], T], exif: Exif) -> T | None:
    try:
        return read(exif)
    except UNREADABLE:
        return None


def _orientation(exif: Exif) -> int:
    value = exif.get(Base.Orientation)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _place(exif: Exif) -> tuple[float, float] | None:
    """Latitude and longitude, if they can be a place: receivers without a fix write 0, 0."""
    tags = exif.get_ifd(IFD.GPSInfo)
    lat = _degrees(tags[GPS.GPSLatitude], tags[GPS.GPSLatitudeRef], "NS")
    lng = _degrees(tags[GPS.GPSLongitude], tags[GPS.GPSLongitudeRef], "EW")
    if not (abs(lat) <= 90 and abs(lng) <= 180) or (lat, lng) == (0, 0):
        return None
    return round(lat, 6), round(lng, 6)


def _degrees(parts: Any, reference: Any, hemispheres: str) -> float:
    """Degrees, minutes and seconds as one number. NaN (a zero denominator) fails every bound."""
    letter = _text(reference)[:1].upper()
    degrees = math.fsum(float(part) / 60**power for power, part in enumerate(parts))
    return degrees * (1, -1)[hemispheres.index(letter)] if letter else math.nan


def _taken_at(exif: Exif, zone: tzinfo | None) -> datetime | None:
    """When the picture was taken: by the camera's clock and offset, else by the satellites."""
    moment = _by_the_clock(exif, zone) or _by_satellite(exif)
    return moment if moment and moment.year >= EARLIEST else None


def _by_the_clock(exif: Exif, zone: tzinfo | None) -> datetime | None:
    tags = exif.get_ifd(IFD.Exif)
    clock, offset = _text(tags.get(Base.DateTimeOriginal)), _text(tags.get(Base.OffsetTimeOriginal))
    if not clock:
        return None
    if offset:
        return datetime.strptime(clock + offset, "%Y:%m:%d %H:%M:%S%z").astimezone(UTC)
    if by_satellite := _quietly(_by_satellite, exif):
        return by_satellite
    if zone is None:
        return None
    naive = datetime.strptime(clock, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - zone next
    return naive.replace(tzinfo=zone).astimezone(UTC)


def _by_satellite(exif: Exif) -> datetime | None:
    tags = exif.get_ifd(IFD.GPSInfo)
    if GPS.GPSDateStamp not in tags or GPS.GPSTimeStamp not in tags:
        return None
    day = date.fromisoformat(_text(tags[GPS.GPSDateStamp]).replace(":", "-"))
    hours, minutes, seconds = (float(part) for part in tags[GPS.GPSTimeStamp])
    since_midnight = timedelta(hours=hours, minutes=minutes, seconds=int(seconds))
    return datetime.combine(day, time(), UTC) + since_midnight


def _text(value: Any) -> str:
    """A tag's letters, whether the camera wrote text or bytes."""
    text = value.decode("ascii", "replace") if isinstance(value, bytes) else str(value or "")
    return text.strip(" \0")
