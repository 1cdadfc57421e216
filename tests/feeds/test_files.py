"""Lists of any length as files: CSV and GeoJSON of what anyone may see."""

import csv
import io
import json
import tracemalloc
from datetime import timedelta
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

import pyogrio.raw
import pytest
from flask import Flask
from sqlalchemy import Connection

from reports.city import snapshot
from reports.feeds import features, streams, tables
from reports.filters import Filters
from reports.geometry import Box
from reports.models import Report
from reports.statuses import Role
from tests.feeds.conftest import A_LUOI, HERE, House, Reader, many_more, office_of, publish
from tests.reports.conftest import TRUONG_TIEN

CSV = "/feeds/reports.csv"
BASE = "https://hue.example"


def rows(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")  # else Excel takes it for another encoding
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.fixture
def several(house: House) -> list[Report]:
    """Five in two wards, of two kinds, one of them under way; the newest first."""
    made = []
    for number, facts in enumerate(
        [
            {},
            {"place": A_LUOI},
            {"category": "giao-duc"},
            {"description": "Cây đổ chắn ngang đường."},
            {},
        ]
    ):
        made.append(publish(house, f"Người {number}", **facts))
        house.at += timedelta(minutes=1)
    house.takes(house.official(Role.OFFICER, office_of(house, made[0])), "start", made[0])
    return made[::-1]


def test_a_row_tells_all_that_the_public_may_know(house: House, read: Reader) -> None:
    report = publish(house, description="Cống nghẹt, gọi 0905 123 456.\nNgập sâu.")
    city = house.city

    answer = read(CSV)

    assert answer.mimetype == "text/csv" and answer.headers["Content-Disposition"].startswith(
        "attachment"
    )
    (row,) = rows(answer.text)
    assert row["description"].startswith("Cống nghẹt, gọi ") and "0905" not in row["description"]
    assert row["description"].endswith("\nNgập sâu.")
    assert row["area"] == city.area_by_id[report.area_id].code
    assert row["area_name"] == city.area_by_id[report.area_id].name_vi
    assert row["office_name"] == city.offices_by_id[report.office_id].name_vi
    assert (row["status"], row["status_name"]) == ("accepted", "Đã tiếp nhận")
    assert (float(row["lat"]), float(row["lng"])) == (report.lat, report.lng)
    local = report.submitted_at.astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    assert row["submitted_at"] == local.isoformat(timespec="seconds")
    assert row["urgent"] == "false" and row["outcome"] == ""
    assert row["url"].endswith(f"/reports/{row['code']}")


@pytest.mark.parametrize(
    "query",
    [
        "status=in_progress",
        "status=accepted&q=",
        "category=giao-duc",
        "bbox=107.5,16.4,107.7,16.5",
        "q=cay do",
        f"near={HERE}&radius=2000",
        "bbox=107.1,16.2,107.3,16.3&status=accepted",
    ],
)
@pytest.mark.parametrize("ending", ["csv", "geojson"])
def test_any_filter_of_the_public_list_gives_the_same_reports(
    several: list[Report], read: Reader, query: str, ending: str
) -> None:
    listed = {item["code"] for item in read(f"/api/v1/reports?{query}").json["items"]}

    answer = read(f"/feeds/reports.{ending}?{query}")

    if ending == "csv":
        codes = {row["code"] for row in rows(answer.text)}
    else:
        codes = {one["properties"]["code"] for one in json.loads(answer.text)["features"]}
    assert codes == listed and 0 < len(listed) < len(several)


def test_days_are_the_citys_and_half_open(house: House, read: Reader) -> None:
    report = publish(house)
    day = report.submitted_at.astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).date()
    after = day + timedelta(days=1)

    assert len(rows(read(f"{CSV}?from={day}&to={after}").text)) == 1
    assert rows(read(f"{CSV}?from={after}").text) == []
    assert rows(read(f"{CSV}?to={day}").text) == []


def test_each_report_comes_once_while_others_are_sent(house: House, several: list[Report]) -> None:
    pages = streams.public(Filters(), rows=2)
    first = next(pages)
    house.at += timedelta(minutes=1)
    publish(house, "Sau cùng")

    found = [row.id for row in chain(first, *pages)]

    assert found == [report.id for report in several]


@pytest.mark.parametrize(
    ("filters", "box"),
    [
        (Filters(around=(*TRUONG_TIEN, 2000.0)), None),
        (Filters(around=(*TRUONG_TIEN, 500.0)), None),
        (Filters(), (107.5, 16.4, 107.7, 16.5)),
        (Filters(around=(*TRUONG_TIEN, 2000.0)), (107.5, 16.4, 107.7, 16.5)),
    ],
)
@pytest.mark.parametrize("crowded", [False, True])
def test_each_page_of_a_place_holds_what_lies_there(
    several: list[Report], filters: Filters, box: Box | None, crowded: object
) -> None:
    pages = streams.public(filters, box, crowded=bool(crowded), rows=1)

    far = several[-2]  # in the other ward
    assert [row.id for row in chain(*pages)] == [one.id for one in several if one is not far]


def test_reports_that_are_hidden_meanwhile_leave_a_sound_file(
    house: House, several: list[Report]
) -> None:
    pieces = features.public_geojson(streams.public(Filters(), rows=3), house.city, "vi", BASE)
    begun = [next(pieces), next(pieces)]
    for report in several[3:]:
        house.takes(house.official(Role.DISPATCHER), "hide", report, note="Xúc phạm.")

    collection = json.loads(b"".join([*begun, *pieces]))

    assert [one["id"] for one in collection["features"]] == [str(r.id) for r in several[:3]]


@pytest.mark.parametrize(
    "words",
    ["=1+1", "+84 xin chào", "-5 độ", "@SUM(A1)", "  =cmd|' /C calc'!A0", "＝1+1", "\t=1", "\r=1"],
)
def test_words_of_strangers_are_no_formula(house: House, read: Reader, words: str) -> None:
    publish(house, description=words)

    (row,) = rows(read(CSV).text)

    assert row["description"] == f"'{words}"


def test_a_long_list_takes_no_more_memory_than_a_short_one(
    house: House, connection: Connection
) -> None:
    report = publish(house)

    def peak() -> tuple[int, int]:
        tracemalloc.start()
        pages = streams.public(Filters())
        written = sum(map(len, tables.public_csv(pages, house.city, "vi", BASE)))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return written, most

    many_more(connection, report, 2 * streams.PAGE, letter="A")
    peak()  # what is made once is made
    short, least = peak()
    many_more(connection, report, 10 * streams.PAGE, letter="C")
    long, most = peak()

    assert long > 5 * short
    assert most < 1.5 * least


def test_gdal_reads_the_geojson(house: House, read: Reader, several: list[Report], tmp_path: Path
                                ) -> None:  # fmt: skip
    file = tmp_path / "reports.geojson"
    file.write_bytes(read("/feeds/reports.geojson?lang=en").data)

    meta, _, shapes, _ = pyogrio.raw.read(file)

    names = list(meta["fields"])
    assert (meta["geometry_type"], meta["crs"], len(shapes)) == ("Point", "EPSG:4326", 5)
    assert {"code", "category", "area_name", "submitted_at", "supporters"} <= set(names)


def test_public_files_may_be_read_by_pages_of_other_sites(house: House, read: Reader) -> None:
    for path in ("/feeds/reports.atom", CSV, "/feeds/reports.geojson", "/ogc/collections"):
        answer = read(path)

        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_an_empty_list_is_a_file_too(app: Flask, read: Reader) -> None:
    assert rows(read(CSV).text) == []
    assert json.loads(read("/feeds/reports.geojson").text)["features"] == []
    assert snapshot.current()  # it was the city that is empty, not the house
