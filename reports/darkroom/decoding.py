"""Each kind of file into one small picture, never a second full-size copy beside the first.

JPEGs shrink while they are decoded (`draft`), WebP too; the others are flattened and reduced in
bands. What comes out is RGB or CMYK, less than twice the wanted size, still as the camera held it.
"""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from PIL import AvifImagePlugin, Image, PngImagePlugin

from reports.darkroom import webp
from reports.darkroom.headers import STREAMED_PIXELS, Header, Kind, fitted, require_bounds
from reports.darkroom.metadata import UNREADABLE

BAND = 128  # rows, times the factor by which they are reduced

Image.MAX_IMAGE_PIXELS = STREAMED_PIXELS  # the bound that no kind exceeds; `headers` is stricter
PngImagePlugin.MAX_TEXT_MEMORY = 4 << 20
AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # each thread keeps frames of its own


@dataclass(frozen=True, slots=True)
class Opened:
    """A file whose header has been read, and nothing else yet."""

    shrink: Callable[[], Image.Image]  # decode: RGB or CMYK, as the camera held it
    exif: Callable[[], Image.Exif]  # best asked after `shrink`: a PNG may keep it at its end
    icc_profile: bytes | None
    turned: bool = False  # the decoder turns it the right way up by itself


def open_photo(file: BinaryIO, header: Header, *, longest: int) -> Opened:
    """The first picture in the file; once shrunk, its longer side is at least `longest` where it
    was, and below twice that. Raises BadPhoto, PhotoTooLarge, or what the libraries raise."""
    return _OPENERS[header.kind](file, header, longest)


@contextmanager
def strict() -> Iterator[None]:
    """Pillow only warns of bombs, and chatters about metadata that nobody keeps."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield


def _open(file: BinaryIO, header: Header) -> Image.Image:
    """By Pillow, told which decoder to use: it has forty, and some call other programs."""
    image = Image.open(file, formats=(header.kind.upper(),))
    require_bounds(header, image.size)
    return image


def _jpeg(file: BinaryIO, header: Header, longest: int) -> Opened:
    image = _open(file, header)

    def shrink() -> Image.Image:
        # In proportion: draft((1600, 1600)) would reduce 4000 × 3000 by nothing.
        image.draft(None, fitted(image.size, longest))
        image.load()
        return image if image.mode in {"RGB", "CMYK"} else image.convert("RGB")

    return Opened(shrink, lambda: _exif(image), image.info.get("icc_profile"))


def _still(file: BinaryIO, header: Header, longest: int) -> Opened:
    """PNG, GIF, and WebP where libwebp itself was not found."""
    image = _open(file, header)

    def band(top: int, bottom: int) -> Image.Image:
        return image.crop((0, top, image.width, bottom))

    def shrink() -> Image.Image:
        image.load()
        return _reduced(image.size, longest, band)

    return Opened(shrink, lambda: _exif(image), image.info.get("icc_profile"))


def _webp(file: BinaryIO, header: Header, longest: int) -> Opened:
    library = webp.LIBRARY
    if library is None:
        return _still(file, header, longest)
    data = file.read()
    found = dict(webp.chunks(data, 12, len(data)))
    return Opened(
        lambda: _flat(webp.decode(library, data, header, longest)),
        lambda: _exif_of(exif=found.get(b"EXIF"), xmp=found.get(b"XMP ")),
        found.get(b"ICCP"),
    )


def _avif(file: BinaryIO, header: Header, longest: int) -> Opened:
    """As Pillow would, without its copy of the whole picture (131 MB instead of 115 for 12 MP)."""
    image = _open(file, header)
    size, mode = image.size, image.mode

    def shrink() -> Image.Image:
        pixels = memoryview(image._decoder.get_frame(0)[0])  # type: ignore[attr-defined]
        return _reduced(size, longest, _rows(pixels, mode, size[0], size[0] * len(mode)))

    return Opened(shrink, lambda: _exif(image), image.info.get("icc_profile"))


def _heic(file: BinaryIO, header: Header, longest: int) -> Opened:
    # Imported here: its libraries cost every child 8 MB, and most never see an iPhone's photo.
    import pillow_heif
    from pillow_heif import options

    options.DECODE_THREADS = 1  # four take as long in CPU, and more memory
    options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
    images = pillow_heif.open_heif(file)
    image = images[images.primary_index]
    told: dict[str, Any] = image.info
    require_bounds(header, image.size)

    def shrink() -> Image.Image:
        pixels, size = image.data, image.size  # decoding may have corrected the size
        require_bounds(header, size)
        return _reduced(size, longest, _rows(pixels, image.mode, size[0], image.stride))

    return Opened(
        shrink, lambda: _exif_of(exif=told.get("exif")), told.get("icc_profile"), turned=True
    )


_OPENERS = {
    Kind.JPEG: _jpeg,
    Kind.PNG: _still,
    Kind.GIF: _still,
    Kind.WEBP: _webp,
    Kind.HEIC: _heic,
    Kind.AVIF: _avif,
}

Band = Callable[[int, int], Image.Image]


def _rows(pixels: memoryview, mode: str, width: int, stride: int) -> Band:
    """Bands of a picture that lies in memory as a decoder left it."""

    def band(top: int, bottom: int) -> Image.Image:
        rows = pixels[top * stride : bottom * stride]
        return Image.frombytes(mode, (width, bottom - top), rows, "raw", mode, stride)

    return band


def _reduced(size: tuple[int, int], longest: int, band: Band) -> Image.Image:
    """Flatten and reduce by a whole number, band by band, to less than twice `longest`."""
    factor = max(1, max(size) // longest)
    small = Image.new("RGB", (-(-size[0] // factor), -(-size[1] // factor)))
    for top in range(0, size[1], BAND * factor):
        piece = _flat(band(top, min(top + BAND * factor, size[1])))
        small.paste(piece.reduce(factor) if factor > 1 else piece, (0, top // factor))
    return small


def _flat(piece: Image.Image) -> Image.Image:
    """RGB of any mode: 16 bits to 8, palettes looked up, transparency on white."""
    if piece.mode.startswith("I"):
        # Pillow's own conversion clips: all above 255 would be white.
        piece = piece.point(lambda value: value * (1 / 257)).convert("L")
        piece.info.pop("transparency", None)  # of 16 bits: it names no grey of these
    if "transparency" in piece.info or piece.mode in {"LA", "La", "PA", "RGBa"}:
        piece = piece.convert("RGBA")
    if piece.mode != "RGBA":
        return piece if piece.mode == "RGB" else piece.convert("RGB")
    white = Image.new("RGB", piece.size, "white")
    white.paste(piece, mask=piece.getchannel("A"))
    return white


def _exif(image: Image.Image) -> Image.Exif:
    """With the orientation that a PNG or AVIF may carry in XMP or in its container."""
    try:
        return image.getexif()
    except UNREADABLE:
        return Image.Exif()


def _exif_of(**blocks: bytes | None) -> Image.Exif:
    """The same, of blocks found elsewhere: `exif` and `xmp`."""
    bearer = Image.new("1", (1, 1))
    bearer.info = {name: block for name, block in blocks.items() if block}
    return _exif(bearer)
