"""Writing a city back into files, in the form that importing takes: going round changes nothing."""

from pathlib import Path
from typing import Any

import orjson
import shapely
from shapely.geometry import mapping
from sqlalchemy import select

from app.database import Base, db
from reports.city.files import Json, write_rows
from reports.city.importing import AREAS, CATEGORIES, OFFICES, RULES, Kind, locked_city
from reports.city.models import Area, CalendarCorrection, WorkingHours
from reports.city.schemas import (
    AreaRow,
    CityRow,
    CorrectionRow,
    HoursRow,
    first_of,
    written,
)


def export_areas(path: Path) -> int:
    """Areas with their boundaries as GeoJSON, approximate ones marked; how many there were."""
    rows = [row for row in db.session.scalars(select(Area).order_by(Area.code)) if row.boundary]
    features = [orjson.dumps(_feature(row)) for row in rows]
    head = b'{"type": "FeatureCollection", "features": [\n'
    path.write_bytes(head + b",\n".join(features) + b"\n]}\n")
    return len(rows)


def _feature(row: Area) -> Json:
    facts = written(AreaRow(), row)
    if row.approximate:
        facts["approximate"] = True
    here = mapping(shapely.from_wkb(row.boundary or b""))
    return {"type": "Feature", "id": row.code, "properties": facts, "geometry": here}


def export_offices(path: Path) -> int:
    return _export(OFFICES, path)


def export_categories(path: Path) -> int:
    return _export(CATEGORIES, path)


def export_rules(path: Path) -> int:
    return _export(RULES, path)


def export_area_facts(path: Path) -> int:
    """Areas without their boundaries, one a line."""
    return _export(AREAS, path)


def export_calendar(path: Path) -> int:
    hours = _all(WorkingHours, WorkingHours.id)
    corrections = _all(CalendarCorrection, CalendarCorrection.day)
    lists = {
        "hours": [HoursRow().dump(row) for row in hours],
        "corrections": [CorrectionRow().dump(row) for row in corrections],
    }
    write_rows(path, {"format": "xom-calendar/1"}, lists)
    return len(hours) + len(corrections)


def export_profile(path: Path) -> None:
    write_rows(path, {"format": "xom-city/1", **CityRow().dump(locked_city())}, {})


def export_city(folder: Path) -> None:
    """A whole folder, such as `flask city load` takes."""
    folder.mkdir(parents=True, exist_ok=True)
    export_profile(folder / "city.json")
    export_area_facts(folder / "areas.json")
    export_areas(folder / "boundaries.geojson")
    export_offices(folder / "offices.json")
    export_categories(folder / "categories.json")
    export_rules(folder / "rules.json")
    export_calendar(folder / "calendar.json")


def _export(kind: Kind, path: Path) -> int:
    model: Any = kind.model
    order = (model.position, model.code) if kind is CATEGORIES else (model.code,)
    rows = _all(kind.model, *order)
    schema = kind.schema()
    if not rows:
        write_rows(path, {"format": f"xom-{kind.name}/1"}, {kind.name: []})
        return 0
    since = first_of([row.valid_from for row in rows]).isoformat()
    lines = [written(schema, row) for row in rows]
    for line in lines:
        if line["valid_from"] == since:
            del line["valid_from"]
    write_rows(path, {"format": f"xom-{kind.name}/1", "valid_from": since}, {kind.name: lines})
    return len(rows)


def _all(model: type[Base], *order: Any) -> list[Any]:
    return list(db.session.scalars(select(model).order_by(*order)))
