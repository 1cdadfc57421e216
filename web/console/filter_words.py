"""A filter in words: how each bound is called, and what it is set to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.clock import now
from app.errors import XomError
from app.locale import current_locale, in_words
from reports.city import snapshot
from reports.figures import cells
from reports.roles import workers
from web.console.drawing import me
from web.console.words import source_word, status_word

#: How each bound is called, in the order in which they are told.
NAMES = {
    "q": ("Có chữ", "With the words"),
    "status": ("Trạng thái", "Status"),
    "category": ("Lĩnh vực", "Category"),
    "area": ("Địa bàn", "Area"),
    "office": ("Đơn vị", "Office"),
    "due": ("Hạn", "Deadline"),
    "person": ("Người xử lý", "Person"),
    "urgent": ("Khẩn", "Urgent"),
    "photo": ("Ảnh", "Photos"),
    "source": ("Nguồn", "Source"),
    "checked": ("Câu trả lời", "The answer"),
    "since": ("Gửi từ", "Sent from"),
    "until": ("Gửi trước", "Sent before"),
    "near": ("Quanh điểm", "Around"),
    "radius": ("Trong bán kính, mét", "Within, metres"),
    "cell": ("Ô trên bản đồ", "Hexagon of the map"),
    "sort": ("Thứ tự", "Order"),
}
VALUES = {
    ("status", "open"): ("đang mở", "open"),
    ("status", "all"): ("tất cả", "all"),
    ("due", "overdue"): ("quá hạn", "overdue"),
    ("due", "today"): ("hôm nay", "today"),
    ("due", "week"): ("trong 7 ngày", "within 7 days"),
    ("person", "me"): ("chính mình", "oneself"),
    ("person", "nobody"): ("chưa giao ai", "nobody yet"),
    ("urgent", "true"): ("chỉ việc khẩn", "urgent ones only"),
    ("urgent", "false"): ("không khẩn", "not urgent"),
    ("photo", "true"): ("có ảnh", "with a photo"),
    ("photo", "false"): ("không có ảnh", "without"),
    ("checked", "true"): ("trung tâm đã kiểm tra", "read by the centre"),
    ("checked", "false"): ("trung tâm chưa kiểm tra", "not yet read by the centre"),
    ("sort", "due"): ("gần hạn nhất trước", "soonest due first"),
    ("sort", "newest"): ("mới gửi trước", "newest first"),
}


@dataclass(frozen=True, slots=True)
class Bound:
    """One thing that a list is narrowed by: "Hạn", "quá hạn"."""

    name: str
    called: str
    value: str


def bounds_of(asked: Mapping[str, str]) -> list[Bound]:
    """What a filter narrows by, in words and in one order."""
    return [
        Bound(name, in_words(*called), _value(name, asked[name]))
        for name, called in NAMES.items()
        if name in asked
    ]


def without(asked: Mapping[str, str], name: str) -> dict[str, str]:
    """The filter when one bound is let go."""
    gone = {"near", "radius"} if name == "near" else {name}
    return {one: text for one, text in asked.items() if one not in gone}


def _value(name: str, text: str) -> str:
    if (name, text) in VALUES:
        return in_words(*VALUES[name, text])
    return _CALLED[name](text) if name in _CALLED else text


def _category(text: str) -> str:
    city, locale = snapshot.current(), current_locale()
    found = city.category(text)
    return str(city.names[locale].categories[found.id]["name"]) if found else text


def _area(text: str) -> str:
    city, locale = snapshot.current(), current_locale()
    found = city.area(text)
    return str(city.names[locale].areas[found.id]["name"]) if found else text


def _of_office(text: str) -> str:
    city, locale = snapshot.current(), current_locale()
    found = city.office(text)
    return str(city.names[locale].offices[found.id]["name"]) if found else text


def _statuses(text: str) -> str:
    try:
        return ", ".join(status_word(one) for one in text.split(","))
    except ValueError:
        return text


def _person(text: str) -> str:
    """By name, of those whom the viewer works with."""
    named = {str(one): name for one, name in workers({office for _, office in me().held}, now())}
    return named.get(text) or in_words("một người khác", "somebody else")


_WIDE = {6: ("6 km", "6 km"), 7: ("2,4 km", "2.4 km"), 8: ("900 m", "900 m"),
         9: ("350 m", "350 m"), 10: ("130 m", "130 m")}  # fmt: skip


def _cell(text: str) -> str:
    """Where it lies, and how wide it is."""
    try:
        cell = cells.cell_from(text)
        area = snapshot.current().areas.locate(*cells.middle(cell)).area
    except XomError:
        return text
    wide = in_words(*_WIDE[cells.resolution_of(cell)])
    name = snapshot.current().names[current_locale()].areas[area.id]["name"]
    return in_words(f"{name}, rộng khoảng {wide}", f"{name}, some {wide} wide")


_CALLED: Mapping[str, Callable[[str], str]] = {
    "category": _category,
    "area": _area,
    "cell": _cell,
    "office": _of_office,
    "person": _person,
    "source": source_word,
    "status": _statuses,
}
