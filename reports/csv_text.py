"""Rows as the text of a CSV file that spreadsheets open as it is meant: RFC 4180, known for UTF-8
by its first character, and no cell a formula, whoever wrote the words in it.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

BOM = "\ufeff"  # by which a spreadsheet knows UTF-8
#: How a formula begins, by OWASP's list; the wide forms are read as one where people type Chinese.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_of(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The file, row by row. None is an empty cell."""
    yield BOM
    for row in rows:
        yield line_of(row)


def line_of(row: Sequence[Any]) -> str:
    """One row, with its end."""
    line = io.StringIO()
    csv.writer(line).writerow(["" if cell is None else safe(cell) for cell in row])
    return line.getvalue()


def safe(cell: Any) -> Any:
    """No words become a formula in a spreadsheet: an apostrophe before them says that they are
    words. Spaces before a formula do not hide it. Numbers stay as they are."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA):
        return f"'{cell}"
    return cell
