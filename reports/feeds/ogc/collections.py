"""The two collections, and the documents by which a program finds them: landing page, conformance,
collections. Addresses in them are whole.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select, text

from app.database import reading
from app.errors import NotFound
from app.locale import in_words
from reports.cards import Plain
from reports.city.snapshot import City
from reports.feeds.features import MIMETYPE as GEOJSON
from reports.feeds.rows import moment
from reports.models import Report

JSON = "application/json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_CONF = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
CONFORMS_TO = [f"{_CONF}{part}" for part in ("core", "oas30", "geojson")]


class NoSuchCollection(NotFound):
    code = "no-such-collection"
    vi = "Không có bộ dữ liệu này. Danh sách: /ogc/collections."
    en = "There is no such collection. The list: /ogc/collections."


class Words(NamedTuple):
    title_vi: str
    title_en: str
    about_vi: str
    about_en: str


COLLECTIONS: Mapping[str, Words] = {
    "reports": Words(
        "Phản ánh",
        "Reports",
        "Phản ánh mà mọi người đọc được, mỗi phản ánh một điểm. Thời gian là lúc gửi.",
        "The reports that anyone may read, a point each. Their time is when they were sent.",
    ),
    "areas": Words(
        "Phường, xã, đặc khu",
        "Wards, communes and special zones",
        "Ranh giới hiện nay của phường, xã, đặc khu.",
        "The present boundaries of wards, communes and special zones.",
    ),
}


def landing(city: City, base: str) -> Plain:
    """Where a program begins; `base` is this API's own address."""
    name = in_words(city.profile.name_vi, city.profile.name_en)
    return {
        "title": in_words(f"Phản ánh của người dân: {name}", f"Residents' reports: {name}"),
        "description": in_words(
            "Phản ánh công khai và ranh giới phường, xã, cho QGIS và các phần mềm bản đồ.",
            "Public reports and the boundaries of wards, for QGIS and other map software.",
        ),
        "links": [
            link(base, "self", JSON),
            link(f"{base}/api", "service-desc", OPENAPI),
            link(f"{base}/conformance", "conformance", JSON),
            link(f"{base}/collections", "data", JSON),
        ],
    }


def conformance() -> Plain:
    return {"conformsTo": CONFORMS_TO}


def collections(city: City, base: str) -> Plain:
    return {
        "links": [link(f"{base}/collections", "self", JSON)],
        "collections": [collection(name, city, base) for name in COLLECTIONS],
    }


def collection(name: str, city: City, base: str) -> Plain:
    """Raises NoSuchCollection."""
    words = require(name)
    here = f"{base}/collections/{name}"
    return {
        "id": name,
        "title": in_words(words.title_vi, words.title_en),
        "description": in_words(words.about_vi, words.about_en),
        "extent": {"spatial": {"bbox": [list(city.bounds)], "crs": CRS84}} | _time(name, city),
        "itemType": "feature",
        "crs": [CRS84],
        "links": [
            link(here, "self", JSON),
            link(f"{here}/items", "items", GEOJSON),
        ],
    }


def require(name: str) -> Words:
    """What a collection is called. Raises NoSuchCollection."""
    words = COLLECTIONS.get(name)
    if words is None:
        raise NoSuchCollection
    return words


def link(address: str, relation: str, kind: str, **more: str) -> Plain:
    return {"href": address, "rel": relation, "type": kind, **more}


def _time(name: str, city: City) -> Plain:
    """Since when there are reports; areas have no time of their own here."""
    if name != "reports":
        return {}
    zone = city.calendar.zone
    return {"temporal": {"interval": [[moment(_first_sent(), zone), None]]}}


def _first_sent() -> datetime | None:
    with reading() as connection:
        found: datetime | None = connection.scalar(
            select(func.min(Report.submitted_at)).where(text("shown"))
        )
    return found
