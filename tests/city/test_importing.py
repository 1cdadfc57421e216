"""Files in and out: all or nothing, harmless when repeated, every fault told with its place."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import db
from reports.city import exporting, folder, importing, snapshot
from reports.city.changes import Changes
from reports.city.faults import BadFile
from reports.city.models import Area, CalendarCorrection, Category, CityProfile, Office, RoutingRule
from reports.city.snapshot import City
from tests.city.conftest import HUE, Writer

FILES = {
    "offices": (importing.import_offices, exporting.export_offices),
    "categories": (importing.import_categories, exporting.export_categories),
    "rules": (importing.import_rules, exporting.export_rules),
    "calendar": (importing.import_calendar, exporting.export_calendar),
}


def version() -> int:
    return db.session.scalars(select(CityProfile.version)).one()


def pairs(*columns: Any) -> list[Any]:
    return [tuple(row) for row in db.session.execute(select(*columns))]


def faults_of(taking: Callable[[], object]) -> str:
    with pytest.raises(BadFile) as caught:
        taking()
    return caught.value.sentence("en")


# Going round --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_what_was_exported_changes_nothing_when_imported(
    app: Flask, tmp_path: Path, name: str
) -> None:
    take, give = FILES[name]
    path, before = tmp_path / f"{name}.json", version()

    count = give(path)
    changes = take(path)

    assert changes.nothing
    assert changes.same == count > 0
    assert version() == before


def test_a_whole_city_goes_round(empty_app: Flask, tmp_path: Path) -> None:
    folder.load_city("hue")
    exporting.export_city(tmp_path / "city")
    boundaries = dict(pairs(Area.code, Area.boundary))
    for model in (RoutingRule, Category, Office, Area, CityProfile):
        db.session.query(model).delete()

    folder.load_city(str(tmp_path / "city"))
    again = folder.load_city(str(tmp_path / "city"))

    assert all(changes.nothing for changes in again)
    assert dict(pairs(Area.code, Area.boundary)) == boundaries
    assert db.session.scalar(select(func.bool_and(Area.approximate)))
    exporting.export_city(tmp_path / "again")
    for file in (tmp_path / "city").iterdir():
        assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes(), file.name


def test_loading_a_city_twice_changes_nothing(app: Flask) -> None:
    before = version()

    again = folder.load_city("hue")

    assert all(changes.nothing for changes in again)
    assert version() == before


def test_a_database_holds_one_city(app: Flask, changed: Writer) -> None:
    path = changed("city.json", lambda city: city.update(folder="danang"))

    told = faults_of(lambda: importing.import_profile(path))

    assert "city.json, folder: this database holds the city “hue”" in told


# Changing -----------------------------------------------------------------------------------------


def test_a_change_is_told_counted_and_moves_the_version(app: Flask, changed: Writer) -> None:
    def change(content: dict[str, Any]) -> None:
        content["categories"][0]["deadline_days"] = 3
        content["categories"][1]["name_vi"] = "Nắp cống"

    before, ids = version(), dict(pairs(Category.code, Category.id))
    changes = importing.import_categories(changed("categories.json", change))

    assert changes.changed == {"ngap-nuoc Ngập úng, thoát nước": ["deadline_days"]}
    assert changes.renamed == {"nap-cong Nắp cống": "Nắp cống, hố ga"}
    assert version() == before + 1
    assert dict(pairs(Category.code, Category.id)) == ids
    category = snapshot.current().category_by_code["ngap-nuoc"]
    assert category.deadline_days == 3


def test_what_a_file_does_not_mention_stays(app: Flask, changed: Writer) -> None:
    path = changed("rules.json", lambda content: content["rules"].pop())

    assert importing.import_rules(path).nothing


def test_replacing_ends_what_the_file_does_not_mention(
    app: Flask, changed: Writer, city: City
) -> None:
    gone: list[dict[str, Any]] = []
    path = changed("rules.json", lambda content: gone.append(content["rules"].pop()))

    changes = importing.import_rules(path, replace=True)

    code = gone[0]["code"]
    assert changes.ended == {code: None}
    rule = db.session.scalars(select(RoutingRule).where(RoutingRule.code == code)).one()
    assert rule.valid_until == city.day
    assert code not in {rule.code for rule in snapshot.current().rules.rules}
    assert importing.import_rules(path, replace=True).nothing


def test_a_retired_office_is_found_under_its_successor(app: Flask, changed: Writer) -> None:
    def change(content: dict[str, Any]) -> None:
        vnpt = next(row for row in content["offices"] if row["code"] == "vnpt")
        vnpt |= {"valid_until": "2026-01-01", "successor": "viettel"}

    importing.import_offices(changed("offices.json", change))

    city = snapshot.current()
    office = city.office("vnpt")
    assert office is not None
    assert office.code == "viettel"
    assert "vnpt" not in city.office_by_code
    assert "vnpt" in {office.code for office in city.offices_by_id.values()}


def test_a_bad_row_leaves_the_whole_file_out(app: Flask, changed: Writer) -> None:
    def change(content: dict[str, Any]) -> None:
        content["categories"][0]["deadline_days"] = 3
        content["categories"][-1]["icon"] = ""

    before = version()
    faults_of(lambda: importing.import_categories(changed("categories.json", change)))

    assert version() == before
    found = select(Category.deadline_days).where(Category.code == "ngap-nuoc")
    assert db.session.scalars(found).one() == 5


def test_corrections_are_kept_by_day_until_replaced(app: Flask, changed: Writer) -> None:
    def change(content: dict[str, Any]) -> None:
        content["corrections"] = [{"day": "2026-12-24", "working": False, "note": "Bão"}]

    path = changed("calendar.json", change)
    kept = importing.import_calendar(path)
    days = db.session.scalars(select(func.count()).select_from(CalendarCorrection)).one()
    replaced = importing.import_calendar(path, replace=True)

    assert kept.added == ["2026-12-24 Bão"]
    assert days == 10
    assert len(replaced.ended) == 9
    assert not snapshot.current().calendar.spans_on(date(2026, 12, 24))


# Bad files ----------------------------------------------------------------------------------------


def first(**changes: Any) -> Callable[[list[dict[str, Any]]], None]:
    """Change the first row; a value of None takes the field away."""

    def change(rows: list[dict[str, Any]]) -> None:
        for name, value in changes.items():
            if value is None:
                rows[0].pop(name)
            else:
                rows[0][name] = value

    return change


BAD_ROWS: list[tuple[str, Callable[[list[dict[str, Any]]], Any], str]] = [
    ("categories", first(name_vi=None), "row 1 (“ngap-nuoc”), name_vi: this field is missing."),
    ("categories", first(name_vi=""), "name_vi: 1 to 120 characters."),
    ("categories", first(name_vi=" x"), "name_vi: has stray spaces or line breaks."),
    ("categories", first(name_vi=7), "name_vi: must be text."),
    ("categories", first(code="Ngập nước"), "code: only a-z, 0-9"),
    ("categories", first(deadline_days=0), "deadline_days: must be from 1 to 90."),
    ("categories", first(deadline_days=1.5), "deadline_days: must be a whole number."),
    ("categories", first(deadline_hours=8), "needs exactly one of deadline_days and"),
    ("categories", first(deadline_days=None), "needs exactly one of deadline_days and"),
    ("categories", first(urgent="yes"), "urgent: must be true or false."),
    ("categories", first(colour="red"), "colour: there is no such field."),
    ("categories", first(group="lunch"), "group: the group is unknown; choose one of: an-toan"),
    ("categories", first(keywords="ngập"), "keywords: must be a list."),
    ("categories", first(valid_from="1/7/2025"), "valid_from: must be a date like 2026-01-31."),
    ("categories", first(valid_until="2020-01-01"), "valid_until: it ends before it begins."),
    ("categories", first(successor="khac"), "valid_until: a successor needs a valid_until."),
    (
        "categories",
        first(successor="gone", valid_until="2026-01-01"),
        "successor: there is no “gone”.",
    ),
    (
        "categories",
        first(successor="cong-thoat-nuoc", valid_until="2026-01-01"),
        "successors go in a circle: ngap-nuoc → cong-thoat-nuoc → ngap-nuoc.",
    ),
    ("categories", first(legal_channel={"channel_vi": "x"}), "legal_channel.channel_en: this"),
    (
        "categories",
        first(questions=[{"code": "a", "text_vi": "a", "text_en": "a", "kind": "choice"}]),
        "questions.0.options: choices need options",
    ),
    (
        "categories",
        first(questions=[{"code": "a", "text_vi": "a", "text_en": "a", "kind": "guess"}]),
        "questions.0.kind: must be one of: choice, choices, text, number, yes_no.",
    ),
    (
        "categories",
        first(questions=[{"code": "a", "text_vi": "a", "text_en": "a", "kind": "text"}] * 2),
        "questions: two questions share a code.",
    ),
    ("categories", lambda rows: rows.append(rows[0]), "row 32 (“ngap-nuoc”), code: is the same as"),
    ("categories", lambda rows: rows.append("x"), "row 32: must be an object {…}."),
    ("categories", lambda rows: rows.clear(), "categories: the list “categories” is empty."),
    ("offices", first(parent="nobody"), "row 1 (“ubnd-tp”), parent: there is no office “nobody”."),
    ("offices", first(parent="hue-ioc"), "parents go in a circle: ubnd-tp → hue-ioc → ubnd-tp."),
    ("offices", first(kind="ministry"), "kind: must be one of: centre, department, utility,"),
    ("offices", first(kind="centre"), "exactly one office must be the centre; there is: "),
    ("offices", first(kind="committee"), "area: a committee needs an area"),
    (
        "offices",
        first(kind="committee", area="99999"),
        "area: there is no area “99999”.",
    ),
    (
        "offices",
        first(kind="committee", area="19753"),
        "the area “19753” has two committees: ubnd-tp, ubnd-19753.",
    ),
    (
        "rules",
        first(category="nothing"),
        "row 1 (“dien-nguy-hiem”), category: there is no category",
    ),
    ("rules", first(office="nobody"), "office: there is no office “nobody”."),
    ("rules", first(area="1"), "area: there is no area “1”."),
    (
        "rules",
        lambda rows: rows.append({**rows[0], "code": "again"}),
        "two rules answer for the same: dien-nguy-hiem, again.",
    ),
]


@pytest.mark.parametrize(("name", "change", "sentence"), BAD_ROWS)
def test_each_fault_is_told_with_its_row_and_field(
    app: Flask,
    changed: Writer,
    name: str,
    change: Callable[[list[dict[str, Any]]], Any],
    sentence: str,
) -> None:
    path = changed(f"{name}.json", lambda content: change(content[name]))

    told = faults_of(lambda: FILES[name][0](path))

    assert sentence in told
    assert f"{name}.json" in told


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "it is not JSON, at line:column 1:2."),
        ("[]", "its outermost part must be an object."),
        ('{"format": "xom-rules/1", "format": "x"}', "“format” is given twice."),
        ('{"format": NaN}', "NaN is not a usable number."),
        ('{"format": "xom-offices/1"}', 'it must say "format": "xom-rules/1".'),
        ('{"format": "xom-rules/1"}', "it needs the list “rules”."),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_file_that_is_no_city_file_is_refused(
    app: Flask, tmp_path: Path, text: str, sentence: str
) -> None:
    path = tmp_path / "rules.json"
    path.write_text(text)

    assert sentence in faults_of(lambda: importing.import_rules(path))


def test_files_that_cannot_be_read_say_so(app: Flask, tmp_path: Path) -> None:
    missing = faults_of(lambda: importing.import_rules(tmp_path / "none.json"))
    a_folder = faults_of(lambda: importing.import_rules(tmp_path))
    (tmp_path / "latin.json").write_bytes('{"a": "Huế"}'.encode("utf-16"))
    latin = faults_of(lambda: importing.import_rules(tmp_path / "latin.json"))

    assert "none.json: there is no such file." in missing
    assert "this is a folder." in a_folder
    assert "it is not UTF-8." in latin


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"timezone": "Asia/Hue"}, "city.json, timezone: there is no such zone."),
        ({"holidays": "XX"}, "holidays: no holidays are known"),
        ({"near_metres": -1}, "near_metres: must be from 0 to 50000."),
    ],
)
def test_a_city_needs_a_real_zone_and_country(
    app: Flask, changed: Writer, change: dict[str, Any], sentence: str
) -> None:
    path = changed("city.json", lambda content: content.update(change))

    assert sentence in faults_of(lambda: importing.import_profile(path))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda c: c["hours"].pop(0), None),
        (lambda c: c["hours"].__delitem__(slice(0, 3)), "no working hours for month 4, 5, 6"),
        (lambda c: c["hours"][0].update(spans=[["07:30"]]), "each span has a start and an end"),
        (lambda c: c["hours"][0].update(spans=[["x", "y"]]), "times are written 07:30."),
        (lambda c: c["hours"][0].update(spans=[["11:00", "08:00"]]), "spans follow each other"),
        (lambda c: c["hours"][0].update(months=[13]), "months.0: must be from 1 to 12."),
        (lambda c: c["corrections"].append(c["corrections"][0]), "day: the day is given twice."),
    ],
)
def test_a_calendar_covers_the_year_and_says_its_hours_in_order(
    app: Flask, changed: Writer, change: Callable[[Any], Any], sentence: str | None
) -> None:
    path = changed("calendar.json", change)

    if sentence is None:
        assert importing.import_calendar(path).ended
    else:
        assert sentence in faults_of(lambda: importing.import_calendar(path))


def test_all_faults_are_told_at_once_in_both_languages(app: Flask, changed: Writer) -> None:
    def change(content: dict[str, Any]) -> None:
        for row in content["categories"]:
            row["name_vi"] = ""

    with pytest.raises(BadFile) as caught:
        importing.import_categories(changed("categories.json", change))

    assert len(caught.value.faults) == 31
    vi = caught.value.sentence("vi").splitlines()
    assert vi[0] == "Chưa nạp gì từ tệp này."
    assert vi[1] == "categories.json, dòng 1 (“ngap-nuoc”), name_vi: từ 1 đến 120 ký tự."
    assert vi[-1] == "… và 11 lỗi nữa."


def test_nothing_can_be_imported_before_a_city_is(empty_app: Flask) -> None:
    with pytest.raises(snapshot.NoCity):
        importing.import_rules(HUE / "rules.json")


def test_a_summary_names_what_changed_and_cuts_long_lists() -> None:
    changes = Changes("areas", same=3, changed={f"a{n}": ["seat"] for n in range(20)})

    lines = changes.lines()

    assert lines[0] == "areas: 3 the same."
    assert "  20 changed:" in lines
    assert lines[-1] == "    … and 8 more"


def test_the_shipped_files_name_no_person_and_say_their_format() -> None:
    for path in HUE.glob("*.json"):
        assert json.loads(path.read_text())["format"] == f"xom-{path.stem}/1"
