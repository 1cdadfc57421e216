"""Each kind of file, as text bit by bit: rows and groups as CSV and GeoJSON, and the rows as
GeoReport Bulk (Open311; open311.org/GeoReport/bulk, a proposal) in CSV, JSON and XML.

Times carry the city's zone and no fractions. GeoReport's optional columns that would be words of a
person (description) or tell how somebody reported (source) stay empty; `address` is the area's
name and the city's, never the place that a person wrote.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import orjson

from reports import vocabulary
from reports.city.snapshot import City
from reports.figures.cells import outline
from reports.figures.open_data.catalogue import GROUP_COLUMNS, ROW_COLUMNS
from reports.figures.open_data.rows import TIMES, OpenRow, rows_of
from reports.figures.public.published import Published, Told
from reports.figures.scope import By
from reports.statuses import Outcome, Status

Plain = dict[str, Any]
BOM = "\ufeff"
GEOREPORT = (
    "service_request_id", "requested_datetime", "updated_datetime", "closed_date",
    "status_description", "status_notes", "source", "service_name", "service_subtype",
    "description", "agency_responsible", "address", "lat", "long",
)  # fmt: skip
#: GeoReport wants one word for the state.
_STATE = {
    Status.SUBMITTED: "Open",
    Status.ACCEPTED: "Open",
    Status.IN_PROGRESS: "Processing",
    Status.RETURNED: "Processing",
    Status.WAITING: "Hold",
}


def text_of(ending: str, month: Published, city: City, locale: str) -> Iterator[str]:
    """The file of that ending (`catalogue.KINDS`). Raises KeyError for another."""
    return _MAKERS[ending](month, city, locale)


def _rows_csv(month: Published, city: City, locale: str) -> Iterator[str]:
    names = [column.name for column in ROW_COLUMNS]
    rows = (_plain(row, city, locale) for row in rows_of(month))
    return _csv(names, ([row[name] for name in names] for row in rows))


def _rows_geojson(month: Published, city: City, locale: str) -> Iterator[str]:
    for_each = (_plain(row, city, locale) for row in rows_of(month))
    return _collection(
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [row.pop("lng"), row.pop("lat")]},
            "properties": row,
        }
        for row in for_each
    )


def _plain(row: OpenRow, city: City, locale: str) -> Plain:
    zone = ZoneInfo(city.profile.timezone)
    return {
        "code": row.code,
        "category": row.category.code,
        "category_name": row.category.of(locale),
        "area": row.area.code,
        "area_name": row.area.of(locale),
        "office": row.office.code,
        "office_name": row.office.of(locale),
        "status": row.status,
        "outcome": row.outcome,
        **{name: _moment(getattr(row, name), zone) for name in TIMES},
        "on_time": row.on_time,
        "lat": row.lat,
        "lng": row.lng,
    }


def _moment(at: datetime | None, zone: ZoneInfo) -> str | None:
    return at.astimezone(zone).isoformat(timespec="seconds") if at else None


# GeoReport Bulk ----------------------------------------------------------------------------------


def _bulk(month: Published, city: City, locale: str) -> Iterator[Plain]:
    zone = ZoneInfo(city.profile.timezone)
    where = city.profile.name_vi if locale == "vi" else city.profile.name_en
    for row in rows_of(month):
        ended = row.closed_at or row.resolved_at
        steps = (getattr(row, name) for name in TIMES if name != "first_due_at")
        yield dict(
            zip(
                GEOREPORT,
                (
                    row.code,
                    _moment(row.submitted_at, zone),
                    _moment(ended or max(filter(None, steps)), zone),
                    _moment(ended, zone),
                    _STATE.get(Status(row.status), "Closed"),
                    _notes(row, locale),
                    None,
                    row.category.of(locale),
                    None,
                    None,
                    row.office.of(locale),
                    f"{row.area.of(locale)}, {where}",
                    row.lat,
                    row.lng,
                ),
                strict=True,
            )
        )


def _notes(row: OpenRow, locale: str) -> str:
    """The state in the city's own words, and the outcome."""
    state = vocabulary.status_name(Status(row.status), locale, inside=False)
    return f"{state}: {_outcome(row.outcome, locale)}" if row.outcome else state


def _outcome(outcome: str, locale: str) -> str:
    vi, en = vocabulary.OUTCOMES[Outcome(outcome)]
    return vi if locale == "vi" else en


def _bulk_csv(month: Published, city: City, locale: str) -> Iterator[str]:
    return _csv(GEOREPORT, (list(row.values()) for row in _bulk(month, city, locale)), bom="")


def _bulk_json(month: Published, city: City, locale: str) -> Iterator[str]:
    rows = map(_renamed, _bulk(month, city, locale))
    yield from _between("[", rows, "]\n")


def _bulk_xml(month: Published, city: City, locale: str) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8"?>\n<service_requests>\n'
    for row in map(_renamed, _bulk(month, city, locale)):
        inner = "".join(_element(name, value) for name, value in row.items())
        yield f"<request>{inner}</request>\n"
    yield "</service_requests>\n"


def _renamed(row: Plain) -> Plain:
    """In JSON and XML the specification's examples say `closed_datetime`, its table and CSV
    `closed_date`: both names are given."""
    return {**row, "closed_datetime": row["closed_date"]}


def _element(name: str, value: object) -> str:
    return f"<{name}/>" if value is None else f"<{name}>{escape(str(value))}</{name}>"


# Groups ------------------------------------------------------------------------------------------


def _groups_csv(month: Published, city: City, locale: str) -> Iterator[str]:
    names = [column.name for column in GROUP_COLUMNS]
    groups = (_group(month, atom, locale) for atom in month.atoms)
    return _csv(names, ([group[name] for name in names] for group in groups))


def _groups_geojson(month: Published, city: City, locale: str) -> Iterator[str]:
    return _collection(
        {
            "type": "Feature",
            "geometry": atom.cell and {"type": "Polygon", "coordinates": [outline(atom.cell)]},
            "properties": _group(month, atom, locale),
        }
        for atom in month.atoms
    )


def _group(month: Published, atom: Told, locale: str) -> Plain:
    area = None if atom.area_id is None else month.name(By.AREA, atom.area_id)
    kind = None if atom.category_id is None else month.name(By.CATEGORY, atom.category_id)
    return {
        "public": atom.shown,
        "area": area and area.code,
        "area_name": area and area.of(locale),
        "cell": None if atom.cell is None else f"{atom.cell:x}",
        "category": kind and kind.code,
        "category_name": kind and kind.of(locale),
        "reports": atom.reports,
    }


# Forms -------------------------------------------------------------------------------------------


def _csv(heads: Sequence[str], rows: Iterable[Sequence[Any]], *, bom: str = BOM) -> Iterator[str]:
    """RFC 4180. With a mark of UTF-8, by which spreadsheets know it, but for GeoReport."""
    yield bom + _line(heads)
    for row in rows:
        yield _line(row)


def _line(cells: Sequence[Any]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([_cell(cell) for cell in cells])
    return line.getvalue()


def _cell(cell: Any) -> Any:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return "" if cell is None else cell


def _collection(features: Iterable[Plain]) -> Iterator[str]:
    return _between('{"type":"FeatureCollection","features":[', features, "]}\n")


def _between(before: str, items: Iterable[Plain], after: str) -> Iterator[str]:
    yield before
    for number, item in enumerate(items):
        yield (",\n" if number else "\n") + orjson.dumps(item).decode()
    yield after


_Maker = Callable[[Published, City, str], Iterator[str]]
_MAKERS: dict[str, _Maker] = {
    ".csv": _rows_csv,
    ".geojson": _rows_geojson,
    "-georeport.csv": _bulk_csv,
    "-georeport.json": _bulk_json,
    "-georeport.xml": _bulk_xml,
    "-groups.csv": _groups_csv,
    "-groups.geojson": _groups_geojson,
}
