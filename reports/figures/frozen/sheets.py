"""A report as plain tables: what the XLSX's sheets and the lines of the CSV hold. Pure.

Values stay as the API tells them: shares of 1, working seconds, nothing rounded. How a sheet shows
them (91,4%; hours) is its own matter.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports.figures.changes import Unit
from reports.figures.definitions import BY_KEY
from reports.figures.frozen.contents import Contents, Name, Row
from reports.figures.frozen.saying import pick

UNITS = {
    Unit.COUNT: ("phản ánh hoặc lượt", "count"),
    Unit.SHARE: ("tỷ lệ (1 = 100%)", "share (1 = 100%)"),
    Unit.WORKING_SECONDS: ("giây làm việc", "working seconds"),
    Unit.STARS: ("sao", "stars"),
}
_GROUPS = {
    "total": ("Tất cả", "Total"),
    "offices": ("Đơn vị", "Offices"),
    "areas": ("Phường, xã", "Wards"),
    "categories": ("Lĩnh vực", "Categories"),
    "months": ("Tháng", "Months"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of one group. `before` and `amount` are told of the total alone."""

    group: str
    code: str
    name: str
    key: str
    figure: str
    value: float | None
    unit: Unit
    sample: int
    before: float | None = None
    amount: float | None = None
    by: str = ""
    state: str = ""


def groups(contents: Contents) -> dict[str, Sequence[Row]]:
    """The rows of a report by what they are of, in the order of the report."""
    return {
        "offices": contents["offices"],
        "areas": contents["areas"],
        "categories": contents["categories"],
        "months": contents["months"],
    }


def group_name(group: str, locale: str) -> str:
    return pick(locale, *_GROUPS[group])


def unit_name(unit: Unit, locale: str) -> str:
    return pick(locale, *UNITS[unit])


def lines(contents: Contents, locale: str) -> Iterator[Line]:
    """Every figure of the report: the total's, then each group's."""
    for key, told in contents["total"].items():
        yield Line(
            group_name("total", locale),
            "",
            pick(locale, "Tất cả", "All together"),
            key,
            BY_KEY[key].name(locale),
            told["value"],
            BY_KEY[key].unit,
            told["sample"],
            told["past"],
            told["amount"],
            told["by"],
            told["state"],
        )
    for group, rows in groups(contents).items():
        for row in rows:
            yield from _of_row(group, row, locale)


def _of_row(group: str, row: Row, locale: str) -> Iterator[Line]:
    for key, cell in row["figures"].items():
        yield Line(
            group_name(group, locale),
            row["code"],
            name_of(row, locale),
            key,
            BY_KEY[key].name(locale),
            cell["value"],
            BY_KEY[key].unit,
            cell["sample"],
        )


def name_of(name: Name | Row, locale: str) -> str:
    return pick(locale, name["vi"], name["en"])
