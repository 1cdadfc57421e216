"""What is wrong with a file of city data: file, row and field, each with a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.errors import Invalid

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend. `row` counts from 1; `name` is the row's code, where it has one."""

    vi: str
    en: str
    file: str = ""
    row: int | None = None
    name: str | None = None
    field: str | None = None

    def sentence(self, locale: str) -> str:
        row = f"{'dòng' if locale == 'vi' else 'row'} {self.row}" if self.row else None
        named = f"{row} (“{self.name}”)" if row and self.name else row
        where = ", ".join(part for part in (self.file, named, self.field) if part)
        return f"{where}: {self.vi if locale == 'vi' else self.en}"


class BadFile(Invalid):
    """Nothing of the file was taken."""

    code = "bad-file"
    vi = "Chưa nạp gì từ tệp này."
    en = "Nothing was taken from this file."

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__()

    def sentence(self, locale: str) -> str:
        lines = [fault.sentence(locale) for fault in self.faults[:SHOWN]]
        more = len(self.faults) - len(lines)
        if more > 0:
            lines.append(f"… và {more} lỗi nữa." if locale == "vi" else f"… and {more} more.")
        return "\n".join([self.vi if locale == "vi" else self.en, *lines])


def at_row(faults: Sequence[Fault], file: str, row: int, name: str | None) -> list[Fault]:
    return [replace(fault, file=file, row=row, name=name) for fault in faults]


def from_messages(messages: Mapping[str, Any] | Sequence[Any], path: str = "") -> list[Fault]:
    """marshmallow's nested messages as faults, each with its field's path."""
    if isinstance(messages, Mapping):
        found = []
        for field, inner in messages.items():
            here = path if field == "_schema" else f"{path}.{field}".strip(".")
            found += from_messages(inner, here)
        return found
    return [Fault(*_both(str(message)), field=path or None) for message in messages]


def _both(message: str) -> tuple[str, str]:
    """A message in both languages. Our own validators write "vi | en"; the rest are known."""
    vi, bar, en = message.partition(" | ")
    if bar:
        return vi, en
    return _KNOWN.get(message, (message, message))


_KNOWN = {
    "Missing data for required field.": ("thiếu mục này.", "this field is missing."),
    "Field may not be null.": ("mục này không được để trống.", "this field may not be empty."),
    "Unknown field.": ("không có mục nào tên như vậy.", "there is no such field."),
    "Not a valid string.": ("cần một chuỗi chữ.", "must be text."),
    "Not a valid integer.": ("cần một số nguyên.", "must be a whole number."),
    "Not a valid number.": ("cần một con số.", "must be a number."),
    "Not a valid boolean.": ("cần true hoặc false.", "must be true or false."),
    "Not a valid list.": ("cần một danh sách.", "must be a list."),
    "Not a valid mapping type.": ("cần một nhóm {…}.", "must be an object {…}."),
    "Not a valid date.": ("cần một ngày dạng 2026-01-31.", "must be a date like 2026-01-31."),
    "Invalid input type.": ("cần một nhóm {…}.", "must be an object {…}."),
    "Special numeric values (nan or infinity) are not permitted.": (
        "cần một con số hữu hạn.",
        "must be a finite number.",
    ),
}
