"""The Atom feed, as feed readers and GDAL read it."""

import re
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pyogrio.raw
import pytest
import shapely

from reports import redaction
from reports.erasure import erase
from reports.models import Report
from reports.statuses import Role
from tests.feeds.conftest import A_LUOI, HERE, House, Reader, office_of, publish

FEED = "/feeds/reports.atom"


def parsed(read: Reader, query: str = "", **headers: str) -> Any:
    """What an independent reader makes of the feed; it says when it is not sound."""
    answer = read(f"{FEED}{query}", **headers)
    assert answer.status_code == 200, answer.text
    feed = feedparser.parse(answer.data, sanitize_html=False)
    assert not feed.bozo, feed.bozo_exception
    return feed


def ids(feed: Any) -> list[str]:
    return [entry.id.removeprefix("urn:uuid:") for entry in feed.entries]


def test_what_was_published_last_comes_first_however_long_it_waited(
    house: House, read: Reader
) -> None:
    first, second = house.submits("Lan"), house.submits("Minh")
    house.at += timedelta(minutes=5)
    house.takes(house.official(Role.DISPATCHER), "accept", second)
    house.at += timedelta(minutes=5)
    house.takes(house.official(Role.DISPATCHER), "accept", first)

    assert ids(parsed(read)) == [str(first.id), str(second.id)]


def hidden(house: House) -> Report:
    report = publish(house)
    house.takes(house.official(Role.DISPATCHER), "hide", report, note="Lời lẽ xúc phạm.")
    return report


def withdrawn(house: House) -> Report:
    report = publish(house)
    house.takes("Lan", "withdraw", report)
    return report


def erased(house: House) -> Report:
    report = publish(house)
    erase(report.reporter_id, by=None, at=house.at)
    return report


def private(house: House) -> Report:
    return publish(house, category="thu-tuc")


def unpublished(house: House) -> Report:
    return house.submits()


@pytest.mark.parametrize("kind", [hidden, withdrawn, erased, private, unpublished])
@pytest.mark.parametrize(
    "path",
    [FEED, "/feeds/reports.csv", "/feeds/reports.geojson", "/ogc/collections/reports/items"],
)
def test_what_nobody_outside_may_read_is_in_no_feed(
    house: House, read: Reader, kind: Any, path: str
) -> None:
    shown = publish(house, "Minh")
    report = kind(house)

    answer = read(path).text

    assert str(shown.id) in answer
    assert str(report.id) not in answer


def test_a_feed_is_narrowed_by_its_address(house: House, read: Reader) -> None:
    here = publish(house)
    there = publish(house, "Minh", place=A_LUOI)
    school = publish(house, "Hoa", category="giao-duc")
    house.takes(house.official(Role.OFFICER, office_of(house, here)), "start", here)
    ward = house.city.area_by_id[there.area_id].code

    assert ids(parsed(read, f"?area={ward}")) == [str(there.id)]
    assert ids(parsed(read, "?category=giao-duc")) == [str(school.id)]
    assert set(ids(parsed(read, f"?near={HERE}&radius=500"))) == {str(here.id), str(school.id)}
    assert ids(parsed(read, "?status=in_progress")) == [str(here.id)]


def test_an_entry_tells_what_where_who_and_how_far(house: House, read: Reader) -> None:
    report = publish(house, description="Cống nghẹt <b>\n& gọi tôi 0905 123 456.")
    city = house.city

    entry = parsed(read).entries[0]

    kind = city.categories_by_id[report.category_id]
    area, office = city.area_by_id[report.area_id], city.offices_by_id[report.office_id]
    assert entry.title == f"{kind.name_vi} · {area.name_vi}"
    assert [tag.term for tag in entry.tags] == [kind.code, "accepted"]
    words = entry.content[0].value
    assert "<p>Cống nghẹt &lt;b&gt;</p>" in words and "&amp; gọi" in words
    assert "0905" not in words and "123 456" not in words
    assert "Trạng thái: Đã tiếp nhận" in words and f"Đơn vị: {office.name_vi}" in words
    assert "Hạn: 17:" in words or "Hạn: 16:" in words
    assert entry.link.startswith("http://127.0.0.1:8000/reports/")


def test_it_is_told_anew_when_the_public_hears_of_it_and_not_of_internal_steps(
    house: House, read: Reader
) -> None:
    report = publish(house)
    before = parsed(read).entries[0].updated
    house.at += timedelta(hours=1)
    house.takes(house.official(Role.DISPATCHER), "join", report, office="so-y-te")
    joined = parsed(read).entries[0].updated
    house.at += timedelta(hours=1)
    house.takes(house.official(Role.OFFICER, office_of(house, report)), "start", report)

    feed = parsed(read)

    assert joined == before
    assert feed.entries[0].updated_parsed == house.at.utctimetuple()
    assert feed.feed.updated_parsed == house.at.utctimetuple()


def words_taken_out(house: House, report: Report) -> None:
    by, seen = house.official(Role.DISPATCHER).account_id, redaction.mark_of_words(report)
    assert by
    redaction.redact_words(report, "Cống nghẹt.", seen=seen, by=by, at=house.at)


def category_corrected(house: House, report: Report) -> None:
    house.takes(house.official(Role.DISPATCHER), "amend", report, category="giao-duc")


@pytest.mark.parametrize("change", [words_taken_out, category_corrected])
def test_what_reads_otherwise_is_told_anew_so_that_readers_let_go_of_what_they_have(
    house: House, read: Reader, change: Any
) -> None:
    report = publish(house)
    house.at += timedelta(hours=1)

    change(house, report)

    feed = parsed(read)
    assert feed.entries[0].updated_parsed == house.at.utctimetuple()
    assert feed.feed.updated_parsed == house.at.utctimetuple()
    assert feed.entries[0].published_parsed < feed.entries[0].updated_parsed


ATOM = "{http://www.w3.org/2005/Atom}"


def test_it_holds_what_the_standard_requires_once_each(house: House, read: Reader) -> None:
    """RFC 4287: 4.1.1 and 4.1.2 (what there is, how often), 3.3 (moments), 4.2.6 and 4.2.7 (ids,
    links)."""
    for number in range(3):
        publish(house, f"Người {number}")

    feed = ElementTree.fromstring(read(FEED).data)  # noqa: S314 (our own)

    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 3
    for one, names in ((feed, ["id", "title", "updated", "author", "generator"]),
                       *((entry, ["id", "title", "updated", "published", "content"])
                         for entry in entries)):  # fmt: skip
        assert all(len(one.findall(f"{ATOM}{name}")) == 1 for name in names)
        links = [(link.get("rel"), link.get("type")) for link in one.findall(f"{ATOM}link")]
        assert [kind for rel, kind in links if rel == "alternate"] == ["text/html"]
        assert all(urlsplit(link.get("href")).scheme for link in one.findall(f"{ATOM}link"))
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    assert [link.get("rel") for link in feed.findall(f"{ATOM}link")].count("self") == 1
    ids = [one.findtext(f"{ATOM}id") or "" for one in (feed, *entries)]
    assert len(set(ids)) == 4 and all(urlsplit(one).scheme in {"http", "urn"} for one in ids)
    moments = [
        one.text or "" for name in ("updated", "published") for one in feed.iter(ATOM + name)
    ]
    assert len(moments) == 7
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", one) for one in moments)


def test_the_address_says_the_language_and_the_feed_says_its_address(
    house: House, read: Reader
) -> None:
    report = publish(house)

    feed = parsed(read, f"?area={house.city.area_by_id[report.area_id].code}&lang=en")

    name = house.city.area_by_id[report.area_id].name_en
    assert feed.feed.title == f"Residents' reports · {name}"
    assert "Status: Accepted" in feed.entries[0].content[0].value
    assert feed.feed.links[0].href == feed.feed.id
    assert feed.feed.id.endswith("&lang=en")
    assert parsed(read, feed.feed.id.partition(FEED)[2]).feed.title == feed.feed.title


def test_a_reader_that_has_it_already_gets_nothing_until_something_changes(
    house: House, read: Reader
) -> None:
    report = publish(house)
    first = read(FEED)

    again = read(FEED, If_None_Match=first.headers["ETag"])
    by, seen = house.official(Role.DISPATCHER).account_id, redaction.mark_of_words(report)
    assert by
    redaction.redact_words(report, "Cống nghẹt.", seen=seen, by=by, at=house.at)
    changed = read(FEED, If_None_Match=first.headers["ETag"])

    assert (again.status_code, again.data) == (304, b"")
    assert first.headers["Last-Modified"] == time.strftime(
        "%a, %d %b %Y %H:%M:%S GMT", house.at.utctimetuple()
    )
    assert changed.status_code == 200 and "Cống nghẹt." in changed.text


def test_an_empty_feed_is_a_sound_one_and_the_same_all_day(house: House, read: Reader) -> None:
    feed = parsed(read, "?category=giao-duc")

    assert feed.entries == [] and feed.feed.updated
    again = read(f"{FEED}?category=giao-duc", If_None_Match=read(
        f"{FEED}?category=giao-duc").headers["ETag"])  # fmt: skip
    assert again.status_code == 304


def test_characters_that_no_xml_may_hold_are_left_out(house: House, read: Reader) -> None:
    publish(house, description="Nước\x0b ngập\x1f, 🏚 \ufffe hỏng.")

    assert "Nước ngập, 🏚  hỏng." in parsed(read).entries[0].content[0].value


def test_gdal_puts_it_on_a_map(house: House, read: Reader, tmp_path: Path) -> None:
    report = publish(house)
    file = tmp_path / "feed.xml"
    file.write_bytes(read(FEED).data)

    meta, _, shapes, values = pyogrio.raw.read(file)

    point = shapely.from_wkb(shapes)[0]
    assert (round(point.y, 5), round(point.x, 5)) == (report.lat, report.lng)
    assert meta["crs"] == "EPSG:4326"
    assert values[list(meta["fields"]).index("title")][0].endswith(
        house.city.area_by_id[report.area_id].name_vi
    )


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?area=99999", "area"),
        ("?category=khong-co", "category"),
        ("?near=here", "near"),
        ("?near=16.4,107.5&radius=50000", "radius"),
        ("?status=lost", "status"),
        ("?ward=19789", "ward"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_named(read: Reader, query: str, field: str) -> None:
    answer = read(f"{FEED}{query}")

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == [field]
