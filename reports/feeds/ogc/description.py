"""The OGC API described by OpenAPI 3.0: the standard's class asks for that version, while the rest
of the house is described by 3.1 (`app.openapi`). GDAL reads from it how large a page may be.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from app.locale import LOCALES
from reports.cards import Plain
from reports.feeds.features import MIMETYPE as GEOJSON
from reports.feeds.ogc.asked import MOST, MOST_AREAS, OF_AREAS, OF_REPORTS, USUAL
from reports.feeds.ogc.collections import COLLECTIONS, JSON, OPENAPI
from reports.statuses import Status

_TEXT: Plain = {"type": "string"}
_PARAMETERS: Mapping[str, Plain] = {
    "bbox": {
        "description": "west,south,east,north in degrees; or six numbers, heights among them",
        "schema": {
            "type": "array",
            "items": {"type": "number"},
            "minItems": 4,
            "maxItems": 6,
            "example": [107.5, 16.4, 107.7, 16.5],
        },
    },
    "datetime": {
        "description": (
            "When reports were sent: a moment, a day of the city, or an interval such as"
            " 2026-03-01T00:00:00Z/.. that holds both its ends"
        ),
        "schema": {**_TEXT, "example": "2026-03-01/.."},
    },
    "limit": {
        "description": "Features a page; more than the most is cut to it",
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
    },
    "after": {"description": "Where a page begins: as its `next` link has it", "schema": _TEXT},
    "area": {"description": "Only of the area of this code", "schema": _TEXT},
    "category": {"description": "Only of the category of this code", "schema": _TEXT},
    "status": {
        "description": f"Only in these, with commas between, or `open`: {', '.join(Status)}",
        "schema": _TEXT,
    },
    "lang": {
        "description": "Of names; left out: as Accept-Language says",
        "schema": {**_TEXT, "enum": list(LOCALES)},
    },
}
_FREE: Plain = {"type": "object", "additionalProperties": True}
_LINKS: Plain = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["href", "rel"],
        "properties": dict.fromkeys(("href", "rel", "type", "title"), _TEXT),
    },
}
_FEATURE: Plain = {
    "type": "object",
    "required": ["type", "geometry", "properties", "id", "links"],
    "properties": {
        "type": {**_TEXT, "enum": ["Feature"]},
        "id": _TEXT,
        "geometry": {**_FREE, "nullable": True},
        "properties": _FREE,
        "links": _LINKS,
    },
}
_SCHEMAS: Mapping[str, Plain] = {
    "landing": {
        "type": "object",
        "required": ["links"],
        "properties": {"title": _TEXT, "description": _TEXT, "links": _LINKS},
    },
    "conformance": {
        "type": "object",
        "required": ["conformsTo"],
        "properties": {"conformsTo": {"type": "array", "items": _TEXT}},
    },
    "collections": {
        "type": "object",
        "required": ["links", "collections"],
        "properties": {
            "links": _LINKS,
            "collections": {"type": "array", "items": {"$ref": "#/components/schemas/collection"}},
        },
    },
    "collection": {
        "type": "object",
        "required": ["id", "links"],
        "properties": {
            "id": _TEXT,
            "title": _TEXT,
            "description": _TEXT,
            "extent": _FREE,
            "itemType": _TEXT,
            "crs": {"type": "array", "items": _TEXT},
            "links": _LINKS,
        },
    },
    "feature": _FEATURE,
    "features": {
        "type": "object",
        "required": ["type", "features", "links", "timeStamp", "numberReturned"],
        "properties": {
            "type": {**_TEXT, "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": _FREE},
            "links": _LINKS,
            "timeStamp": {**_TEXT, "format": "date-time"},
            "numberReturned": {"type": "integer", "minimum": 0},
        },
    },
    "api": _FREE,
    "problem": {
        "type": "object",
        "required": ["type", "title", "status"],
        "properties": {"type": _TEXT, "title": _TEXT, "status": {"type": "integer"},
                       "detail": _TEXT},
    },
}  # fmt: skip


def description(base: str) -> Plain:
    """The whole document; `base` is this API's own address."""
    paths = {
        "/": _get("landing", "Where to begin"),
        "/conformance": _get("conformance", "Which parts of the standard are kept"),
        "/api": _get("api", "This description", media=OPENAPI),
        "/collections": _get("collections", "What there is"),
    }
    for name, words in COLLECTIONS.items():
        here, known = f"/collections/{name}", OF_REPORTS if name == "reports" else OF_AREAS
        paths[here] = _get("collection", words.title_en)
        paths[f"{here}/items"] = _get("features", words.about_en, GEOJSON, query=known)
        paths[f"{here}/items/{{featureId}}"] = _get(
            "feature", "One of them", GEOJSON, in_path=("featureId",)
        )
    _most(paths["/collections/areas/items"], MOST_AREAS)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Xóm: OGC API – Features",
            "version": "1",
            "license": {"name": "Apache-2.0"},
        },
        "servers": [{"url": base}],
        "paths": paths,
        "components": {"schemas": dict(_SCHEMAS)},
    }


def _get(
    schema: str,
    summary: str,
    media: str = JSON,
    *,
    query: Iterable[str] = ("lang",),
    in_path: Iterable[str] = (),
) -> Plain:
    told = [{"name": name, "in": "path", "required": True, "schema": _TEXT} for name in in_path]
    told += [_in_query(name) for name in query]
    failures = ("400", "404", "429", "503") if in_path else ("400", "429", "503")
    answers: dict[str, Any] = {
        "200": {"description": summary, "content": {media: {"schema": _named(schema)}}}
    }
    for status in failures:
        problem = {"application/problem+json": {"schema": _named("problem")}}
        answers[status] = {"description": "Why not", "content": problem}
    return {"get": {"summary": summary, "parameters": told, "responses": answers}}


def _most(path: Plain, features: int) -> None:
    """A page of this path holds no more than so many."""
    for parameter in path["get"]["parameters"]:
        if parameter["name"] == "limit":
            parameter["schema"] = {**parameter["schema"], "maximum": features}


def _in_query(name: str) -> Plain:
    return {"name": name, "in": "query", "required": False, "style": "form", "explode": False,
            **_PARAMETERS[name]}  # fmt: skip


def _named(schema: str) -> Plain:
    return {"$ref": f"#/components/schemas/{schema}"}
