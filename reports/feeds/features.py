"""Reports as GeoJSON (RFC 7946): one Point a report, its flat row as properties."""

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

import orjson

from reports.cards import Plain
from reports.city.snapshot import City
from reports.feeds.rows import flat_rows, with_moments
from reports.pages import Rows

MIMETYPE = "application/geo+json"
_PLACE = frozenset({"id", "lat", "lng"})  # told by the feature itself


def features(rows: Rows, city: City, locale: str, base_url: str) -> list[Plain]:
    """Public rows as Features; times in the city's zone."""
    zone = ZoneInfo(city.profile.timezone)
    return [_feature(with_moments(row, zone)) for row in flat_rows(rows, city, locale, base_url)]


def _feature(row: Plain) -> Plain:
    return {
        "type": "Feature",
        "id": row["id"],
        "geometry": {"type": "Point", "coordinates": [row["lng"], row["lat"]]},
        "properties": {name: value for name, value in row.items() if name not in _PLACE},
    }


def public_geojson(
    pages: Iterable[Rows], city: City, locale: str, base_url: str
) -> Iterator[bytes]:
    """A FeatureCollection, a page of features a piece."""
    yield b'{"type":"FeatureCollection","name":"reports","features":['
    between = b"\n"
    for rows in pages:
        told = features(rows, city, locale, base_url)
        yield between + b",\n".join(orjson.dumps(one) for one in told)
        between = b",\n"
    yield b"\n]}\n"
