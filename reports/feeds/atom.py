"""An Atom feed (RFC 4287) with GeoRSS-Simple: what feed readers and maps of feeds understand.

An entry is a report: its id never changes, `updated` moves when it comes to read otherwise.
Characters that no XML may hold are left out.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from app.locale import in_words
from reports.cards import Plain
from reports.city.snapshot import City
from reports.feeds.entries import Shown
from reports.feeds.rows import flat_rows
from reports.spoken import spoken_distance

MIMETYPE = "application/atom+xml"
_ATOM, _GEORSS = "http://www.w3.org/2005/Atom", "http://www.georss.org/georss"
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

ET.register_namespace("", _ATOM)
ET.register_namespace("georss", _GEORSS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What a feed says of itself. Addresses are whole."""

    address: str  # of this very feed
    title: str
    began: datetime  # said where there is no entry


def atom(channel: Channel, shown: Shown, city: City, locale: str, base_url: str) -> bytes:
    """The feed as a document, in one language."""
    feed = ET.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": locale})
    _say(feed, "id", channel.address)
    _say(feed, "title", channel.title)
    _say(feed, "updated", _moment(max(shown.updated, default=channel.began)))
    _link(feed, channel.address, rel="self", type=MIMETYPE)
    _link(feed, f"{base_url}/", rel="alternate", type="text/html")
    _say(_within(feed, "author"), "name", in_words(city.profile.name_vi, city.profile.name_en))
    _say(feed, "generator", "Xóm")
    rows = flat_rows(shown.rows, city, locale, base_url)
    zone = ZoneInfo(city.profile.timezone)
    for row, published, updated in zip(rows, shown.published, shown.updated, strict=True):
        _entry(feed, row, base_url, zone, published=published, updated=updated)
    document: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return document


def title_of(
    city: City, locale: str, *, area: str | None, category: str | None, around: float | None
) -> str:
    """What a feed is called: of what, and where. Codes that the city knows, or None; `around`: so
    many metres around a point."""
    where = city.profile.name_vi if locale == "vi" else city.profile.name_en
    names = city.names[locale]
    if area and (found := city.area(area)):
        where = names.areas[found.id]["name"]
    what = in_words("Phản ánh của người dân", "Residents' reports")
    if category and (kind := city.category(category)):
        what = names.categories[kind.id]["name"]
    if around:
        circle = spoken_distance(around, locale)
        where = in_words(f"trong {circle} quanh một điểm", f"within {circle} of a point")
    return f"{what} · {where}"


def _entry(
    feed: ET.Element,
    row: Plain,
    base_url: str,
    zone: ZoneInfo,
    *,
    published: datetime,
    updated: datetime,
) -> None:
    entry = _within(feed, "entry")
    _say(entry, "id", f"urn:uuid:{row['id']}")
    _say(entry, "title", f"{row['category_name']} · {row['area_name']}")
    _say(entry, "published", _moment(published))
    _say(entry, "updated", _moment(updated))
    _link(entry, row["url"], rel="alternate", type="text/html")
    if row["photo"]:
        _link(entry, row["photo"], rel="enclosure", type="image/jpeg")
    for term, label in (("category", "category_name"), ("status", "status_name")):
        scheme = f"{base_url}/feeds/{term}"
        _within(entry, "category", scheme=scheme, term=row[term], label=row[label])
    _say(entry, "content", _content(row, zone), type="html")
    point = ET.SubElement(entry, f"{{{_GEORSS}}}point")
    point.text = f"{row['lat']:.5f} {row['lng']:.5f}"
    ET.SubElement(entry, f"{{{_GEORSS}}}featurename").text = row["area_name"]


def _content(row: Plain, zone: ZoneInfo) -> str:
    """HTML: the words and the picture as published, then where it stands."""
    words = [f"<p>{escape(part)}</p>" for part in row["description"].split("\n") if part.strip()]
    picture = f'<p><img src="{escape(row["photo"])}" alt=""></p>' if row["photo"] else ""
    return "".join(words) + picture + f"<p>{escape(_standing(row, zone))}</p>"


def _standing(row: Plain, zone: ZoneInfo) -> str:
    parts = [
        row["code"],
        in_words("Trạng thái: ", "Status: ") + row["status_name"],
        in_words("Đơn vị: ", "Office: ") + row["office_name"],
    ]
    if row["due_at"] and not row["resolved_at"]:
        due = row["due_at"].astimezone(zone)
        day = in_words(f"ngày {due.day}/{due.month}/{due.year}", f"on {due:%Y-%m-%d}")
        parts.append(in_words("Hạn: ", "Due: ") + f"{due:%H:%M} {day}")  # as true tomorrow
    return " · ".join(parts)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _within(parent: ET.Element, name: str, **attributes: str) -> ET.Element:
    kept = {key: _legal(value) for key, value in attributes.items()}
    return ET.SubElement(parent, f"{{{_ATOM}}}{name}", kept)


def _say(parent: ET.Element, name: str, words: str, **attributes: str) -> None:
    _within(parent, name, **attributes).text = _legal(words)


def _link(parent: ET.Element, address: str, **attributes: str) -> None:
    _within(parent, "link", href=address, **attributes)


def _legal(words: str) -> str:
    return _ILLEGAL.sub("", words)
