"""Photos on the phone: made small, upright and bare; what cannot be read is told; a full phone
keeps nothing by halves, and still sends what it has.
"""

import io
import os
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Error, Page, expect

from tests.web.conftest import NewPhone
from tests.web.site import Site
from tests.web.waiting import a_photo, a_report, photos_of, put, rows, stored, until, until_state

BYTES_OF = """async (id) => {
  const db = await new Promise((done) => {
    indexedDB.open("xom").onsuccess = (event) => done(event.target.result);
  });
  const row = await new Promise((done) => {
    db.transaction("photos").objectStore("photos").get(id).onsuccess = (e) => done(e.target.result);
  });
  db.close();
  const text = (blob) => new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.split(",")[1] ?? "");
    reader.readAsDataURL(blob);
  });
  return [await text(row.bytes), await text(row.preview)];
}"""
#: Three seconds of a canvas that changes its colour, as a browser records it (of unknown length).
RECORDED = """async () => {
  const canvas = document.createElement("canvas");
  canvas.width = 640; canvas.height = 480;
  const context = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(10), { mimeType: "video/webm" });
  const parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  const ended = new Promise((done) => (recorder.onstop = done));
  recorder.start();
  for (let step = 0; step < 15; step++) {
    context.fillStyle = `hsl(${step * 24} 80% 50%)`;
    context.fillRect(0, 0, 640, 480);
    await new Promise((done) => setTimeout(done, 200));
  }
  recorder.stop();
  await ended;
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ""));
}"""
TRUONG_TIEN = ((16, 28, 3), (107, 35, 18.6))  # degrees, minutes, seconds


def a_picture(width: int, height: int, *, form: str = "JPEG", turned: int = 1) -> bytes:
    """With place, time and orientation in it; its left half is red, its right half blue."""
    image = Image.new("RGB", (width, height), (200, 30, 30))
    image.paste((30, 30, 200), (width // 2, 0, width, height))
    exif = Image.Exif()
    exif[0x0112] = turned
    exif.get_ifd(0x8769)[0x9003] = "2026:11:20 10:42:05"
    exif.get_ifd(0x8769)[0x9011] = "+07:00"
    (lat, lng), gps = TRUONG_TIEN, exif.get_ifd(0x8825)
    gps.update({1: "N", 2: lat, 3: "E", 4: lng})
    taken = io.BytesIO()
    image.save(taken, form, exif=exif)
    return taken.getvalue()


def pick(page: Page, *files: tuple[str, str, bytes]) -> None:
    """Choose these from the phone's gallery."""
    chosen = [{"name": n, "mimeType": kind, "buffer": data} for n, kind, data in files]
    page.locator("input[type=file][multiple]").set_input_files(chosen)  # type: ignore[arg-type]


def writing(page: Page, site: Site) -> Page:
    page.goto(f"{site.url}/new")
    page.locator("input[type=file][multiple]").wait_for(state="attached")
    return page


def kept(page: Page, count: int, seconds: float = 30) -> list[dict[str, Any]]:
    until(page, lambda: len(rows(page, "photos")) == count, seconds)
    return rows(page, "photos")


def images_of(page: Page, photo: dict[str, Any]) -> tuple[Image.Image, Image.Image]:
    large, small = (b64decode(text) for text in page.evaluate(BYTES_OF, photo["id"]))
    return Image.open(io.BytesIO(large)), Image.open(io.BytesIO(small))


def test_a_large_photo_becomes_small_upright_and_bare(page: Page, site: Site) -> None:
    writing(page, site)
    pick(page, ("IMG.jpg", "image/jpeg", a_picture(4000, 3000, turned=6)))
    (photo,) = kept(page, 1)
    large, small = images_of(page, photo)
    assert large.format == "JPEG" and large.size == (1200, 1600) == (
        photo["width"],
        photo["height"],
    )
    assert max(small.size) == 320
    assert not dict(large.getexif()) and "exif" not in large.info
    red, _, blue = large.convert("RGB").getpixel((600, 100))  # type: ignore[misc]
    assert red > blue  # what was on the left is at the top now


def test_when_and_where_it_was_taken_are_proposed(page: Page, site: Site) -> None:
    writing(page, site)
    pick(page, ("IMG.jpg", "image/jpeg", a_picture(800, 600)))

    def proposed() -> Any:
        return [one for one in rows(page, "drafts") if one["photos"] and one["capturedAt"]]

    (draft,) = until(page, proposed)
    assert draft["capturedAt"] == "2026-11-20T03:42:05.000Z"


def test_a_small_picture_is_not_blown_up(page: Page, site: Site) -> None:
    writing(page, site)
    pick(page, ("small.png", "image/png", a_picture(200, 100, form="PNG")))
    large, small = images_of(page, kept(page, 1)[0])
    assert large.size == small.size == (200, 100) and large.format == "JPEG"


def test_what_this_browser_cannot_open_is_sent_as_it_is(page: Page, site: Site) -> None:
    """HEIC, from an iPhone, on Chrome: the server opens it."""
    pillow_heif.register_heif_opener()
    data = a_picture(640, 480, form="HEIF")
    writing(page, site)
    pick(page, ("IMG.HEIC", "image/heic", data))
    (photo,) = kept(page, 1)
    assert b64decode(page.evaluate(BYTES_OF, photo["id"])[0]) == data
    report = a_report(photos=[photo])
    put(page, drafts=[report], wake=True)
    until_state(page, "drafts", report["id"], "sent")
    assert photos_of(site, report["id"]) == 1


@pytest.mark.parametrize("data", [b"", b"just words", a_picture(300, 200)[:60], b"<svg/>"])
def test_a_broken_file_is_told_and_not_kept(page: Page, site: Site, data: bytes) -> None:
    writing(page, site)
    fine = a_picture(300, 200)
    pick(page, ("hong.jpg", "image/jpeg", data), ("tot.jpg", "image/jpeg", fine))
    assert len(kept(page, 1)) == 1
    expect(page.get_by_text("hong.jpg")).to_be_visible()


def test_a_video_gives_three_stills_and_says_so(page: Page, site: Site) -> None:
    writing(page, site)
    video = b64decode(page.evaluate(RECORDED))
    pick(page, ("clip.webm", "video/webm", video))
    photos = kept(page, 3, seconds=60)
    assert all(photo["fromVideo"] and photo["width"] == 640 for photo in photos)
    (draft,) = until(page, lambda: [one for one in rows(page, "drafts") if len(one["photos"]) == 3])
    seen = [
        images_of(page, {"id": one})[0].convert("RGB").getpixel((9, 9)) for one in draft["photos"]
    ]
    assert len({tuple(c // 32 for c in pixel) for pixel in seen}) == 3  # type: ignore[union-attr]
    expect(page.get_by_text("video", exact=False).first).to_be_visible()


def test_a_video_of_yesterday_is_not_told_as_todays(page: Page, site: Site, tmp_path: Path) -> None:
    writing(page, site)
    clip = tmp_path / "clip.webm"
    clip.write_bytes(b64decode(page.evaluate(RECORDED)))
    yesterday = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
    os.utime(clip, (yesterday.timestamp(), yesterday.timestamp()))

    page.locator("input[type=file][multiple]").set_input_files(clip)

    kept(page, 3, seconds=60)
    (draft,) = until(page, lambda: [one for one in rows(page, "drafts") if one["capturedAt"]])
    assert draft["capturedAt"] == yesterday.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def test_twelve_photos_and_no_more(page: Page, site: Site) -> None:
    writing(page, site)
    picture = a_picture(300, 200)
    pick(page, *[(f"{n}.jpg", "image/jpeg", picture) for n in range(14)])
    until(
        page, lambda: [one for one in rows(page, "drafts") if len(one["photos"]) == 12], seconds=40
    )
    assert len(rows(page, "photos")) == 12


# A full phone -----------------------------------------------------------------------------------


def with_room(phone: BrowserContext, page: Page, site: Site, size: int | None) -> None:
    """A phone with so much room for this site, in bytes."""
    session = phone.new_cdp_session(page)
    wish: dict[str, Any] = {"origin": site.url} | ({"quotaSize": size} if size is not None else {})
    session.send("Storage.overrideQuotaForOrigin", wish)


def a_heavy_picture() -> bytes:
    """Nothing but noise, which no JPEG makes small."""
    noise = Image.frombytes("RGB", (1600, 1200), os.urandom(1600 * 1200 * 3))
    taken = io.BytesIO()
    noise.save(taken, "JPEG", quality=95)
    return taken.getvalue()


@pytest.fixture
def bare(new_phone: NewPhone) -> BrowserContext:
    """Without the service worker, whose cache would share the room."""
    return new_phone(service_workers="block")


def test_a_full_phone_says_so_and_keeps_what_it_had(bare: BrowserContext, site: Site) -> None:
    page = bare.new_page()
    with_room(bare, page, site, 700_000)
    writing(page, site)
    pick(page, ("first.jpg", "image/jpeg", a_picture(1600, 1200)))
    kept(page, 1)
    pick(page, ("second.jpg", "image/jpeg", a_heavy_picture()))
    expect(page.get_by_text("second.jpg")).to_be_visible()
    assert len(rows(page, "photos")) == 1
    with_room(bare, page, site, None)
    pick(page, ("third.jpg", "image/jpeg", a_heavy_picture()))
    kept(page, 2)
    drafts = until(page, lambda: [one for one in rows(page, "drafts") if len(one["photos"]) == 2])
    assert set(drafts[0]["photos"]) == {photo["id"] for photo in rows(page, "photos")}


def test_a_full_phone_still_sends_what_it_has(bare: BrowserContext, site: Site) -> None:
    """None of the marks that sending leaves can be written; the report arrives, and once."""
    page = bare.new_page()
    with_room(bare, page, site, 6_000_000)
    page.goto(f"{site.url}/privacy")
    page.locator("nav.tabs").wait_for()
    token = site.resident()
    account = {"id": str(site.account_of(token)), "kind": "guest", "locale": "vi"}
    photos = [a_photo(number) for number in range(2)]
    report = a_report(photos=photos)
    session = {"key": "me", "token": token, "account": account}
    put(page, sessions=[session], photos=photos, drafts=[report])
    with_room(bare, page, site, 1)
    heavy = a_photo(base64="A" * 12_000_000)
    for more in (heavy, a_photo()):  # what the browser took for free is used up: it looks again
        with pytest.raises(Error, match="Quota"):
            put(page, photos=[more])
    page.evaluate("dispatchEvent(new Event('online'))")

    def has_left() -> bool:
        waits = {"queued", "sending"}
        return not any(one["state"] in waits for one in rows(page, "drafts"))

    until(page, has_left)
    assert stored(site, report["id"]) == 1 and photos_of(site, report["id"]) == 2
    assert site.faults.seen.count("POST /api/v1/reports") == 1
