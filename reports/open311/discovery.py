"""Where and how this city speaks Open311: the document that clients look up first."""

from datetime import date, datetime, time

from app.config import Config
from reports.city.snapshot import City
from reports.city.values import Category
from reports.open311 import moments
from reports.open311.asked import MOST
from reports.open311.documents import Document
from reports.vocabulary import said

PATH = "/open311/v2"
#: Clients compare it letter for letter.
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
FORMATS = ("text/xml", "application/json")


def document(city: City, config: Config, locale: str) -> Document:
    changed = moments.written(changed_at(city), moments.zone_of(city))
    endpoint = {
        "specification": SPECIFICATION,
        "url": f"{config.base_url.rstrip('/')}{PATH}",
        "changeset": changed,
        "type": "production" if config.is_production else "test",
        "formats": list(FORMATS),
    }
    return Document(
        "discovery",
        {
            "changeset": changed,
            "contact": _contact(city, locale),
            "key_service": _key_service(city, locale),
            "max_requests": MOST,
            "endpoints": [endpoint],
        },
    )


def changed_at(city: City) -> datetime:
    """When services last changed: the city's data did, or a day came from which one holds or no
    longer holds."""
    turns = [_turn(one, city.day) for one in city.categories_by_id.values()]
    zone = moments.zone_of(city)
    begun = datetime.combine(max(turns, default=date(2000, 1, 1)), time.min, zone)
    return max(city.profile.changed_at, begun)


def _turn(category: Category, today: date) -> date:
    """The last day until today on which this category came or went."""
    days = (category.valid_from, category.valid_until)
    return max(
        (day for day in days if day and date(2000, 1, 1) <= day <= today), default=date(2000, 1, 1)
    )


def _contact(city: City, locale: str) -> str:
    centre, line = city.centre, city.own_line
    name = said((centre.name_vi, centre.name_en), locale)
    ways = (name, centre.email, centre.phone or (line.number if line else None))
    return ", ".join(way for way in ways if way)


def _key_service(city: City, locale: str) -> str:
    centre = _contact(city, locale)
    return said(
        (
            f"Khóa API do quản trị viên của thành phố cấp. Hãy liên hệ: {centre}.",
            f"API keys are given by the city's administrators. Write to or call: {centre}.",
        ),
        locale,
    )
