"""What a phone has to know of the city: its name and hotlines, categories, areas, offices."""

from typing import Any

import orjson
from flask import Response, current_app

from app.auth.guards import anyone
from app.errors import NotFound
from app.http import conditional, etag_for, json_answer, squeezed
from app.limits import limit
from app.locale import in_words
from app.openapi import Blueprint
from reports import queries
from reports.api import city_schemas, schemas
from reports.api.about import about, hotline_told, office_told
from reports.cards import Plain
from reports.city import snapshot
from reports.city.snapshot import City
from reports.city.values import Area, Category
from reports.errors import UnknownArea

blueprint = Blueprint("city", __name__, url_prefix="/api/v1", description="The city's own facts")
PUBLIC = "public, max-age=60"


@blueprint.get("/city")
@anyone
@blueprint.response(200, city_schemas.CityOut)
def read_city() -> Response:
    """Names, bounds, numbers to call, who answers for people's data, and by which ways this city
    tells its news: kept on the phone for bad days."""
    city = snapshot.current()
    return _public(city, about(city, current_app.extensions["xom.config"]))


@blueprint.get("/categories")
@anyone
@blueprint.response(200, city_schemas.CategoriesOut)
def read_categories() -> Response:
    """What can be reported, with each category's own questions."""
    city = snapshot.current()
    return _public(city, {"items": [_category(c) for c in city.offered_categories()], "next": None})


@blueprint.post("/categories/suggest")
@anyone
@limit("60 per minute")
@blueprint.arguments(schemas.WordsIn)
@blueprint.response(200, city_schemas.SuggestedOut)
def suggest(said: dict[str, Any]) -> Response:
    """The likeliest categories for what somebody wrote, with diacritics or none, and the numbers
    to call now when the words speak of danger. In a body, since addresses are logged."""
    city = snapshot.current()
    return json_answer(
        {
            "items": [_category(category) for category in city.suggest_categories(said["text"])],
            "hotlines": [hotline_told(line) for line in city.danger_in(said["text"])],
        }
    )


@blueprint.get("/areas")
@anyone
@blueprint.arguments(schemas.PointIn, location="query")
@blueprint.response(200, city_schemas.AreasOut)
def read_areas(query: dict[str, Any]) -> Response:
    """All areas, or the one that a point lies in."""
    city = snapshot.current()
    if query["lat"] is None or query["lng"] is None:
        areas = sorted(city.area_by_code.values(), key=lambda area: area.code)
        return _public(city, {"items": [_area(area) for area in areas], "next": None})
    place = city.areas.locate(query["lat"], query["lng"])
    found = _area(place.area) | {"outside_m": place.outside_m}
    return json_answer({"items": [found], "next": None})


@blueprint.get("/areas/<string:code>")
@anyone
@blueprint.response(200, city_schemas.AreaFeatureOut, content_type="application/geo+json")
@blueprint.problems(404)
def read_area(code: str) -> Response:
    """One area with its boundary as GeoJSON; a former code answers with its successor."""
    city = snapshot.current()
    area = city.area(code)
    if area is None:
        raise NotFound from UnknownArea()
    feature = {
        "type": "Feature",
        "id": area.code,
        "geometry": queries.boundary(area.id),
        "properties": _area(area),
    }
    response = _public(city, feature)
    response.mimetype = "application/geo+json"
    return response


@blueprint.get("/offices/<string:code>")
@anyone
@blueprint.response(200, city_schemas.OfficeOut)
@blueprint.problems(404)
def read_office(code: str) -> Response:
    """One office, or the one that followed it."""
    city = snapshot.current()
    office = city.office(code)
    if office is None:
        raise NotFound
    return _public(city, office_told(office))


def _public(city: City, body: Plain) -> Response:
    raw = orjson.dumps(body)
    answer = conditional(json_answer(raw), etag_for(city.version, raw), cache=PUBLIC)
    return squeezed(answer)


def _category(category: Category) -> Plain:
    return {
        "code": category.code,
        "name": in_words(category.name_vi, category.name_en),
        "help": in_words(category.help_vi, category.help_en),
        "group": category.group,
        "icon": category.icon,
        "keywords": list(category.keywords),
        "questions": [_question(one) for one in category.questions if not one.get("retired")],
        "deadline_days": category.deadline_days,
        "deadline_hours": category.deadline_hours,
        "urgent": category.urgent,
        "private": category.private,
        "evidence": category.evidence,
        "position": category.position,
        "legal_channel": category.legal_channel,
    }


def _question(question: Plain) -> Plain:
    return {
        "code": question["code"],
        "text": in_words(question["text_vi"], question["text_en"]),
        "kind": question["kind"],
        "urgent": bool(question.get("urgent")),
        "required": bool(question.get("required")),
        "options": [
            {
                "code": option["code"],
                "name": in_words(option["vi"], option["en"]),
                "urgent": bool(option.get("urgent")),
            }
            for option in question.get("options", ())
            if not option.get("retired")
        ],
    }


def _area(area: Area) -> Plain:
    return {
        "code": area.code,
        "name": in_words(area.name_vi, area.name_en),
        "other_names": list(area.other_names),
        "kind": area.kind,
        "lat": area.lat,
        "lng": area.lng,
        "population": area.population,
        "seat": area.seat,
        "approximate": area.approximate,
    }
