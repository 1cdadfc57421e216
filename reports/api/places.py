"""Places for a phone: the outlines of the areas, a place by its name, a name for a place.

Names and points come in a body: addresses of requests are logged, and a person's place is private.
"""

from typing import Any

from flask import Response

from app.auth.guards import anyone
from app.http import conditional, etag_for, json_answer, squeezed
from app.limits import by_address, by_device, limit
from app.locale import current_locale, in_words
from app.openapi import Blueprint
from reports import geocoding
from reports.api import schemas
from reports.api.catalogue import PUBLIC
from reports.api.city_schemas import OutlinesOut
from reports.cards import Plain
from reports.city import snapshot
from reports.city.finding import Known, find_areas, find_landmarks
from reports.city.snapshot import City
from reports.city.words import fold
from reports.geocoding import Found
from reports.outlines import outlines
from reports.places import OutsideCity, distances_from

#: Nobody need be signed in to ask. An address may be a mobile network's, with hundreds of phones.
OF_A_NETWORK = "300 per minute; 6000 per hour"
OF_A_PHONE = "30 per minute; 300 per hour"

blueprint = Blueprint("places", __name__, url_prefix="/api/v1", description="Where things are")


@blueprint.get("/areas/outlines")
@anyone
@blueprint.response(200, OutlinesOut, content_type="application/geo+json")
def read_outlines() -> Response:
    """All areas as GeoJSON, few points each: a map without any other. `/areas/{code}` has one
    area's true boundary."""
    city = snapshot.current()
    body = outlines(city, current_locale())
    response = conditional(json_answer(body), etag_for(city.version, body), cache=PUBLIC)
    if response.status_code == 200:
        response.mimetype = "application/geo+json"
    return squeezed(response)


@blueprint.post("/places/search")
@anyone
@limit(OF_A_NETWORK, by=by_address)
@limit(OF_A_PHONE, by=by_device)
@blueprint.arguments(schemas.PlaceSearchIn)
@blueprint.response(200, schemas.PlacesOut)
def search(asked: dict[str, Any]) -> Response:
    """Areas under new and former names, and the city's landmarks; streets and addresses where the
    city has a source of them (`streets` tells whether it answered). Of places of one name the
    nearest to `lat`, `lng`."""
    city, locale = snapshot.current(), current_locale()
    areas = find_areas(asked["text"], city.area_by_code.values())
    known = geocoding.geocoder()
    streets = known.search(asked["text"], box=city.bounds, locale=locale) if known else None
    here = (asked["lat"], asked["lng"])
    own = _landmarks(asked["text"], city)
    names = {fold(place["name"]) for place in own}
    more = [one for one in _streets(streets or [], city, here) if fold(one["name"]) not in names]
    items = [_area(one) for one in areas] + own + more
    return json_answer({"items": items, "streets": streets is not None})


@blueprint.post("/places/name")
@anyone
@limit(OF_A_NETWORK, by=by_address)
@limit(OF_A_PHONE, by=by_device)
@blueprint.arguments(schemas.SpotIn)
@blueprint.response(200, schemas.PlaceNameOut)
def name(spot: dict[str, Any]) -> Response:
    """What a place is called: its area, and the house or street where that is known."""
    city, locale = snapshot.current(), current_locale()
    lat, lng = round(spot["lat"], 5), round(spot["lng"], 5)
    area = city.areas.locate(lat, lng).area
    known = geocoding.geocoder()
    found = known.name_of(lat, lng, locale=locale) if known else None
    told = {"code": area.code, "name": in_words(area.name_vi, area.name_en)}
    return json_answer({"name": _said_of(found) if found else None, "area": told})


def _said_of(found: Found) -> str:
    if found.kind == "address":
        return in_words(f"Trước {found.name}", f"In front of {found.name}")
    return found.name


def _area(known: Known) -> Plain:
    """By its present name; how it was found, when by a former one."""
    area = known.area
    former = in_words(f"Có {known.name} cũ", f"Holds the former {known.name}")
    return {
        "name": in_words(area.name_vi, area.name_en),
        "detail": former if known.is_former else "",
        "lat": area.lat,
        "lng": area.lng,
        "kind": "area",
    }


def _landmarks(text: str, city: City) -> list[Plain]:
    known = find_landmarks(text, city.profile.landmarks)
    found = [Found(one.name, "", one.lat, one.lng, "place") for one in known]
    return _streets(found, city, (None, None))


def _streets(
    found: list[Found], city: City, here: tuple[float | None, float | None]
) -> list[Plain]:
    """In the order found; a street in pieces, and a name used twice in an area, once."""
    told: dict[tuple[str, str], Plain] = {}
    for one in _nearest_first(found, here):
        try:
            area = city.areas.locate(one.lat, one.lng).area
        except OutsideCity:
            continue
        inside = in_words(area.name_vi, area.name_en)
        detail = f"{one.road}, {inside}" if one.road and one.kind == "place" else inside
        place = {"name": one.name, "detail": detail, "lat": one.lat, "lng": one.lng}
        told.setdefault((one.name, detail), place | {"kind": one.kind})
    order = {one.name: number for number, one in reversed(list(enumerate(found)))}
    return sorted(told.values(), key=lambda place: order[place["name"]])


def _nearest_first(found: list[Found], here: tuple[float | None, float | None]) -> list[Found]:
    lat, lng = here
    if lat is None or lng is None:
        return found
    metres_to = distances_from((lat, lng))
    return sorted(found, key=lambda one: metres_to((one.lat, one.lng)))
