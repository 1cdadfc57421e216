"""The bounds of bytes, pixels, memory and CPU hold for every kind of file."""

import io
import struct
import subprocess
import sys
import zlib
from functools import cache

import pytest
from PIL import Image

from app.errors import XomError
from reports.darkroom import pool, webp
from reports.darkroom.child import Order, Refused
from reports.darkroom.errors import BadPhoto, PhotoKindRefused, PhotoTooLarge
from reports.darkroom.headers import FILE_BYTES, Kind, Lane, kind_of, look
from tests.conftest import needs
from tests.photos.conftest import Handle
from tests.photos.jpegs import endless, many_scans

MB = 1 << 20
TWELVE = (4032, 3024)


@cache
def textured(size: tuple[int, int] = TWELVE, mode: str = "RGB") -> Image.Image:
    """A picture that does not compress to nothing, quickly made."""
    noise = Image.effect_noise((504, 378), 60).resize(size, Image.Resampling.BILINEAR)
    return Image.merge("RGB", (noise, noise.transpose(0), noise.transpose(1))).convert(mode)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)


def png_of(width: int, height: int, *, bits: int = 8, colour: int = 6) -> bytes:
    """A genuine PNG of one colour, row by row: no picture of that size is ever held."""
    row = b"\0" + b"\x7f" * (width * bits * {0: 1, 2: 3, 6: 4}[colour] // 8)
    squeeze = zlib.compressobj(1)
    body = b"".join(squeeze.compress(row) for _ in range(height)) + squeeze.flush()
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


TWELVE_MEGAPIXELS = {
    "baseline JPEG": lambda: encoded(textured(), "JPEG", quality=90),
    "progressive JPEG": lambda: encoded(textured(), "JPEG", progressive=True, subsampling=0),
    "progressive CMYK JPEG": lambda: encoded(textured(mode="CMYK"), "JPEG", progressive=True),
    "PNG with alpha": lambda: png_of(*TWELVE),
    "PNG of 16 bits": lambda: png_of(*TWELVE, bits=16),
    "grey PNG of 16 bits": lambda: png_of(*TWELVE, bits=16, colour=0),
    "GIF": lambda: encoded(textured(mode="P"), "GIF"),
    "lossy WebP": lambda: encoded(textured(), "WEBP", method=0, quality=80),
    "lossless WebP with alpha": lambda: encoded(
        textured(mode="RGBA"), "WEBP", method=0, lossless=True, quality=0
    ),
    "AVIF": lambda: encoded(textured(), "AVIF", speed=10, quality=60),
    "AVIF with alpha": lambda: encoded(textured(mode="RGBA"), "AVIF", speed=10, quality=60),
}


@pytest.mark.parametrize("kind", TWELVE_MEGAPIXELS)
def test_twelve_megapixels_of_any_kind_pass_within_128_mb(kind: str, handle: Handle) -> None:
    outcome = handle(TWELVE_MEGAPIXELS[kind]())

    assert (outcome.photo.width, outcome.photo.height) == (1600, 1200)
    assert outcome.answer
    assert outcome.answer.peak_bytes <= 128 * MB
    assert outcome.answer.cpu_seconds < 2


def test_a_baseline_jpeg_of_200_megapixels_passes_within_128_mb(handle: Handle) -> None:
    data = endless(16320, 12240)  # what a phone of "200 MP" takes
    assert look(data).lane is Lane.LIGHT

    outcome = handle(data)

    assert (outcome.photo.width, outcome.photo.height) == (1600, 1200)
    assert outcome.answer
    assert outcome.answer.peak_bytes <= 128 * MB
    assert outcome.answer.cpu_seconds < 2


def test_a_progressive_jpeg_of_50_megapixels_passes_within_400_mb(handle: Handle) -> None:
    grey = textured((8192, 6144), "L")  # one plane of coefficients more is tested by arithmetic
    data = encoded(grey, "JPEG", progressive=True, quality=60)
    assert look(data).lane is Lane.LARGE

    outcome = handle(data)

    assert (outcome.photo.width, outcome.photo.height) == (1600, 1200)
    assert outcome.answer
    assert outcome.answer.peak_bytes <= 400 * MB
    assert outcome.answer.cpu_seconds < 5


def test_a_decoder_that_holds_50_megapixels_in_full_colour_fits_the_large_lane() -> None:
    frame = encoded(Image.new("RGB", (16, 16)), "JPEG", progressive=True, subsampling=0)

    header = look(resized_jpeg(frame, 8160, 6120))

    assert header.lane is Lane.LARGE
    assert header.coefficients == pytest.approx(8160 * 6120 * 3 * 2, rel=0.01)


def resized_jpeg(data: bytes, width: int, height: int) -> bytes:
    """The same file, saying in its header that it is of another size."""
    frame = max(data.find(b"\xff\xc0"), data.find(b"\xff\xc2"))
    return data[: frame + 5] + struct.pack(">HH", height, width) + data[frame + 9 :]


@pytest.mark.parametrize(
    ("what", "data"),
    [
        ("baseline JPEG", resized_jpeg(encoded(Image.new("L", (8, 8)), "JPEG"), 16384, 13000)),
        (
            "progressive JPEG",
            resized_jpeg(encoded(Image.new("L", (8, 8)), "JPEG", progressive=True), 8192, 7000),
        ),
        ("PNG", png_of(4096, 3200, bits=1, colour=0)),
        ("GIF", b"GIF89a" + struct.pack("<HH", 4096, 3200) + bytes(64)),
    ],
)
def test_larger_pictures_are_refused_by_their_header_alone(what: str, data: bytes) -> None:
    with pytest.raises(PhotoTooLarge) as refused:
        look(data)

    assert "MP" in refused.value.sentence("vi"), what


def test_more_than_64_mb_is_refused_unread() -> None:
    with pytest.raises(PhotoTooLarge):
        look(b"\xff\xd8\xff" + bytes(FILE_BYTES))


def test_a_sequential_jpeg_in_several_scans_counts_as_one_that_is_held_whole() -> None:
    """Each colour in a scan of its own: sequential by name, and held whole by the decoder."""
    interleaved = encoded(Image.new("RGB", (64, 64)), "JPEG")
    scan = interleaved.index(b"\xff\xda")
    one_colour = interleaved[: scan + 4] + b"\1" + interleaved[scan + 5 :]

    assert look(interleaved).coefficients == 0
    assert look(one_colour).coefficients > 0


def test_a_header_of_endless_markers_is_given_up() -> None:
    with pytest.raises(BadPhoto):
        look(b"\xff\xd8\xff\xe0\0\2" + b"\xff\xe1\0\2" * 1_000_000)


@pytest.mark.parametrize("data", [b"", b"\xff", b"GIF89", b"<svg/>", b"II*\0", b"%!PS", b"8BPS"])
def test_what_is_no_picture_of_ours_is_another_kind(data: bytes) -> None:
    with pytest.raises(PhotoKindRefused):
        look(data)


def test_a_container_is_told_by_its_compatible_brands() -> None:
    avif = b"\0\0\0\x1cftypmif1\0\0\0\0mif1miafavif"

    assert kind_of(avif) is Kind.AVIF
    assert kind_of(avif.replace(b"avif", b"heic")) is Kind.HEIC
    assert kind_of(avif.replace(b"avif", b"isom").replace(b"mif1", b"mp42")) is None


def test_a_photo_that_burns_cpu_is_killed_by_the_kernel() -> None:
    spinning = many_scans(3500, 8000)  # 600 kB, eight thousand walks over 12 MP
    order = Order(look(spinning))
    child = pool.Child()

    with pool._child_file(spinning) as file:
        answer = child.ask(order, file)

    assert answer is None
    assert isinstance(pool._loss(child.pid, child.end(), order.header), BadPhoto)


def test_memory_over_the_lane_is_refused_by_the_kernel() -> None:
    needs(sys.platform == "linux", "RLIMIT_DATA as Linux counts it")
    script = (
        "from reports.darkroom.child import _bounded\n"
        "from reports.darkroom.headers import Lane\n"
        "with _bounded(Lane.LIGHT):\n"
        "    bytearray(64 << 20)\n"
        "    try: bytearray(120 << 20)\n"
        "    except MemoryError: print('refused')\n"
        "bytearray(120 << 20)\n"
        "print('lifted')\n"
    )

    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert ran.stdout.split() == ["refused", "lifted"]


def test_an_animation_whose_frame_is_larger_than_its_canvas_is_refused(handle: Handle) -> None:
    frame = b"VP8L" + struct.pack("<I", 8) + b"\x2f" + struct.pack("<I", 0x0FFFFFFF) + b"\0\0\0"
    moving = b"ANMF" + struct.pack("<I", 16 + len(frame)) + bytes(6) + b"\xff\x3f\0" * 2
    moving += bytes(4) + frame
    canvas = b"VP8X" + struct.pack("<I", 10) + b"\2\0\0\0" + b"\x09\0\0" * 2
    body = b"WEBP" + canvas + b"ANIM" + struct.pack("<I", 6) + bytes(6) + moving

    outcome = handle(b"RIFF" + struct.pack("<I", len(body)) + body)

    assert outcome.answer
    assert isinstance(outcome.answer.result, Refused)
    assert outcome.answer.peak_bytes <= 128 * MB


def test_webp_without_its_library_goes_pillows_way(monkeypatch: pytest.MonkeyPatch) -> None:
    # What a Pillow built by a distribution, without a libwebp that can be found, would see.
    monkeypatch.setattr(webp, "LIBRARY", None)
    from reports.darkroom.printing import redraw

    data = encoded(textured((640, 480)), "WEBP")
    photo = redraw(io.BytesIO(data), look(data))

    assert (photo.width, photo.height) == (640, 480)


@pytest.mark.parametrize("error", [BadPhoto("x"), PhotoTooLarge("64 MB"), PhotoKindRefused()])
def test_each_refusal_says_in_both_languages_what_to_do(error: XomError) -> None:
    assert error.sentence("vi") != error.sentence("en")
    assert "{" not in error.sentence("vi") + error.sentence("en")
