"""Importing at the console: a file is looked through first, and taken once that was confirmed."""

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from app.database import db
from reports.city import exporting
from reports.statuses import Role
from tests.console.conftest import Browser, Desk, words


def exported(desk: Desk, folder: Path, name: str) -> dict[str, Any]:
    """One file of the city as it is."""
    with desk.app.app_context():
        exporting.export_city(folder)
        db.session.rollback()
    content: dict[str, Any] = json.loads((folder / name).read_text())
    return content


def sends(browser: Browser, kind: str, content: object, **fields: str) -> TestResponse:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    file = (BytesIO(data), "file.geojson" if kind == "areas" else "file.json")
    return browser.post("/city/import", kind=kind, file=file, **fields)


def test_what_a_file_changes_is_told_and_nothing_is_changed_yet(desk: Desk, tmp_path: Path) -> None:
    admin = desk.at(Role.ADMIN)
    offices = exported(desk, tmp_path / "city", "offices.json")
    offices["offices"][1]["name_vi"] = "Sở đã đổi tên"
    version = desk.scalar("select version from city")

    told = sends(admin, "offices", offices)

    assert told.status_code == 200
    assert "Đổi tên (1)" in words(told) or "Sửa (1)" in words(told)
    assert desk.scalar("select version from city") == version
    assert desk.scalar("select count(*) from office where name_vi = 'Sở đã đổi tên'") == 0


def test_the_same_file_is_taken_once_confirmed_and_another_is_not(
    desk: Desk, tmp_path: Path
) -> None:
    admin = desk.at(Role.ADMIN)
    offices = exported(desk, tmp_path / "city", "offices.json")
    offices["offices"][1]["phone"] = "0234 3999 999"
    digest = re.search(r'name="digest" value="([^"]+)"', sends(admin, "offices", offices).text)
    assert digest
    other = json.loads(json.dumps(offices))
    other["offices"][2]["phone"] = "0234 3888 888"

    refused = sends(admin, "offices", other, sure="yes", digest=digest[1])
    done = sends(admin, "offices", offices, sure="yes", digest=digest[1])

    assert "không phải tệp vừa xem trước" in words(refused)
    assert "Đã nạp." in words(done)
    assert desk.scalar("select count(*) from office where phone = '0234 3999 999'") == 1
    assert desk.scalar("select count(*) from office where phone = '0234 3888 888'") == 0
    assert desk.scalar("select actor_id from audit_entry where action = 'offices.import'")


def test_boundaries_tell_how_many_open_reports_would_lie_elsewhere(
    desk: Desk, tmp_path: Path
) -> None:
    admin = desk.at(Role.ADMIN)
    sent = desk.submits(lat=16.4675, lng=107.5885)
    areas = exported(desk, tmp_path / "city", "boundaries.geojson")
    own = desk.scalar("select a.code from report r join area a on a.id = r.area_id"
                      " where r.id = :i", i=sent["id"])  # fmt: skip
    features = {one["properties"]["code"]: one for one in areas["features"]}
    here = features.pop(own)
    neighbour = next(one for one in features.values())
    here["geometry"], neighbour["geometry"] = neighbour["geometry"], here["geometry"]
    areas["features"] = [here, neighbour, *[f for f in features.values() if f is not neighbour]]

    told = sends(admin, "areas", areas)

    assert told.status_code == 200, words(told)[:600]
    assert re.search(r"[1-9]\d* phản ánh đang mở sẽ nằm ở địa bàn khác", words(told))
    assert "Chúng ở lại với đơn vị đang xử lý" in words(told)


def test_what_is_wrong_with_a_file_is_told_row_by_row(desk: Desk) -> None:
    english = desk.at(Role.ADMIN, lang="en")

    nothing = desk.at(Role.ADMIN).post("/city/import", kind="offices")
    packed = english.post("/city/import", kind="offices", file=(BytesIO(b"x"), "a.json.gz"))
    broken = sends(english, "offices", b"{")
    faulty = sends(
        english, "offices", {"format": "xom-offices/1", "offices": [{"code": "x", "kind": "?"}]}
    )

    assert [one.status_code for one in (nothing, packed, broken, faulty)] == [422] * 4
    assert "Chọn một tệp" in words(nothing)
    assert "Choose a .json or .geojson file." in words(packed)
    assert "it is not JSON" in words(broken)
    assert "row 1" in words(faulty)


def test_only_administrators_import(desk: Desk) -> None:
    assert desk.at(Role.DISPATCHER).get("/city/import").status_code == 403
    assert desk.at(Role.HEAD).post("/city/import", kind="offices").status_code == 403
