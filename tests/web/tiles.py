"""An operator's base map for tests: a host of plain tiles on a port of its own, and archives of
images or of shapes as Protomaps makes them (docs.protomaps.com/basemaps/layers).
"""

import gzip
import math
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

Colour = tuple[int, int, int]
TURQUOISE: Colour = (0x20, 0xB0, 0xA0)  # no colour of ours is near
WEST, SOUTH, EAST, NORTH = 107.50, 16.40, 107.66, 16.52  # around the Trường Tiền bridge
SIDE = 4096


def plain(colour: Colour = TURQUOISE) -> bytes:
    out = BytesIO()
    Image.new("RGB", (256, 256), colour).save(out, "PNG")
    return out.getvalue()


@dataclass
class TileHost:
    """What it was asked, and from which page."""

    url: str
    seen: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def tile_host(archive: bytes | None = None) -> Iterator[TileHost]:
    """Every address ending in .png is one plain tile; any other is the archive, in parts."""
    tile = plain()

    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host.seen.append((self.path, self.headers.get("Origin", "")))
            status, body, more = 200, tile, {"Content-Type": "image/png"}
            if not self.path.endswith(".png"):
                asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
                assert archive and asked, self.headers
                first, last = int(asked[1]), min(int(asked[2]), len(archive) - 1)
                status, body = 206, archive[first : last + 1]
                more = {"Content-Range": f"bytes {first}-{last}/{len(archive)}"}
            self.send_response(status)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Content-Length", str(len(body)))
            for name, value in more.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """What it was asked is in `seen`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    host = TileHost(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


# Archives ------------------------------------------------------------------------------------


def archive_of_images(path: Path) -> Path:
    tile = plain()
    return _archive(path, lambda _: tile, TileType.PNG, Compression.NONE, 17, {"attribution": ""})


def archive_of_shapes(path: Path) -> Path:
    """Each tile: land, a strip of water, a house, three named streets from west to east."""
    credit = '<a href="https://www.openstreetmap.org/copyright">© OpenStreetMap</a>'
    names = ("earth", "water", "buildings", "roads")
    metadata = {"attribution": credit, "vector_layers": [{"id": n, "fields": {}} for n in names]}
    tile = gzip.compress(_shapes(), mtime=0)
    return _archive(path, lambda _: tile, TileType.MVT, Compression.GZIP, 15, metadata)


def _archive(
    path: Path,
    tile_at: Callable[[int], bytes],
    kind: TileType,
    compression: Compression,
    deepest: int,
    metadata: dict[str, Any],
) -> Path:
    with path.open("wb") as file:
        writer = Writer(file)
        for zoom in range(deepest + 1):
            (left, top), (right, bottom) = _tile(zoom, WEST, NORTH), _tile(zoom, EAST, SOUTH)
            places = [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]
            for tile_id in sorted(zxy_to_tileid(zoom, x, y) for x, y in places):
                writer.write_tile(tile_id, tile_at(zoom))
        box = {"min_lon_e7": WEST, "min_lat_e7": SOUTH, "max_lon_e7": EAST, "max_lat_e7": NORTH}
        header = {name: int(degrees * 1e7) for name, degrees in box.items()} | {
            "tile_type": kind, "tile_compression": compression, "center_zoom": 12,
            "center_lon_e7": 1_075_885_000, "center_lat_e7": 164_675_000,
        }  # fmt: skip
        writer.finalize(header, metadata)
    return path


def _tile(zoom: int, lng: float, lat: float) -> tuple[int, int]:
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return int((lng + 180) / 360 * 2**zoom), int(y * 2**zoom)


# Shapes, as the Mapbox Vector Tile specification 2.1 writes them ---------------------------------


def _shapes() -> bytes:
    land = [_ring(0, 0, SIDE, SIDE)]
    water = [_ring(0, 3500, SIDE, 500)]
    house = [_ring(400, 1300, 500, 400)]
    streets = [("minor_road", "Kiệt 42", 700), ("major_road", "Đường Lê Lợi", 1900)]
    streets.append(("highway", "Quốc lộ 1", 2900))
    roads = [(_line(y), {"kind": kind, "name": name}) for kind, name, y in streets]
    return b"".join(
        _message(3, layer)
        for layer in (
            _layer("earth", 3, [(ring, {"kind": "earth"}) for ring in land]),
            _layer("water", 3, [(ring, {"kind": "river"}) for ring in water]),
            _layer("buildings", 3, [(ring, {"kind": "building"}) for ring in house]),
            _layer("roads", 2, roads),
        )
    )


def _layer(name: str, shape: int, features: list[tuple[list[int], dict[str, str]]]) -> bytes:
    keys = sorted({key for _, told in features for key in told})
    values = sorted({value for _, told in features for value in told.values()})
    drawn = b""
    for geometry, told in features:
        tags = [n for key in told for n in (keys.index(key), values.index(told[key]))]
        drawn += _message(2, _packed(2, tags) + _number(3, shape) + _packed(4, geometry))
    return (
        _number(15, 2) + _message(1, name.encode()) + drawn
        + b"".join(_message(3, key.encode()) for key in keys)
        + b"".join(_message(4, _message(1, value.encode())) for value in values)
        + _number(5, SIDE)
    )  # fmt: skip


def _ring(x: int, y: int, width: int, height: int) -> list[int]:
    steps = [_zigzag(n) for n in (width, 0, 0, height, -width, 0)]
    return [_command(1, 1), _zigzag(x), _zigzag(y), _command(2, 3), *steps, _command(7, 1)]


def _line(y: int) -> list[int]:
    return [_command(1, 1), 0, _zigzag(y), _command(2, 1), _zigzag(SIDE), 0]


def _command(what: int, times: int) -> int:
    return what | times << 3


def _zigzag(number: int) -> int:
    return number * 2 if number >= 0 else -number * 2 - 1


def _varint(number: int) -> bytes:
    out = b""
    while number > 0x7F:
        out, number = out + bytes([number & 0x7F | 0x80]), number >> 7
    return out + bytes([number])


def _number(tag: int, value: int) -> bytes:
    return _varint(tag << 3) + _varint(value)


def _message(tag: int, content: bytes) -> bytes:
    return _varint(tag << 3 | 2) + _varint(len(content)) + content


def _packed(tag: int, numbers: list[int]) -> bytes:
    return _message(tag, b"".join(map(_varint, numbers)))
