"""JPEGs taken apart and put together by hand: what they carry, and how large they can be made."""

import io
import struct
from collections.abc import Iterator

from PIL import Image


def segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, content) up to the scan; then what follows the end of the picture, if anything."""
    assert data[:2] == b"\xff\xd8"
    at = 2
    while data[at + 1] != 0xDA:
        assert data[at] == 0xFF
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        yield data[at + 1], data[at + 4 : at + 2 + length]
        at += 2 + length
    end = data.index(b"\xff\xd9", at)  # inside a scan every FF is followed by 00
    if tail := data[end + 2 :]:
        yield 0xD9, tail


def endless(width: int, height: int) -> bytes:
    """A genuine baseline JPEG of any size, without encoding it.

    One band is encoded with restart markers; its rows are then repeated, since each restart begins
    anew. 200 MP this way take milliseconds instead of seconds and 800 MB.
    """
    band = Image.linear_gradient("L").resize((width, 128)).convert("RGB")
    band.putpixel((0, 0), (255, 0, 0))
    out = io.BytesIO()
    band.save(out, "JPEG", quality=85, restart_marker_rows=1)
    head, scan, rows = _taken_apart(out.getvalue())
    count = -(-height // 16)
    body = b"".join(
        rows[index % 8] + (bytes((0xFF, 0xD0 + index % 8)) if index < count - 1 else b"")
        for index in range(count)
    )
    return _of_height(head, height) + scan + body + b"\xff\xd9"


def _taken_apart(data: bytes) -> tuple[bytes, bytes, list[bytes]]:
    start = data.index(b"\xff\xda")
    scan_end = start + 2 + int.from_bytes(data[start + 2 : start + 4], "big")
    body = data[scan_end : data.rindex(b"\xff\xd9")]
    rows, at = [], 0
    for index in range(7):
        end = body.index(bytes((0xFF, 0xD0 + index)), at)
        rows.append(body[at:end])
        at = end + 2
    return data[:start], data[start:scan_end], [*rows, body[at:]]


def _of_height(head: bytes, height: int) -> bytes:
    frame = head.index(b"\xff\xc0")
    return head[: frame + 5] + struct.pack(">H", height) + head[frame + 7 :]


def many_scans(side: int, scans: int) -> bytes:
    """A small progressive file that makes a decoder walk over the whole picture `scans` times."""
    out = io.BytesIO()
    Image.new("RGB", (side, side), "grey").save(out, "JPEG", progressive=True)
    data = out.getvalue()
    starts, at = [], 0
    while (at := data.find(b"\xff\xda", at)) != -1:
        starts.append(at)
        at += 2
    first, second = starts[1], starts[2]  # the first scan of details: a few bytes when flat
    tables = data.rfind(b"\xff\xc4", 0, first)
    tables = tables if tables > starts[0] else first
    repeated = data[tables:second]
    return data[:second] + repeated * scans + data[second:]
