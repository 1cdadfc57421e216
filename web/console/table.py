"""The queue as a wide table, with the columns that somebody chooses."""

from typing import Any

from flask import request

from app.locale import in_words

COLUMNS: dict[str, tuple[str, str]] = {
    "code": ("Mã", "Code"),
    "title": ("Nội dung", "Words"),
    "status": ("Trạng thái", "Status"),
    "left": ("Thời hạn", "Time left"),
    "category": ("Lĩnh vực", "Category"),
    "area": ("Địa bàn", "Area"),
    "office": ("Đơn vị", "Office"),
    "person": ("Người xử lý", "Person"),
    "sent": ("Gửi lúc", "Sent"),
    "due": ("Hạn", "Due"),
    "supporters": ("Cùng phản ánh", "Supporters"),
}
USUAL = ("code", "title", "status", "left", "category", "area", "person", "sent")


def chosen() -> list[str]:
    """The columns that the address names, in our order; the usual ones when it names none."""
    named = set(request.args.getlist("cols"))
    found = [name for name in COLUMNS if name in named]
    return found or list(USUAL)


def facts() -> dict[str, Any]:
    """What the page of the table is drawn from."""
    shown = chosen()
    return {
        "columns": [(name, in_words(*COLUMNS[name])) for name in shown],
        "all_columns": [(n, in_words(*words), n in shown) for n, words in COLUMNS.items()],
    }
