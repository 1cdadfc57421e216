"""The operator's commands: what they say, what they do, what they undo."""

import json
from pathlib import Path
from typing import Any

from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app.auth.models import AuditEntry
from app.database import db
from reports.city import snapshot
from reports.city.models import Area, CityProfile, RoutingRule
from reports.statuses import Role
from tests.city.conftest import HUE, Town, Writer, box


def run(app: Flask, *words: str, answer: str | None = None) -> Result:
    return app.test_cli_runner().invoke(args=list(words), input=answer)


def test_the_city_is_loaded_shown_and_loaded_again(empty_app: Flask) -> None:
    first = run(empty_app, "city", "load", "hue")
    shown = run(empty_app, "city", "show")
    again = run(empty_app, "city", "load", "hue")
    kept = run(empty_app, "city", "load", "hue", "--if-empty")

    assert first.exit_code == 0, first.output
    assert "areas: 40 added." in first.output
    assert "40 areas, 40 with approximate boundaries" in shown.output
    assert "categories: nothing changed (31 the same)." in again.output
    assert "A city is loaded already; nothing was done." in kept.output


def test_a_dry_run_tells_everything_and_changes_nothing(app: Flask, shared_data: Path) -> None:
    before = db.session.scalars(select(CityProfile.version)).one()

    told = run(
        app, "areas", "import", str(shared_data / "hue_wards_simplified.geojson"), "--dry-run"
    )

    assert told.exit_code == 0, told.output
    assert "40 boundary changed:" in told.output
    assert "Nothing was changed: this was a dry run." in told.output
    assert db.session.scalars(select(CityProfile.version)).one() == before
    assert db.session.scalar(select(func.bool_and(Area.approximate)))


def test_real_boundaries_come_in_and_the_record_says_so(app: Flask, shared_data: Path) -> None:
    path = str(shared_data / "hue_wards_simplified.geojson")

    first = run(app, "areas", "import", path)
    again = run(app, "areas", "import", path)
    shown = run(app, "city", "show")

    assert first.exit_code == 0, first.output
    assert "areas: nothing changed (40 the same)." in again.output
    assert "40 areas, all with imported boundaries" in shown.output
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.subject) == ("areas.import", "city")
    assert "moved_km2" in entry.fields


def test_a_bad_file_is_told_by_sentences_and_exit_1(app: Flask, geojson: Writer) -> None:
    path = geojson(({"code": "1", "name_vi": "X", "kind": "khom"}, box(108, 16)))

    told = run(app, "areas", "import", str(path))

    assert told.exit_code == 1
    assert "Nothing was taken from this file." in told.output
    assert "areas.geojson, row 1 (“1”), kind: the kind “khom” is unknown" in told.output
    assert "Traceback" not in told.output


def test_every_kind_goes_out_and_in_again(app: Flask, tmp_path: Path) -> None:
    for kind in ("areas", "offices", "categories", "rules", "calendar"):
        path = str(tmp_path / f"{kind}.json")
        out = run(app, kind, "export", path)
        back = run(app, kind, "import", path)
        assert out.exit_code == back.exit_code == 0, back.output
        assert "nothing changed" in back.output, kind
    whole = run(app, "city", "export", str(tmp_path / "hue"))
    assert whole.exit_code == 0, whole.output
    assert json.loads((tmp_path / "hue" / "city.json").read_text())["folder"] == "hue"


def test_a_corrected_calendar_moves_open_deadlines(app: Flask, town: Town, changed: Writer) -> None:
    report = town.reports("tieng-on", "19753", answers={"khi-nao": ["sau-22h"]})
    town.takes(town.official(Role.DISPATCHER, "hue-ioc"), "accept", report)
    db.session.commit()
    before = report.due_at

    def storm(content: dict[str, Any]) -> None:
        day = {"day": "2026-03-05", "working": False, "note": "Bão, cả thành phố nghỉ"}
        content["corrections"].append(day)

    told = run(app, "calendar", "import", str(changed("calendar.json", storm)))

    assert told.exit_code == 0, told.output
    assert "1 open reports have a new deadline." in told.output
    db.session.refresh(report)
    assert before is not None
    assert report.due_at is not None
    assert report.due_at > before


def test_a_merger_is_previewed_and_asked_before_it_is_done(app: Flask) -> None:
    words = ("areas", "merge", "19753", "19789", "--into", "19700", "--name", "Phường Kinh Thành")

    refused = run(app, *words, answer="n\n")
    there = db.session.scalar(select(Area.valid_until).where(Area.code == "19753"))
    done = run(app, *words, "--yes")

    assert refused.exit_code == 1
    assert "Into: 19700 Phường Kinh Thành (new)" in refused.output
    assert there is None
    assert done.exit_code == 0, done.output
    assert "Merged into 19700 Phường Kinh Thành (new); 0 reports moved." in done.output
    assert "19700" in snapshot.current().area_by_code


def test_an_office_hands_over(app: Flask) -> None:
    done = run(app, "offices", "succeed", "vnpt", "viettel", "--yes")
    nonsense = run(app, "offices", "succeed", "vnpt", "viettel", "--yes")

    assert "viettel Viettel Huế took over; 0 reports moved." in done.output
    assert nonsense.exit_code == 1
    assert "vnpt has ended." in nonsense.output


def test_replacing_rules_ends_the_rest(app: Flask, changed: Writer) -> None:
    path = changed("rules.json", lambda content: content["rules"].pop())

    done = run(app, "rules", "import", str(path), "--replace")

    assert "1 ended:" in done.output
    ended = db.session.scalar(select(func.count()).where(RoutingRule.valid_until.is_not(None)))
    assert ended == 1


def test_an_unknown_folder_is_refused_in_a_sentence(empty_app: Flask) -> None:
    told = run(empty_app, "city", "load", "atlantis")

    assert told.exit_code == 1
    assert "atlantis: no such folder with a city.json." in told.output
    assert (HUE / "city.json").is_file()
