"""What no single row can tell: duplicates, references to rows that are not there, circles.

Each check raises BadFile with every fault it found, and changes nothing.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from app.database import db
from reports.city.faults import BadFile, Fault
from reports.city.files import Json
from reports.city.models import Area, Category, CityProfile, Office, RoutingRule
from reports.city.succession import circles
from reports.public_holidays import public_holidays

Faults = Iterator[Fault]
Spot = Callable[[str, str, str], Fault]  # field, vi, en → fault at this row


def _raise(faults: Iterable[Fault]) -> None:
    if found := list(faults):
        raise BadFile(found)


def _rows(file: str, rows: list[Json]) -> Iterator[tuple[Json, Spot]]:
    for number, row in enumerate(rows, 1):

        def spot(field: str, vi: str, en: str, number: int = number, row: Json = row) -> Fault:
            return Fault(vi, en, file, number, row.get("code"), field)

        yield row, spot


def unique(file: str, rows: list[Json]) -> None:
    """Each code once."""
    seen: dict[str, int] = {}

    def faults() -> Faults:
        for number, (row, spot) in enumerate(_rows(file, rows), 1):
            if row["code"] in seen:
                first = seen[row["code"]]
                yield spot("code", f"trùng với dòng {first}.", f"is the same as in row {first}.")
            seen.setdefault(row["code"], number)

    _raise(faults())


def areas(file: str, rows: list[Json], kept: Mapping[str, Any], city: CityProfile) -> None:
    """Kinds the city knows; successors that exist and do not go in circles."""
    kinds = city.settings["area_kinds"]
    offered = ", ".join(sorted(kinds))

    def faults() -> Faults:
        for row, spot in _rows(file, rows):
            if row["kind"] not in kinds:
                yield spot(
                    "kind",
                    f"loại “{row['kind']}” không có; chọn: {offered}.",
                    f"the kind “{row['kind']}” is unknown; choose one of: {offered}.",
                )
        yield from _succession(file, rows, kept)

    _raise(faults())


def references(kind: str, file: str, rows: list[Json], city: CityProfile, *, whole: bool) -> None:
    """Hold the rows of offices, categories or rules against the rest of the city."""
    model = {"offices": Office, "categories": Category, "rules": RoutingRule}[kind]
    known: Iterable[Any] = db.session.scalars(select(model))
    stored = {row.code: row for row in known}
    # What a replacing file does not mention is about to end, and cannot be leaned on.
    kept = {} if whole else stored

    def faults() -> Faults:
        yield from _succession(file, rows, stored)
        yield from _CHECKS[kind](file, rows, kept, city)

    _raise(faults())


def _offices(file: str, rows: list[Json], kept: Mapping[str, Any], city: CityProfile) -> Faults:
    after = _after(rows, kept)
    known_areas = set(db.session.scalars(select(Area.code)))
    for row, spot in _rows(file, rows):
        parent, area = row["parent_code"], row["area_code"]
        if parent and parent not in after:
            yield spot("parent", f"không có đơn vị “{parent}”.", f"there is no office “{parent}”.")
        if (row["kind"] == "committee") != bool(area):
            yield spot("area", "UBND cần một địa bàn, nơi khác thì không.",
                       "a committee needs an area, other offices have none.")  # fmt: skip
        elif area and area not in known_areas:
            yield spot("area", f"không có địa bàn “{area}”.", f"there is no area “{area}”.")
    for circle in circles({code: row["parent_code"] for code, row in after.items()}):
        told = " → ".join([*circle, circle[0]])
        yield Fault(f"đơn vị cấp trên đi vòng: {told}.", f"parents go in a circle: {told}.", file)
    yield from _one_each(file, after)


def _one_each(file: str, after: Mapping[str, Json]) -> Faults:
    """One centre in the city, one committee an area, among those that have not ended."""
    lasting = [row for row in after.values() if row["valid_until"] is None]
    centres = [row["code"] for row in lasting if row["kind"] == "centre"]
    if len(centres) != 1:
        told = ", ".join(centres) or "0"
        yield Fault(f"cần đúng một trung tâm (centre), đang có: {told}.",
                    f"exactly one office must be the centre; there is: {told}.", file)  # fmt: skip
    seats: dict[str, str] = {}
    for row in lasting:
        area = row["area_code"]
        if area and seats.setdefault(area, row["code"]) != row["code"]:
            both = f"{seats[area]}, {row['code']}"
            yield Fault(f"địa bàn “{area}” có hai UBND: {both}.",
                        f"the area “{area}” has two committees: {both}.", file)  # fmt: skip


def _categories(file: str, rows: list[Json], _: Mapping[str, Any], city: CityProfile) -> Faults:
    groups = city.settings["groups"]
    for row, spot in _rows(file, rows):
        if row["group"] not in groups:
            offered = ", ".join(sorted(groups))
            yield spot("group", f"nhóm không có; chọn: {offered}.",
                       f"the group is unknown; choose one of: {offered}.")  # fmt: skip
        codes = [question["code"] for question in row["questions"]]
        if len(set(codes)) < len(codes):
            yield spot("questions", "hai câu hỏi trùng mã.", "two questions share a code.")


def _rules(file: str, rows: list[Json], kept: Mapping[str, Any], city: CityProfile) -> Faults:
    known = {
        "category": set(db.session.scalars(select(Category.code))),
        "area": set(db.session.scalars(select(Area.code))),
        "office": set(db.session.scalars(select(Office.code))),
    }
    for row, spot in _rows(file, rows):
        for field, codes in known.items():
            code = row[f"{field}_code"]
            if code and code not in codes:
                yield spot(field, f"không có mã “{code}”.", f"there is no {field} “{code}”.")
    yield from _one_answer(file, _after(rows, kept))


def _one_answer(file: str, after: Mapping[str, Json]) -> Faults:
    """At any time one rule for a pair of category and area: else the choice would be by chance."""
    pairs: dict[tuple[Any, Any], list[Json]] = {}
    for row in after.values():
        pairs.setdefault((row["category_code"], row["area_code"]), []).append(row)
    for rivals in pairs.values():
        rivals.sort(key=lambda row: row["valid_from"])
        for first, second in itertools.pairwise(rivals):
            if second["valid_from"] < (first["valid_until"] or date.max):
                both = f"{first['code']}, {second['code']}"
                yield Fault(f"hai quy tắc cho cùng một việc: {both}.",
                            f"two rules answer for the same: {both}.", file)  # fmt: skip


_CHECKS = {"offices": _offices, "categories": _categories, "rules": _rules}
_FIELDS = ("kind", "parent_code", "area_code", "category_code", "office_code",
           "valid_from", "valid_until", "successor_code")  # fmt: skip


def _after(rows: list[Json], kept: Mapping[str, Any]) -> dict[str, Json]:
    """How the rows would stand once the file is taken, by code."""
    stored = {
        code: {name: getattr(row, name) for name in _FIELDS if hasattr(row, name)}
        for code, row in kept.items()
    }
    return {code: {"code": code, **row} for code, row in stored.items()} | {
        row["code"]: row for row in rows
    }


def _succession(file: str, rows: list[Json], kept: Mapping[str, Any]) -> Faults:
    successors: dict[str, str | None] = {c: row.successor_code for c, row in kept.items()}
    successors |= {row["code"]: row["successor_code"] for row in rows}
    for row, spot in _rows(file, rows):
        successor = row["successor_code"]
        if successor and successor not in successors:
            yield spot("successor", f"không có mã “{successor}”.", f"there is no “{successor}”.")
    for circle in circles(successors):
        told = " → ".join([*circle, circle[0]])
        yield Fault(f"kế tiếp đi vòng: {told}.", f"successors go in a circle: {told}.", file)


def calendar(file: str, hours: list[Json], corrections: list[Json]) -> None:
    """Every month is worked under the newest hours; no day is corrected twice."""

    def faults() -> Faults:
        missing = set(range(1, 13)) - {month for row in hours for month in row["months"]}
        if missing:
            told = ", ".join(map(str, sorted(missing)))
            yield Fault(f"chưa có giờ làm việc cho tháng {told}.",
                        f"no working hours for month {told}.", file, field="hours")  # fmt: skip
        seen: set[date] = set()
        for row, spot in _rows(file, corrections):
            if row["day"] in seen:
                yield spot("day", "ngày ghi hai lần.", "the day is given twice.")
            seen.add(row["day"])

    _raise(faults())


def profile(file: str, city: Json) -> None:
    """A zone that exists, and a country whose holidays are known."""

    def faults() -> Faults:
        try:
            ZoneInfo(city["timezone"])
        except (ZoneInfoNotFoundError, ValueError, OSError):
            yield Fault("không có múi giờ này.", "there is no such zone.", file, field="timezone")
        try:
            public_holidays(city["holidays"], [2026])
        except NotImplementedError:
            yield Fault("không có lịch nghỉ của nước này.",
                        "no holidays are known for this one.", file, field="holidays")  # fmt: skip

    _raise(faults())


def same_city(file: str, fresh: Json, stored: CityProfile) -> None:
    if fresh["folder"] != stored.folder:
        _raise([Fault(f"cơ sở dữ liệu này là của thành phố “{stored.folder}”.",
                      f"this database holds the city “{stored.folder}”; one holds one city.",
                      file, field="folder")])  # fmt: skip
