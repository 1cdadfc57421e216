"""GDAL in a process of its own: while it reads from the network it lets no other thread of its
process run, the server's neither.

    python -m tests.feeds.gdal SOURCE LAYER OPTIONS    what it read, as JSON
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import pyogrio
import pyogrio.raw
import shapely

from app.config import ROOT


@dataclass(frozen=True)
class Layer:
    """What GDAL made of a layer."""

    kind: str
    fields: list[str]
    shapes: list[Any]
    columns: dict[str, list[Any]]


def layers(source: str) -> set[str]:
    return set(_apart(source, "", {}))


def read(source: str, layer: str = "", **options: Any) -> Layer:
    told = _apart(source, layer, options)
    return Layer(
        told["kind"],
        told["fields"],
        [shapely.from_wkt(one) for one in told["shapes"]],
        told["columns"],
    )


def _apart(source: str, layer: str, options: dict[str, Any]) -> Any:
    environment = {**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    command = [sys.executable, "-m", "tests.feeds.gdal", source, layer, json.dumps(options)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def _told(source: str, layer: str, options: dict[str, Any]) -> Any:
    if not layer and source.startswith("OAPIF:"):
        return [name for name, _ in pyogrio.list_layers(source)]
    options = {name: tuple(v) if isinstance(v, list) else v for name, v in options.items()}
    meta, _, shapes, values = pyogrio.raw.read(source, layer=layer or None, **options)
    names = [str(name) for name in meta["fields"]]
    return {
        "kind": meta["geometry_type"],
        "fields": names,
        "shapes": [shape.wkt for shape in shapely.from_wkb(shapes)],
        "columns": {name: [str(one) for one in told] for name, told in zip(names, values,
                                                                           strict=True)},
    }  # fmt: skip


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_told(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]))))
