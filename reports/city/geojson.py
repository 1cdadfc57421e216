"""Areas from a GeoJSON file, each checked: kind, ground, validity, coordinates, properties.

Nothing here touches the database. What an area leaves unsaid is taken from how it is stored.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import cos, radians
from pathlib import Path
from typing import Any

import orjson
import shapely
from marshmallow import ValidationError
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity
from tqdm import tqdm

from reports.city import checks
from reports.city.approximate import KM_A_DEGREE
from reports.city.faults import BadFile, Fault, at_row, from_messages
from reports.city.files import Json, read_text
from reports.city.models import Area
from reports.city.schemas import AreaRow

#: What other makers of such files call our fields.
ALIASES = {
    "seat_vi": "seat",
    "label_lat": "lat",
    "label_lng": "lng",
}

_SCHEMA = AreaRow()
_NAMES = frozenset(field.data_key or name for name, field in _SCHEMA.fields.items())


@dataclass(frozen=True, slots=True)
class Feature:
    """One area of a file: what it says of itself, and its shape in degrees."""

    row: int
    facts: Json
    shape: BaseGeometry
    approximate: bool  # only when the file says so


def read_features(
    path: Path, kept: Mapping[str, Area], since: date, *, progress: bool = False
) -> list[Feature]:
    """Every area of the file, checked; what an area leaves unsaid it keeps, or has by default."""
    raw = _features(path)
    features, faults = [], []
    for number, one in enumerate(shown(raw, "checking", progress=progress), 1):
        try:
            features.append(_feature(number, one, kept, since))
        except BadFile as bad:
            faults += [replace(fault, file=path.name) for fault in bad.faults]
    if faults:
        raise BadFile(faults)
    checks.unique(path.name, [feature.facts for feature in features])
    return features


def km2(here: BaseGeometry) -> float:
    """The size of a shape in degrees, in square kilometres, good to some parts in a thousand."""
    if here.is_empty:
        return 0.0
    middle: float = here.centroid.y
    return float(here.area) * KM_A_DEGREE**2 * cos(radians(middle))


def shown(items: list[Any], what: str, *, progress: bool) -> Iterable[Any]:
    """The items, with a progress bar once they take longer than two seconds."""
    return tqdm(items, desc=what, delay=2, disable=not progress, leave=False)


def _features(path: Path) -> list[Any]:
    try:
        content = orjson.loads(read_text(path))
    except orjson.JSONDecodeError as error:
        raise _bad(f"không phải JSON ({error}).", f"it is not JSON ({error}).", path) from None
    if not isinstance(content, dict) or content.get("type") != "FeatureCollection":
        raise _bad("cần một FeatureCollection.", "it must be a FeatureCollection.", path)
    _require_wgs84(path, content)
    features = content.get("features")
    if not isinstance(features, list) or not features:
        raise _bad("không có địa bàn nào.", "it holds no areas.", path)
    return features


def _require_wgs84(path: Path, content: Json) -> None:
    crs = content.get("crs")
    if crs is None:
        return
    name = str((crs.get("properties") or {}).get("name", "")) if isinstance(crs, dict) else ""
    if not name.endswith(("CRS84", "EPSG::4326", "EPSG:4326")):
        raise _bad(
            f"hệ tọa độ {name or '?'}: hãy xuất lại bằng WGS84 (EPSG:4326).",
            f"its coordinates are in {name or '?'}: export it in WGS84 (EPSG:4326).",
            path,
        )


def _feature(number: int, one: Any, kept: Mapping[str, Area], since: date) -> Feature:
    if not isinstance(one, dict) or not isinstance(one.get("properties"), dict):
        raise _bad(
            "cần một Feature có properties.", "must be a Feature with properties.", row=number
        )
    facts = one["properties"]
    code = facts.get("code")
    name = code if isinstance(code, str) else None
    here = _shape(one.get("geometry"), number, name)
    said = _said(facts, here, kept.get(name or ""), since)
    try:
        return Feature(number, _SCHEMA.load(said), here, facts.get("approximate") is True)
    except ValidationError as error:
        raise BadFile(at_row(from_messages(error.messages), "", number, name)) from None


def _said(facts: Json, here: BaseGeometry, old: Area | None, since: date) -> Json:
    """The feature's properties in our names; unsaid ones as they are stored, or worked out."""

    ours = {ALIASES.get(key, key): _one_line(value) for key, value in facts.items()}
    said = {key: value for key, value in ours.items() if key in _NAMES}
    if "other_names" not in said and (found := _other_names(facts)):
        said["other_names"] = found
    if old is not None:
        stored: Json = _SCHEMA.dump(old)
        return {**stored, **said}
    centre = here.representative_point()
    worked_out: Json = {
        "valid_from": since.isoformat(),
        "lat": round(centre.y, 6),
        "lng": round(centre.x, 6),
        "area_km2": round(km2(here), 2),
    }
    if "name_vi" in facts:
        worked_out["name_en"] = facts["name_vi"]
    return {**worked_out, **said}


def _one_line(value: Any) -> Any:
    """Maps come with stray line breaks in their texts; our own files may not."""
    return " ".join(value.split()) or None if isinstance(value, str) else value


def _other_names(facts: Json) -> list[str]:
    """Other spellings and former names, so that people find an area by what they call it."""
    merged = str(facts.get("merged_from_vi") or "")
    while "(" in merged and ")" in merged[merged.index("(") :]:
        start = merged.index("(")
        merged = merged[:start] + merged[merged.index(")", start) + 1 :]
    found = [str(facts.get("name_alt_vi") or ""), *merged.split(",")]
    kept = [name.strip() for name in found if name.strip()[:1].isupper()]
    return [name for name in dict.fromkeys(kept) if name != facts.get("name_vi")]


def _shape(geometry: Any, number: int, name: str | None) -> BaseGeometry:
    """A valid polygon or several, within the world. Raises BadFile with the reason."""

    def refuse(vi: str, en: str) -> BadFile:
        return _bad(vi, en, row=number, name=name, field="geometry")

    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in {"Polygon", "MultiPolygon"}:
        raise refuse(
            f"cần Polygon hoặc MultiPolygon, không phải {kind}.",
            f"must be a Polygon or MultiPolygon, not {kind}.",
        )
    try:
        here = shapely.force_2d(shape(geometry))
    except (ShapelyError, ValueError, TypeError, IndexError, KeyError, AttributeError):
        raise refuse("không đọc được tọa độ.", "its coordinates cannot be read.") from None
    if here.is_empty:
        raise refuse("ranh giới rỗng.", "its boundary is empty.")
    if outside := _outside_the_world(here):
        raise refuse(*outside)
    if not here.is_valid:
        why = explain_validity(here)
        raise refuse(f"ranh giới không hợp lệ ({why}).", f"its boundary is not valid ({why}).")
    return here


def _outside_the_world(here: BaseGeometry) -> tuple[str, str] | None:
    west, south, east, north = here.bounds
    if -180 <= west <= east <= 180 and -90 <= south <= north <= 90:
        return None
    if -90 <= west <= east <= 90 and -180 <= south <= north <= 180:
        return (
            "vĩ độ ngoài ±90: có vẻ kinh độ và vĩ độ bị đổi chỗ (GeoJSON viết kinh độ trước).",
            "a latitude beyond ±90: longitude and latitude seem swapped (GeoJSON writes longitude "
            "first).",
        )
    return (
        "tọa độ không phải độ WGS84: hãy xuất lại bằng EPSG:4326.",
        "its coordinates are not WGS84 degrees: export it in EPSG:4326.",
    )


def _bad(
    vi: str,
    en: str,
    path: Path | None = None,
    *,
    row: int | None = None,
    name: str | None = None,
    field: str | None = None,
) -> BadFile:
    return BadFile([Fault(vi, en, path.name if path else "", row, name, field)])
