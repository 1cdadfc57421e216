"""A report as a document to be set: its head, its chapters and drawings, all in words. Pure.

What is said is decided here, in the chapters and in `saying`; how it looks, in `report.typ`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shapely.geometry.base import BaseGeometry

from reports.figures.changes import Unit
from reports.figures.definitions import BY_KEY
from reports.figures.frozen import chapters, group_chapters, saying
from reports.figures.frozen.blocks import Block, Telling
from reports.figures.frozen.contents import Contents
from reports.figures.frozen.saying import pick


@dataclass(frozen=True, slots=True)
class Paper:
    """What report.typ sets, and the drawings that it names."""

    document: dict[str, Any]
    drawings: Mapping[str, str]
    made_at: str


def write(contents: Contents, outlines: Mapping[str, BaseGeometry], locale: str) -> Paper:
    """The report in one language. `outlines` are the wards' borders by code, for the map."""
    told, drawings = Telling(contents, locale), dict[str, str]()
    sections = [
        chapters.summary(told),
        *([chapters.changed(told)] if contents["changes"] else []),
        chapters.fates(told),
        chapters.lateness(told),
        chapters.satisfaction(told),
        chapters.months(told, drawings),
        group_chapters.offices(told),
        group_chapters.areas(told, outlines, drawings),
        group_chapters.categories(told),
        chapters.definitions(told),
    ]
    return Paper(_head(told) | {"sections": sections}, drawings, contents["made_at"])


def title(contents: Contents, locale: str) -> str:
    """Báo cáo tiếp nhận và xử lý phản ánh của người dân – Tháng 10/2026."""
    return f"{_subject(locale)} – {_period(contents, locale)}"


def _subject(locale: str) -> str:
    return pick(
        locale,
        "Báo cáo tiếp nhận và xử lý phản ánh của người dân",
        "Residents’ reports and what became of them",
    )


def _period(contents: Contents, locale: str) -> str:
    name = contents["name"]["vi" if locale == "vi" else "en"]
    return f"{name[0].upper()}{name[1:]}"


def number(contents: Contents, locale: str) -> str:
    """Số 2026-10; Số 2026-10, bổ sung 1."""
    told = pick(locale, f"Số {contents['period']}", f"No. {contents['period']}")
    more = contents["number"] - 1
    return told + (pick(locale, f", bổ sung {more}", f", amendment {more}") if more else "")


def _head(told: Telling) -> dict[str, Any]:
    contents, locale = told.contents, told.locale
    made = saying.moment(contents["made_at"], contents["timezone"], locale)
    as_of = saying.moment(contents["as_of"], contents["timezone"], locale)
    since, last = saying.day(contents["since"], locale), saying.day(contents["last"], locale)
    version = contents["definitions_version"]
    return {
        "lang": locale,
        "title": title(contents, locale),
        "subject": _subject(locale),
        "name": _period(contents, locale),
        "period": contents["period"],
        "city": told.of(contents["city"]),
        "publisher": told.of(contents["publisher"]),
        "number": number(contents, locale),
        "published": told.say(f"Công bố {made}", f"Published at {made}"),
        "cut_off": told.say(
            f"Phản ánh gửi từ {since} đến {last}, theo kết quả tính đến {as_of}.",
            f"Reports sent from {since} to {last}, as they stood at {as_of}.",
        ),
        "amends": _amends(told),
        "foot": told.say(
            f"Số liệu chốt {as_of} · Bản định nghĩa số {version}",
            f"Figures as of {as_of} · Definitions version {version}",
        ),
        "page": told.say("Trang", "Page"),
        "tiles": _tiles(told),
    }


def _amends(told: Telling) -> str | None:
    """What an amendment amends, said above everything else."""
    before = told.contents["number"] - 1
    if not before:
        return None
    name = (
        told.say("báo cáo đầu", "the first report")
        if before == 1
        else told.say(f"bổ sung {before - 1}", f"amendment {before - 1}")
    )
    count = saying.number(len(told.contents["changes"]), told.locale)
    return told.say(
        f"Bản này bổ sung {name} của cùng kỳ: {count} số liệu đã khác, kể ở mục “Thay đổi so với"
        " bản trước”. Bản trước vẫn giữ nguyên.",
        f"This amends {name} on the same period: {count} figures differ, listed under “Changes"
        " since the report before”. That one stays as it was.",
    )


def _tiles(told: Telling) -> list[Block]:
    return [
        _tile(told, "received", ""),
        _tile(told, "on_time", told.say("trên {n} phản ánh", "of {n} reports")),
        _tile(told, "resolve_median", told.say("trên {n} phản ánh", "of {n} reports")),
        _tile(told, "satisfied", told.say("trên {n} lượt", "of {n} ratings")),
    ]


#: Where the figure's own name is too long for a tile.
_TILES = {"resolve_median": {"vi": "Xử lý (trung vị)", "en": "Hours (median)"}}


def _with_unit(told: Telling, key: str, said: str) -> str:
    timed = BY_KEY[key].unit is Unit.WORKING_SECONDS
    return f"{said} {told.say('giờ', 'h')}" if timed and said != saying.NONE else said


def _tile(told: Telling, key: str, about: str) -> Block:
    figure = told.contents["total"][key]
    much = "" if figure["amount"] is None else saying.change(figure, told.locale)
    sample = about.format(n=saying.number(figure["sample"], told.locale))
    return {
        "name": _TILES.get(key, {}).get(told.locale) or BY_KEY[key].name(told.locale),
        "value": _with_unit(told, key, saying.said(figure, BY_KEY[key].unit, told.locale)),
        "note": " · ".join(part for part in (much, sample) if part),
    }
