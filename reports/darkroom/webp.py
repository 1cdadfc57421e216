"""WebP through Pillow's own libwebp, at the size that is wanted.

Pillow decodes WebP with the animation decoder, whose canvases and copies take 210 MB for 12 MP;
the same library asked to scale while decoding takes 30 to 90. Without the library's file (a Pillow
built elsewhere), `decoding` falls back to Pillow's way, and the child's limit of memory decides.
"""

import ctypes
import ctypes.util
import struct
from collections.abc import Iterator
from pathlib import Path

import PIL
from PIL import Image

from reports.darkroom.errors import BadPhoto
from reports.darkroom.headers import Header, fitted, require_bounds

_INTERFACE = 0x0209  # WEBP_DECODER_ABI_VERSION: its upper byte must be the library's
_MODE_RGBA = 1
_int, _pointer = ctypes.c_int, ctypes.c_void_p


def _ints(names: str) -> list[tuple[str, type[ctypes.c_int]]]:
    return [(name, _int) for name in names.split()]


class _Input(ctypes.Structure):
    _fields_ = [
        *_ints("width height has_alpha has_animation format"),
        ("reserved", ctypes.c_uint32 * 5),
    ]


class _Pixels(ctypes.Structure):
    _fields_ = [("start", _pointer), ("stride", _int), ("size", ctypes.c_size_t)]


class _Planes(ctypes.Structure):  # never used: it gives the union its size
    _fields_ = [("start", _pointer * 4), ("stride", _int * 4), ("size", ctypes.c_size_t * 4)]


class _Layout(ctypes.Union):
    _fields_ = [("rgba", _Pixels), ("yuva", _Planes)]


class _Output(ctypes.Structure):
    _fields_ = [
        *_ints("colourspace width height is_external"),
        ("layout", _Layout),
        ("reserved", ctypes.c_uint32 * 4),
        ("memory", _pointer),
    ]


class _Options(ctypes.Structure):
    _fields_ = [
        *_ints("bypass_filtering no_fancy_upsampling use_cropping left top crop_width crop_height"),
        *_ints("use_scaling width height use_threads dithering flip alpha_dithering"),
        ("reserved", ctypes.c_uint32 * 5),
    ]


class _Config(ctypes.Structure):
    _fields_ = [("input", _Input), ("output", _Output), ("options", _Options)]


def _library() -> ctypes.CDLL | None:
    """libwebp as it came with Pillow, else the system's; None when neither fits."""
    home = Path(PIL.__file__).parent
    shipped = [*home.parent.glob("pillow.libs/libwebp-*"), *home.glob(".dylibs/libwebp.*")]
    name = str(shipped[0]) if shipped else ctypes.util.find_library("webp")
    try:
        found = ctypes.CDLL(name) if name else None
    except OSError:
        return None
    if found is None or not found.WebPInitDecoderConfigInternal(
        ctypes.byref(_Config()), _INTERFACE
    ):
        return None
    found.WebPDecode.argtypes = (ctypes.c_char_p, ctypes.c_size_t, _pointer)
    found.WebPGetFeaturesInternal.argtypes = (ctypes.c_char_p, ctypes.c_size_t, _pointer, _int)
    return found


LIBRARY = _library()  # loaded now: while a photo is in hand, memory may be too short for it


def decode(webp: ctypes.CDLL, data: bytes, header: Header, longest: int) -> Image.Image:
    """The first picture, as RGBA, its longer side at most `longest`."""
    config, still = _Config(), _first_frame(data)
    webp.WebPInitDecoderConfigInternal(ctypes.byref(config), _INTERFACE)
    _require(webp.WebPGetFeaturesInternal(still, len(still), ctypes.byref(config), _INTERFACE))
    require_bounds(header, (config.input.width, config.input.height))
    size = fitted((config.input.width, config.input.height), longest)
    config.options.use_scaling, config.output.colourspace = 1, _MODE_RGBA
    config.options.width, config.options.height = size
    try:
        _require(webp.WebPDecode(still, len(still), ctypes.byref(config)))
        pixels = config.output.layout.rgba
        raw = (ctypes.c_char * pixels.size).from_address(pixels.start)
        return Image.frombytes("RGBA", size, raw, "raw", "RGBA", pixels.stride)
    finally:
        webp.WebPFreeDecBuffer(ctypes.byref(config.output))


def _require(status: int) -> None:
    if status != 0:
        raise BadPhoto(f"libwebp: {status}")


def chunks(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    """(name, content) of the RIFF chunks between two offsets."""
    while at + 8 <= end:
        name, length = struct.unpack_from("<4sI", data, at)
        yield name, data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _first_frame(data: bytes) -> bytes:
    """The file itself or, of an animation, its first frame as a still file.

    libwebp's still decoder refuses animations. A frame holds the chunks of a still picture.
    """
    for name, frame in chunks(data, 12, len(data)):
        if name in {b"VP8 ", b"VP8L"}:
            return data
        if name == b"ANMF":
            return _still(frame)
    raise BadPhoto("webp: no picture")


def _still(frame: bytes) -> bytes:
    wide, high = frame[6:9], frame[9:12]  # less one, as VP8X writes them too
    body = b"VP8X" + struct.pack("<II", 10, 0x10) + wide + high + frame[16:]
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
