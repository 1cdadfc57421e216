"""What a file says of itself in its first bytes, and what is refused on that alone.

Pure, and bounded in time: it runs in the web process, before any decoder sees the file. A
megapixel is 2²⁰ pixels here: what phones sell as 12 MP is 4032 × 3024, and as 50 MP 8192 × 6144.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from functools import partial

from reports.darkroom.errors import BadPhoto, PhotoKindRefused, PhotoTooLarge

MEGA = 1 << 20
FILE_BYTES = 64 * MEGA
ANY_PIXELS = 12 * MEGA  # whatever the kind
LARGE_PIXELS = 50 * MEGA  # HEIC and JPEGs that a decoder must hold whole
STREAMED_PIXELS = 200 * MEGA  # JPEGs that are decoded line by line, at an eighth of their size
#: Of JPEG coefficients: above the first the picture needs the large lane, above the second it is
#: refused (50 MP without colour subsampling stays below).
LIGHT_COEFFICIENTS = 80 * MEGA
LARGE_COEFFICIENTS = 320 * MEGA
#: Files that a decoder keeps whole beside the picture; above this they need the large lane.
KEPT_FILE = {"webp": 20 * MEGA, "avif": 6 * MEGA}
MAX_MARKERS = 4096  # before the picture begins; cameras write about twenty


class Kind(StrEnum):
    JPEG = "jpeg"  # MPO too: its first picture is a JPEG
    PNG = "png"
    GIF = "gif"
    WEBP = "webp"
    HEIC = "heic"
    AVIF = "avif"


class Lane(Enum):
    """What a child may spend on one photo. The large lane is taken by one photo at a time."""

    LIGHT = (128, 2.0)
    LARGE = (400, 5.0)

    def __init__(self, megabytes: int, cpu_seconds: float) -> None:
        self.memory = megabytes * MEGA
        self.cpu_seconds = cpu_seconds


@dataclass(frozen=True, slots=True)
class Header:
    kind: Kind
    width: int = 0  # 0: only the decoder can tell (HEIC, AVIF)
    height: int = 0
    coefficients: int = 0  # bytes that a JPEG decoder holds; 0 when it streams
    file_bytes: int = 0

    @property
    def lane(self) -> Lane:
        large = (
            self.kind is Kind.HEIC
            or self.coefficients > LIGHT_COEFFICIENTS
            or (self.coefficients > 0 and self.width * self.height > ANY_PIXELS)
            or self.file_bytes > KEPT_FILE.get(self.kind, FILE_BYTES)
        )
        return Lane.LARGE if large else Lane.LIGHT

    @property
    def most_pixels(self) -> int:
        if self.kind is Kind.HEIC or self.coefficients:
            return LARGE_PIXELS
        return STREAMED_PIXELS if self.kind is Kind.JPEG else ANY_PIXELS


def look(data: bytes) -> Header:
    """The header of a file, if it may be decoded at all.

    Raises PhotoKindRefused, PhotoTooLarge or BadPhoto. The name and the declared type of a file
    are not asked: only its content is.
    """
    if len(data) > FILE_BYTES:
        raise PhotoTooLarge("64 MB")
    kind = kind_of(data[:64])
    if kind is None:
        raise PhotoKindRefused()
    try:
        header = replace(_READERS[kind](data), file_bytes=len(data))
    except (struct.error, IndexError, ValueError) as error:
        raise BadPhoto(f"header: {type(error).__name__}") from error
    require_bounds(header, (header.width, header.height))
    return header


def kind_of(head: bytes) -> Kind | None:
    """The kind of picture that begins like this, or None."""
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head.startswith((b"GIF87a", b"GIF89a")):
        return Kind.GIF
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.WEBP
    return _kind_of_box(head) if head[4:8] == b"ftyp" else None


def _kind_of_box(head: bytes) -> Kind | None:
    """HEIC and AVIF share their container; the brands, main and compatible, tell them apart."""
    length = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12]} | {head[at : at + 4] for at in range(16, length - 3, 4)}
    if brands & {b"avif", b"avis"}:
        return Kind.AVIF
    return Kind.HEIC if brands & _HEIC_BRANDS else None


_HEIC_BRANDS = {
    *(b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1")
}


def require_bounds(header: Header, size: tuple[int, int]) -> None:
    """Refuse a picture of this size. Asked again in the child, with the decoder's own answer."""
    if size[0] * size[1] > header.most_pixels:
        raise PhotoTooLarge(f"{header.most_pixels // MEGA} MP {header.kind.upper()}")
    if header.coefficients > LARGE_COEFFICIENTS:
        raise PhotoTooLarge("50 MP JPEG")


def fitted(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """The size within a square, in proportion. Nothing grows; no side vanishes."""
    scale = min(1.0, longest / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _jpeg(data: bytes) -> Header:
    """Size, and whether a decoder can take it line by line: one scan, sequential.

    Progressive files, and sequential ones that send their colours in separate scans, make the
    decoder hold every coefficient of the picture.
    """
    frame, at = b"", 2
    sequential = False
    for _ in range(MAX_MARKERS):
        at = data.index(b"\xff", at)
        marker = data[at + 1]
        if marker in _NO_SEGMENT:
            at += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        body = data[at + 4 : at + 2 + length]
        if marker in _FRAMES and not frame:
            frame, sequential = body, marker in _SEQUENTIAL
        if marker == _SCAN:
            return _jpeg_frame(frame, streams=sequential and body[0] == frame[5])
        at += 2 + max(length, 2)
    raise ValueError("too many markers")


_NO_SEGMENT = frozenset({0x00, 0x01, 0xFF, *range(0xD0, 0xD9)})  # stray bytes, restarts, starts
_SCAN = 0xDA
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SEQUENTIAL = frozenset({0xC0, 0xC1, 0xC9})


def _jpeg_frame(frame: bytes, *, streams: bool) -> Header:
    height, width, count = struct.unpack_from(">HHB", frame, 1)
    factors = [divmod(frame[7 + 3 * index], 16) for index in range(count)]
    if not (width and height and factors and all(h and v for h, v in factors)):
        raise ValueError("empty frame")
    if streams:
        return Header(Kind.JPEG, width, height)
    widest, tallest = max(h for h, _ in factors), max(v for _, v in factors)
    blocks = sum(
        -(-width * h // (8 * widest)) * -(-height * v // (8 * tallest)) for h, v in factors
    )
    return Header(Kind.JPEG, width, height, coefficients=blocks * 64 * 2)


def _png(data: bytes) -> Header:
    if data[12:16] != b"IHDR":
        raise ValueError("no IHDR")
    return _sized(Kind.PNG, *struct.unpack_from(">II", data, 16))


def _gif(data: bytes) -> Header:
    return _sized(Kind.GIF, *struct.unpack_from("<HH", data, 6))


def _webp(data: bytes) -> Header:
    """The canvas, from whichever of the three kinds of first chunk."""
    chunk = data[12:16]
    if chunk == b"VP8X":
        wide, high = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
    elif chunk == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        wide, high = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif chunk == b"VP8 ":
        wide, high = (side & 0x3FFF for side in struct.unpack_from("<HH", data, 26))
    else:
        raise ValueError("unknown chunk")
    return _sized(Kind.WEBP, wide, high)


def _sized(kind: Kind, width: int, height: int) -> Header:
    if not (width and height):
        raise ValueError("no size")
    return Header(kind, width, height)


def _unsized(kind: Kind, _: bytes) -> Header:
    return Header(kind)


_READERS: dict[Kind, Callable[[bytes], Header]] = {
    Kind.JPEG: _jpeg,
    Kind.PNG: _png,
    Kind.GIF: _gif,
    Kind.WEBP: _webp,
    Kind.HEIC: partial(_unsized, Kind.HEIC),
    Kind.AVIF: partial(_unsized, Kind.AVIF),
}
