"""What wards are called on these pages, and in which order."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.locale import current_locale, in_words
from app.text import in_order as dictionary_order
from reports.city.snapshot import City
from reports.city.values import Area
from reports.city.words import fold
from web.wards.reading import Figures

_KINDS_VI = ("Phường ", "Xã ", "Thị trấn ", "Đặc khu ")
_KINDS_EN = (" Ward", " Commune", " Township", " Special Zone")


@dataclass(frozen=True, slots=True)
class Listed:
    """A ward in the list that is searched: its names without diacritics are for the script."""

    code: str
    name: str
    short: str
    folded: str  # its names, with | between
    former: str


def of(area: Area) -> str:
    return in_words(area.name_vi, area.name_en)


def shortened(name: str) -> str:
    """Thuận Hóa, without what kind of place it is."""
    for kind in _KINDS_VI:
        name = name.removeprefix(kind)
    for kind in _KINDS_EN:
        name = name.removesuffix(kind)
    return name


def short(city: City) -> dict[str, str]:
    """By code."""
    return {code: shortened(of(area)) for code, area in city.area_by_code.items()}


def listed(city: City) -> list[Listed]:
    areas = sorted(city.area_by_code.values(), key=lambda area: _place(shortened(of(area))))
    return [_listed(area) for area in areas]


def _listed(area: Area) -> Listed:
    named = [area.name_vi, area.name_en, *area.other_names]
    folded = "|".join(fold(shortened(name)) for name in named)
    former = ", ".join(shortened(name) for name in area.other_names)
    return Listed(area.code, of(area), shortened(of(area)), folded, former)


def in_order(figures: Iterable[Figures], city: City) -> list[Figures]:
    """By name, as a dictionary has it."""
    return sorted(figures, key=lambda one: _place(shortened(one.name)))


def _place(name: str) -> tuple[list[int], list[int], str]:
    """As a dictionary has it: Vietnamese in Vietnamese, plain letters in English."""
    return dictionary_order(name if current_locale() == "vi" else fold(name))
