"""The XLSX: the report's tables with typed numbers, a sheet a chapter, definitions at the end.

The same contents give the same bytes: what a workbook says of when it was made is the report's own
moment, and the parts of its archive carry no time.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.figures.changes import By, Unit
from reports.figures.definitions import BY_KEY, FIGURES
from reports.figures.frozen import saying, sheets
from reports.figures.frozen.contents import Both, Cell, Contents, Row
from reports.figures.frozen.paper import number, title
from reports.figures.frozen.saying import pick
from reports.figures.spoken_numbers import HOUR_S

_FORMS = {
    Unit.COUNT: "#,##0",
    Unit.SHARE: "0.0%",
    Unit.WORKING_SECONDS: "#,##0.0",
    Unit.STARS: "0.00",
}
_WIDE, _NARROW, _WORDS = 38, 13, 90  # letters of a column


def write(contents: Contents, locale: str) -> bytes:
    """The workbook of a report in one language."""
    memory = BytesIO()
    options = {"in_memory": True, "default_date_format": "dd/mm/yyyy"}
    with Workbook(memory, options) as book:
        _Book(book, contents, locale).fill()
    return memory.getvalue()


class _Book:
    """A workbook being filled: its sheets by name, the looks of its cells."""

    def __init__(self, book: Workbook, contents: Contents, locale: str) -> None:
        self.book, self.contents, self.locale = book, contents, locale
        zone = ZoneInfo(contents["timezone"])
        self.made = datetime.fromisoformat(contents["made_at"]).astimezone(zone)
        self.head: Format = book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#F3EAF8"}
        )
        self.strong: Format = book.add_format({"bold": True, "font_size": 14})
        self.wrapped: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self.forms: dict[Unit, Format] = {
            unit: book.add_format({"num_format": form}) for unit, form in _FORMS.items()
        }

    def fill(self) -> None:
        self.book.set_properties(
            {
                "title": title(self.contents, self.locale),
                "author": self._of(self.contents["publisher"]),
                "created": self.made.replace(tzinfo=None),
            }
        )
        self._summary()
        self._total()
        for group, rows in sheets.groups(self.contents).items():
            self._group(group, rows)
        if self.contents["changes"]:
            self._changes()
        self._definitions()

    def _summary(self) -> None:
        sheet = self._sheet(self._("Tóm tắt", "Summary"), (_WORDS,))
        told = self.contents
        as_of = saying.moment(told["as_of"], told["timezone"], self.locale)
        sheet.write_string(0, 0, title(told, self.locale), self.strong)
        sheet.write_string(1, 0, number(told, self.locale))
        sheet.write_string(2, 0, self._(f"Số liệu chốt {as_of}", f"Figures as of {as_of}"))
        for row, sentence in enumerate(saying.summary(told, self.locale), 4):
            sheet.write_string(row, 0, sentence, self.wrapped)

    def _total(self) -> None:
        heads = (
            self._("Số liệu", "Figure"),
            self._("Giá trị", "Value"),
            self._("Mẫu", "Sample"),
            self._("Kỳ trước", "Before"),
            self._("Thay đổi", "Change"),
            self._("Thay đổi tính bằng", "Change in"),
        )
        sheet = self._table(self._("Toàn thành phố", "The whole city"), heads)
        for row, (key, told) in enumerate(self.contents["total"].items(), 1):
            unit = BY_KEY[key].unit
            sheet.write_string(row, 0, saying.headed(key, self.locale))
            self._number(sheet, row, 1, told["value"], unit)
            sheet.write_number(row, 2, told["sample"], self.forms[Unit.COUNT])
            self._number(sheet, row, 3, told["past"], unit)
            if told["amount"] is not None:
                hours = HOUR_S if told["by"] == By.SECONDS else 1
                form = Unit.COUNT if told["by"] == By.NUMBER else Unit.STARS
                sheet.write_number(row, 4, told["amount"] / hours, self.forms[form])
                sheet.write_string(row, 5, pick(self.locale, *_CHANGED[By(told["by"])]))

    def _group(self, group: str, rows: Sequence[Row]) -> None:
        """A row a group, a column a figure, followed by its sample where it is no count."""
        keys = [key for key in BY_KEY if not rows or key in rows[0]["figures"]]
        heads = [self._("Mã", "Code"), self._("Tên", "Name")]
        for key in keys:
            heads.append(saying.headed(key, self.locale))
            if BY_KEY[key].unit is not Unit.COUNT:
                heads.append(self._(f"{self._name(key)}: mẫu", f"{self._name(key)}: sample"))
        name = sheets.group_name(group, self.locale)
        sheet = self._table(name, heads, names=2)
        for row, one in enumerate(rows, 1):
            sheet.write_string(row, 0, one["code"])
            sheet.write_string(row, 1, sheets.name_of(one, self.locale))
            self._figures(sheet, row, [(key, one["figures"][key]) for key in keys])

    def _figures(self, sheet: Worksheet, row: int, cells: Iterable[tuple[str, Cell]]) -> None:
        column = 2
        for key, cell in cells:
            unit = BY_KEY[key].unit
            self._number(sheet, row, column, cell["value"], unit)
            column += 1
            if unit is not Unit.COUNT:
                sheet.write_number(row, column, cell["sample"], self.forms[Unit.COUNT])
                column += 1

    def _changes(self) -> None:
        heads = (
            self._("Nhóm", "Group"),
            self._("Của ai", "Whose"),
            self._("Số liệu", "Figure"),
            self._("Trước", "Before"),
            self._("Nay", "Now"),
        )
        sheet = self._table(self._("Thay đổi", "Changes"), heads, names=3)
        for row, one in enumerate(self.contents["changes"], 1):
            unit = BY_KEY[one["key"]].unit
            sheet.write_string(row, 0, sheets.group_name(one["group"], self.locale))
            sheet.write_string(row, 1, pick(self.locale, one["vi"], one["en"]))
            sheet.write_string(row, 2, saying.headed(one["key"], self.locale))
            self._number(sheet, row, 3, one["before"], unit)
            self._number(sheet, row, 4, one["after"], unit)

    def _definitions(self) -> None:
        heads = (
            self._("Số liệu", "Figure"),
            self._("Nghĩa", "Meaning"),
            self._("Theo", "After"),
            self._("Mã", "Key"),
        )
        sheet = self._table(self._("Định nghĩa", "Definitions"), heads, widths=(_WIDE, _WORDS, 50))
        for row, figure in enumerate(FIGURES, 1):
            told = (self._name(figure.key), figure.about(self.locale), figure.source(self.locale))
            for column, words in enumerate((*told, figure.key)):
                sheet.write_string(row, column, words, self.wrapped)

    def _table(
        self, name: str, heads: Sequence[str], *, names: int = 1, widths: Sequence[int] = ()
    ) -> Worksheet:
        """A sheet whose head and first columns stay in sight."""
        usual = [_WIDE if place < names else _NARROW for place in range(len(heads))]
        sheet = self._sheet(name, (*widths, *usual[len(widths) :]))
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, self.head)
        sheet.freeze_panes(1, names)
        return sheet

    def _sheet(self, name: str, widths: Sequence[int]) -> Worksheet:
        sheet: Worksheet = self.book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        return sheet

    def _number(
        self, sheet: Worksheet, row: int, column: int, value: float | None, unit: Unit
    ) -> None:
        """Times in hours, as people read them; nothing where a figure is of nothing."""
        if value is not None:
            told = value / HOUR_S if unit is Unit.WORKING_SECONDS else value
            sheet.write_number(row, column, told, self.forms[unit])

    def _name(self, key: str) -> str:
        return BY_KEY[key].name(self.locale)

    def _of(self, both: Both) -> str:
        return pick(self.locale, both["vi"], both["en"])

    def _(self, vi: str, en: str) -> str:
        return pick(self.locale, vi, en)


_CHANGED = {
    By.PERCENT: ("%", "%"),
    By.NUMBER: ("phản ánh, lượt", "as counted"),
    By.POINTS: ("điểm phần trăm", "percentage points"),
    By.SECONDS: ("giờ làm việc", "working hours"),
    By.STARS: ("sao", "stars"),
}
