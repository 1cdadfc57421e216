"""Importing at the console: a file is looked through first, and taken once that was confirmed."""

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import text
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


def kept_in(answer: TestResponse) -> str:
    """The id under which the file that was looked through is kept."""
    found = re.search(r'name="kept" value="([^"]+)"', answer.text)
    assert found, words(answer)[:600]
    return found[1]


def test_the_file_that_was_read_is_taken_once_confirmed_and_need_not_be_sent_again(
    desk: Desk, tmp_path: Path
) -> None:
    admin = desk.at(Role.ADMIN)
    offices = exported(desk, tmp_path / "city", "offices.json")
    offices["offices"][1]["phone"] = "0234 3999 999"
    told = sends(admin, "offices", offices)
    assert "Nạp tệp file.json với những thay đổi trên" in words(told)

    done = admin.post("/city/import", kept=kept_in(told))
    again = admin.post("/city/import", kept=kept_in(told))

    assert "Đã nạp." in words(done)
    assert desk.scalar("select count(*) from office where phone = '0234 3999 999'") == 1
    assert desk.scalar("select actor_id from audit_entry where action = 'offices.import'")
    assert again.status_code == 404
    assert "Tệp xem trước chỉ được giữ một giờ." in words(again)
    assert desk.scalar("select count(*) from read_file") == 0


def test_a_file_is_kept_for_an_hour_and_for_whoever_sent_it(desk: Desk, tmp_path: Path) -> None:
    admin = desk.at(Role.ADMIN)
    offices = exported(desk, tmp_path / "city", "offices.json")
    offices["offices"][1]["phone"] = "0234 3777 777"
    others = "(select id from account where id <> account_id limit 1)"
    handed = f"update read_file set account_id = {others}"
    for late in (handed, "update read_file set read_at = now() - interval '61 minutes'"):
        kept = kept_in(sends(admin, "offices", offices))
        with desk.app.app_context():
            db.session.execute(text(late))
            db.session.commit()

        answer = admin.post("/city/import", kept=kept)

        assert answer.status_code == 404
        assert "Tệp xem trước chỉ được giữ một giờ." in words(answer)
    assert desk.scalar("select count(*) from office where phone = '0234 3777 777'") == 0


def test_areas_that_would_end_say_what_hangs_on_them(desk: Desk, tmp_path: Path) -> None:
    admin = desk.at(Role.ADMIN)
    sent = desk.submits(lat=16.4675, lng=107.5885)
    areas = exported(desk, tmp_path / "city", "boundaries.geojson")
    own = desk.scalar("select a.code from report r join area a on a.id = r.area_id"
                      " where r.id = :i", i=sent["id"])  # fmt: skip
    desk.at(Role.OFFICER, f"ubnd-{own}")
    areas["features"] = [one for one in areas["features"] if one["properties"]["code"] != own]

    told = words(sends(admin, "areas", areas, replace="yes"))

    assert "Địa bàn sẽ kết thúc, và những gì còn gắn với nó:" in told
    assert re.search(r"[1-9]\d* phản ánh đang mở, \d+ quy tắc, [1-9]\d* cán bộ của ủy ban", told)


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
    assert "file.json: " in words(broken)
    assert "it is not JSON" in words(broken)
    assert "row 1" in words(faulty)


def test_only_administrators_import(desk: Desk) -> None:
    assert desk.at(Role.DISPATCHER).get("/city/import").status_code == 403
    assert desk.at(Role.HEAD).post("/city/import", kind="offices").status_code == 403
