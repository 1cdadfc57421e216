"""The CSV: one line a figure of a group, numbers plain, for whoever counts on with them. Pure.

UTF-8 with its mark, so that spreadsheets read the Vietnamese; lines end as RFC 4180 says.
"""

import csv
from collections.abc import Iterable
from io import StringIO

from reports.figures.frozen.contents import Contents
from reports.figures.frozen.saying import pick
from reports.figures.frozen.sheets import Line, lines, unit_name

_ABOUT = (("kỳ", "period"), ("số liệu chốt", "as of"), ("bản", "number"))
_HEADS = (
    ("nhóm", "group"),
    ("mã", "code"),
    ("tên", "name"),
    ("chỉ tiêu", "key"),
    ("tên chỉ tiêu", "figure"),
    ("giá trị", "value"),
    ("đơn vị tính", "unit"),
    ("mẫu", "sample"),
    ("kỳ trước", "before"),
    ("thay đổi", "change"),
    ("thay đổi tính bằng", "change in"),
    ("trạng thái so sánh", "comparison"),
)


def write(contents: Contents, locale: str) -> bytes:
    """All figures of a report; each line tells the period and as of when."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(pick(locale, *head) for head in (*_ABOUT, *_HEADS))
    about = (contents["period"], contents["as_of"], contents["number"])
    writer.writerows((*about, *_cells(line, locale)) for line in lines(contents, locale))
    return text.getvalue().encode("utf-8-sig")


def _cells(line: Line, locale: str) -> Iterable[object]:
    return (
        line.group,
        line.code,
        _inert(line.name),
        line.key,
        line.figure,
        _plain(line.value),
        unit_name(line.unit, locale),
        line.sample,
        _plain(line.before),
        _plain(line.amount),
        line.by,
        line.state,
    )


def _plain(value: float | None) -> str:
    """The shortest text that reads as the same number; nothing for none."""
    return "" if value is None else repr(value)


def _inert(text: str) -> str:
    """A name that a spreadsheet would take for a formula is told to be words."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text
