"""A hot spot in words, in both languages: a headline, and a sentence with its numbers."""

from collections.abc import Iterable

from reports.cards import Plain
from reports.city.snapshot import City
from reports.figures.heat_answers import days
from reports.figures.hotspots import Crowd, HotSpots, Spot
from reports.figures.spoken_numbers import about, chance, number

NOTE = {
    "vi": (
        "Điểm nóng là những ô liền nhau có nhiều phản ánh hơn mức số dân giải thích được, nhiều đến"
        " mức ngẫu nhiên khó tạo ra. Cách tính: xét từng ô, và từng ô cùng sáu ô quanh nó"
        " (Getis-Ord Gi*); trong số ô được gọi là nóng chỉ khoảng 5% có thể là nhầm"
        " (Benjamini–Hochberg). Ô nhiều phản ánh chỉ vì đông dân thì không phải điểm nóng."
    ),
    "en": (
        "A hot spot is adjoining cells with more reports than their residents explain, so many that"
        " chance would hardly do it. How: each cell, alone and with the six around it (Getis-Ord"
        " Gi*); of the cells called hot about 5% may be false (Benjamini–Hochberg). A cell with"
        " many reports only because many people live there is no hot spot."
    ),
}


def note(found: HotSpots, city: City, locale: str) -> str:
    """How they are found, and of an office: among which residents."""
    return NOTE[locale] if found.among is None else f"{NOTE[locale]} {_among(found, city, locale)}"


def _among(found: HotSpots, city: City, locale: str) -> str:
    names = sorted(city.names[locale].areas[area]["name"] for area in found.among or ())
    if not names:
        return _UNKNOWN[locale]
    where = _listed(names, locale)
    return (
        f"Phản ánh của đơn vị chỉ so với số dân ở địa bàn của đơn vị: {where}."
        if locale == "vi"
        else f"An office's reports are held against the residents of its own wards: {where}."
    )


_UNKNOWN = {
    "vi": "Chưa biết đơn vị phụ trách phường, xã nào nên không tính điểm nóng.",
    "en": "Which wards the office works in is not known, so no hot spots are worked out.",
}
_NONE = {
    "vi": "Ở cỡ ô khoảng {size}, chưa nơi nào đủ cơ sở để gọi là điểm nóng.",
    "en": "With cells of about {size}, nowhere is there enough to call it a hot spot.",
}
#: Across a cell, by resolution; the map's choice of sizes says the same.
_SIZES = {7: {"vi": "2,4 km", "en": "2.4 km"}, 8: {"vi": "920 m", "en": "920 m"}}


def none_found(found: HotSpots, locale: str, resolution: int) -> str:
    """What is said in place of spots: at this size (7, 8), since another may have some."""
    if found.among == frozenset():
        return _UNKNOWN[locale]
    return _NONE[locale].format(size=_SIZES[resolution][locale])


def plain(found: HotSpots, city: City, locale: str, resolution: int) -> Plain:
    """All of it as plain values, with its words."""
    return {
        "spots": [_spot(spot, city, locale) for spot in found.spots],
        "crowds": [_crowd(crowd, city, locale) for crowd in found.crowds],
        "resolution": resolution,
        "as_of": found.as_of,
        "before": days(found.before) if found.before else None,
        "note": note(found, city, locale),
    }


def title(spot: Spot, city: City, locale: str) -> str:
    """Điểm nóng mới: ngập úng quanh Chợ Đông Ba."""
    where = _where(spot, city, locale)
    new = ("Điểm nóng mới", "New hot spot") if spot.is_new else ("Điểm nóng", "Hot spot")
    head = new[0] if locale == "vi" else new[1]
    if not _is_mostly_one(spot):
        return f"{head} {where}"
    category = city.names[locale].categories[spot.category]["name"]
    return f"{head}: {category[:1].lower()}{category[1:]} {where}"


def sentence(spot: Spot, locale: str) -> str:
    """38 phản ánh trong 9 ô liền nhau, khó có thể do ngẫu nhiên (Gi*, p < 0,01) …"""
    count, cells = number(spot.count, locale), len(spot.cells)
    expected, p = about(spot.expected, locale), chance(spot.p, locale)
    if locale == "vi":
        among = f"{cells} ô liền nhau" if cells > 1 else "một ô"
        return (
            f"{count} phản ánh trong {among}, khó có thể do ngẫu nhiên (Gi*, p < {p})."
            f" Tính theo số dân thì {expected}."
        )
    among = f"{cells} adjoining cells" if cells > 1 else "one cell"
    return (
        f"{count} reports in {among}, hardly by chance (Gi*, p < {p})."
        f" By the number of residents {expected} would be expected."
    )


_NOBODY = {
    "vi": "{count} phản ánh ở nơi không có số dân để so, chưa đủ cơ sở để gọi là điểm nóng.",
    "en": "{count} reports where there are no residents to hold them against:"
    " not enough to call it a hot spot.",
}


def crowd_sentence(crowd: Crowd, locale: str) -> str:
    count, expected = number(crowd.count, locale), about(crowd.expected, locale)
    if not crowd.expected:
        return _NOBODY[locale].format(count=count)
    if locale == "vi":
        return (
            f"{count} phản ánh, tính theo số dân thì {expected}: nhiều, nhưng chưa đủ cơ sở"
            " để gọi là điểm nóng."
        )
    return (
        f"{count} reports, where {expected} would be expected by the number of residents:"
        " many, but not enough to call it a hot spot."
    )


def _spot(spot: Spot, city: City, locale: str) -> Plain:
    return {
        "cells": [f"{cell:x}" for cell in spot.cells],
        "count": spot.count,
        "expected": round(spot.expected, 1),
        "p": spot.p,
        "z": round(spot.z, 2),
        "new": spot.is_new,
        "category": city.categories_by_id[spot.category].code,
        "category_count": spot.category_count,
        "areas": [city.area_by_id[area].code for area in spot.areas],
        "title": title(spot, city, locale),
        "sentence": sentence(spot, locale),
    }


def _crowd(crowd: Crowd, city: City, locale: str) -> Plain:
    areas = [] if crowd.area is None else [crowd.area]
    return {
        "cell": f"{crowd.cell:x}",
        "count": crowd.count,
        "expected": round(crowd.expected, 1),
        "areas": [city.area_by_id[area].code for area in areas],
        "sentence": crowd_sentence(crowd, locale),
    }


def _is_mostly_one(spot: Spot) -> bool:
    """Is half of it about one thing?"""
    return spot.category_count * 2 >= spot.count


def _where(spot: Spot, city: City, locale: str) -> str:
    if spot.landmark:
        return f"quanh {spot.landmark}" if locale == "vi" else f"around {spot.landmark}"
    names = _listed((city.names[locale].areas[area]["name"] for area in spot.areas), locale)
    return f"ở {names}" if locale == "vi" else f"in {names}"


def _listed(names: Iterable[str], locale: str) -> str:
    *first, last = names
    word = " và " if locale == "vi" else " and "
    return f"{', '.join(first)}{word}{last}" if first else last
