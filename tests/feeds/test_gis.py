"""A GIS desk opens the city by its address: GDAL's OGC API driver, which is QGIS's too, against a
running server."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from app.config import Config
from app.database import db
from app.factory import create_app
from tests.conftest import config_for, new_database
from tests.feeds import gdal
from tests.feeds.conftest import A_LUOI
from tests.web.site import Site, served

SENT = 7


@pytest.fixture(scope="module")
def site(
    server_url: str, city_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A served city with reports in two wards, one of them not public."""
    with new_database(server_url, city_template, f"{city_template}_gis") as url:
        files = tmp_path_factory.mktemp("files")
        app = create_app(config_for(url, storage_url=files.as_uri()))
        app.config["RATELIMIT_ENABLED"] = False
        with served(app) as site:
            at_home(app, site.url)
            fill(site)
            yield site
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def at_home(app: Flask, url: str) -> None:
    """It is told its own address, which links are made of."""
    config: Config = app.extensions["xom.config"]
    app.extensions["xom.config"] = replace(config, base_url=url)


def fill(site: Site) -> None:
    for number in range(SENT):
        lat, lng = A_LUOI if number == 0 else (16.4675 + number / 1000, 107.5885)
        site.accepted(site.submits(category="o-nhiem", lat=lat, lng=lng)["id"])
    site.submits(category="o-nhiem")  # nobody has looked at it


def test_gdal_finds_the_layers_by_the_address_alone(site: Site) -> None:
    assert gdal.layers(f"OAPIF:{site.url}/ogc") == {"reports", "areas"}


def test_gdal_reads_every_public_report_page_by_page(site: Site) -> None:
    site.faults.seen.clear()

    found = gdal.read(f"OAPIF:{site.url}/ogc", "reports", PAGE_SIZE=3)

    assert (found.kind, len(found.shapes)) == ("Point", SENT)
    assert len(set(found.columns["code"])) == SENT
    assert {"category_name", "area_name", "status_name", "submitted_at"} <= set(found.fields)
    pages = [one for one in site.faults.seen if one.endswith("/reports/items")]
    assert len(pages) >= 3


def test_gdal_asks_for_a_box_alone(site: Site) -> None:
    box = (107.2, 16.2, 107.3, 16.3)

    found = gdal.read(f"OAPIF:{site.url}/ogc", "reports", bbox=box)

    (point,) = found.shapes
    assert (round(point.y, 4), round(point.x, 4)) == A_LUOI


def test_gdal_asks_for_a_kind_alone_where_somebody_filters_by_it(site: Site) -> None:
    none = gdal.read(f"OAPIF:{site.url}/ogc", "reports", where="category = 'giao-duc'")
    all_ = gdal.read(f"OAPIF:{site.url}/ogc", "reports", where="category = 'o-nhiem'")

    assert (len(none.shapes), len(all_.shapes)) == (0, SENT)


def test_gdal_reads_the_wards_as_polygons(site: Site) -> None:
    found = gdal.read(f"OAPIF:{site.url}/ogc", "areas")

    assert "Polygon" in found.kind
    assert all(shape.is_valid for shape in found.shapes)
    assert "Phường Thuận Hóa" in " ".join(found.columns["name"])


def test_gdal_reads_the_file_and_the_feed_by_their_addresses(site: Site) -> None:
    file = gdal.read(f"GeoJSON:{site.url}/feeds/reports.geojson")
    feed = gdal.read(f"/vsicurl/{site.url}/feeds/reports.atom")

    assert (len(file.shapes), len(feed.shapes)) == (SENT, SENT)
