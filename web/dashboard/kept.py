"""The page of a permanent link: what was frozen, put under its headings. Nothing is counted anew;
a figure that its maker did not ask for is not there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.locale import in_words
from reports.city.snapshot import City
from reports.city.values import Area, Category, Office
from reports.figures.changes import By, Change, State
from web.dashboard.words import NOTHING, chance_words, change_words, decimal, plain_figure

Plain = Mapping[str, Any]
COLUMNS = ("on_time", "resolve_median")  # of the table, behind how many there were


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of all: its value, and what it is read with."""

    name: str
    definition: str
    value: str
    notes: str


@dataclass(frozen=True, slots=True)
class Cell:
    value: str
    notes: str


@dataclass(frozen=True, slots=True)
class Row:
    """One group of the table."""

    name: str
    cells: list[Cell]


def about(scope: Plain, city: City) -> str:
    """Whose figures these are: Phường Thuận Hóa · Rác thải, vệ sinh; cả thành phố. What has ended
    since keeps the name that it had."""
    facts = city.facts
    ever: tuple[tuple[str, Mapping[str, Office | Area | Category]], ...] = (
        ("office", facts.offices),
        ("area", facts.areas),
        ("category", facts.categories),
    )
    names = [_name(scope[kind], known) for kind, known in ever if scope[kind]]
    return " · ".join(names) or in_words("cả thành phố", "the whole city")


def _name(code: str, known: Mapping[str, Office | Area | Category]) -> str:
    one = known.get(code)
    return in_words(one.name_vi, one.name_en) if one else code


def sections(told: Plain) -> dict[str, list[Line]]:
    """Definitions by section, each with its figure of all."""
    found: dict[str, list[Line]] = {}
    for one in told["definitions"]:
        figure = told["total"]["figures"].get(one["key"])
        if figure:
            cell = _cell(figure)
            line = Line(one["name"], one["definition"], cell.value, cell.notes)
            found.setdefault(one["section"], []).append(line)
    return found


def heads(told: Plain) -> list[str]:
    """What the columns of the table are called, as it was said then."""
    names = {one["key"]: str(one["name"]) for one in told["definitions"]}
    return [names[key] for key in _columns(told)]


def rows(told: Plain) -> list[Row]:
    """The groups that received something, or led what another office has now."""
    return [
        Row(group["name"], list(_cells(group, _columns(told))))
        for group in told["groups"]
        if group["sums"]["received"] or group["sums"]["held_reports"]
    ]


def _columns(told: Plain) -> list[str]:
    return [key for key in COLUMNS if key in told["total"]["figures"]]


def _cells(group: Plain, columns: list[str]) -> Iterator[Cell]:
    received = group["figures"].get("received")
    change = _told(received["change"]) if received else ""
    yield Cell(decimal(group["sums"]["received"], 0), change)
    for key in columns:
        yield _cell(group["figures"][key], in_a_table=True)


def _cell(figure: Plain, *, in_a_table: bool = False) -> Cell:
    if in_a_table and figure["value"] is None:
        return Cell(NOTHING, "")
    change = (_told if in_a_table else _change)(figure["change"])
    notes = (f"n = {decimal(figure['sample'], 0)}", change)
    return Cell(plain_figure(figure["unit"], figure["value"]), " · ".join(filter(None, notes)))


def _told(frozen: Plain) -> str:
    """In a table only a change is told, not why there is none to tell."""
    return "" if frozen["amount"] is None else _change(frozen)


def _change(frozen: Plain) -> str:
    change = Change(State(frozen["state"]), By(frozen["by"]), frozen["amount"], sure=frozen["sure"])
    return ", ".join(filter(None, (change_words(change), chance_words(change))))
