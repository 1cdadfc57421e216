"""What a page is made of, as `report.typ` reads it: sections, tables, notes. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.figures.frozen.contents import Contents
from reports.figures.frozen.saying import pick

Block = dict[str, Any]
#: Widths of columns: the first takes the rest of the line, one with bars is as wide as they need.
REST, AUTO, BARS = "rest", "auto", "bars"


@dataclass(frozen=True, slots=True)
class Telling:
    """A report, and the language that it is told in."""

    contents: Contents
    locale: str

    def say(self, vi: str, en: str) -> str:
        return pick(self.locale, vi, en)

    def of(self, names: Mapping[str, Any]) -> str:
        return str(names["vi" if self.locale == "vi" else "en"])

    def note(self, vi: str, en: str) -> Block:
        return {"kind": "note", "text": self.say(vi, en)}

    def heading(self, vi: str, en: str) -> Block:
        return {"kind": "heading", "text": self.say(vi, en)}


def section(title: str, *blocks: Block) -> Block:
    return {"title": title, "blocks": list(blocks)}


def row(*cells: str | Block, indent: int = 0, strong: bool = False) -> Block:
    return {"cells": list(cells), "indent": indent, "strong": strong}


def cell(text: str, note: str = "", bar: Block | None = None) -> Block:
    """Words with a smaller note behind them, and a bar before them: its part of 1, its colour."""
    return {"text": text, "note": note, "bar": bar}


def table(
    heads: Sequence[str], rows: Iterable[Block], *, left: int = 1, bars: int | None = None
) -> Block:
    """`left`: so many columns are words, the others numbers; `bars`: the one that has bars."""
    columns = [
        {
            "name": name,
            "right": place >= left,
            "width": REST if place == 0 else BARS if place == bars else AUTO,
        }
        for place, name in enumerate(heads)
    ]
    return {"kind": "table", "columns": columns, "rows": list(rows)}
