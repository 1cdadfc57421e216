"""Real boundaries from ../shared/data as the index takes them."""

import gzip
import json
from functools import cache
from pathlib import Path

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from reports.city.values import Area

Boundary = tuple[Area, BaseGeometry]


@cache
def boundaries_of(file: Path) -> tuple[Boundary, ...]:
    content = file.read_bytes()
    if file.suffix == ".gz":
        content = gzip.decompress(content)
    features = json.loads(content)["features"]
    return tuple(
        (area_of(number, feature["properties"]), shape(feature["geometry"]))
        for number, feature in enumerate(features)
    )


def area_of(number: int, facts: dict[str, str]) -> Area:
    return Area(
        number, facts["code"], facts["name_vi"], facts["name_en"], facts["kind"], lat=0, lng=0
    )
