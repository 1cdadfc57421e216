"""Reporting: from opening the app to sent, with a thumb, a keyboard, no network, and in danger."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.web.conftest import NewPhone, Shots, watched
from tests.web.hands import violations
from tests.web.scenes import FLOODED
from tests.web.site import Site
from tests.web.waiting import kept, rows, until

DAI_NOI = (16.4698, 107.5786)  # a kilometre from where the phone is
DA_NANG = (16.0678, 108.2208)
SLOWLY = 20_000  # ms: photos are made small one at a time, here by a tenth of a processor
_CODE = re.compile(r"^\d{3}-\d{3}-\d{3}-[A-Z]$")


def taken_at(lat: float, lng: float) -> bytes:
    """A photo of a flooded street that says where it was taken."""
    picture = Image.open(FLOODED)
    exif = picture.getexif()
    exif.get_ifd(IFD.GPSInfo).update(
        {
            GPS.GPSLatitudeRef: "N", GPS.GPSLatitude: _degrees(lat),
            GPS.GPSLongitudeRef: "E", GPS.GPSLongitude: _degrees(lng),
        }
    )  # fmt: skip
    out = BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def _degrees(value: float) -> tuple[float, float, float]:
    minutes = value % 1 * 60
    return float(int(value)), float(int(minutes)), round(minutes % 1 * 60, 4)


def jpeg(data: bytes, name: str = "IMG_0001.jpg") -> Any:
    return {"name": name, "mimeType": "image/jpeg", "buffer": data}


def shoot(page: Page, data: bytes) -> None:
    page.locator("input[capture]").set_input_files(jpeg(data))


def pick(page: Page, *files: Any) -> None:
    page.locator("input[type=file]:not([capture])").set_input_files(list(files))


def new_report(page: Page, site: Site, query: str = "") -> Page:
    """The form, with the city's kinds there and the phone's place found."""
    page.goto(f"{site.url}/new{query}")
    expect(page.locator("#submit-kind label").first).to_be_visible()
    return page


def placed(page: Page) -> Locator:
    return page.locator(".submit-place-text")


def words(page: Page) -> Locator:
    return page.locator("#submit-words textarea")


def send(page: Page) -> None:
    page.locator(".submit-bar .button-primary").click()


def code_of_what_was_sent(page: Page) -> str:
    shown = page.locator(".submit-code-big")
    expect(shown).to_have_text(_CODE, timeout=SLOWLY)
    return shown.inner_text()


def stored(site: Site, code: str, column: str) -> Any:
    return site.scalar(
        f"select {column} from report where code = :code", code=code.replace("-", "")
    )


@pytest.fixture
def english(new_phone: NewPhone) -> Iterator[Page]:
    page = new_phone(locale="en-GB").new_page()
    complaints = watched(page)
    yield page
    assert complaints == []


@pytest.fixture
def elsewhere(new_phone: NewPhone) -> Iterator[Page]:
    """A phone in Đà Nẵng."""
    where = {"latitude": DA_NANG[0], "longitude": DA_NANG[1], "accuracy": 20}
    page = new_phone(geolocation=where).new_page()
    complaints = watched(page)
    yield page
    assert complaints == []


# The whole path ---------------------------------------------------------------------------------


def test_a_photo_and_where_one_stands_are_sent_within_five_taps(
    page: Page, site: Site, shots: Shots
) -> None:
    page.goto(site.url)
    page.locator("nav.tabs").wait_for()

    taps = 0
    page.get_by_role("link", name="Phản ánh", exact=True).tap()
    taps += 1
    with page.expect_file_chooser() as camera:
        page.get_by_label("Chụp ảnh").tap()
        taps += 1
    camera.value.set_files(jpeg(FLOODED.read_bytes()))  # the shutter
    taps += 1
    page.get_by_role("button", name="Gửi phản ánh").tap()
    taps += 1

    code = code_of_what_was_sent(page)
    shots(page, "sent-vi")
    assert taps <= 5
    assert stored(site, code, "round(lat::numeric, 4)::text") == "16.4675"
    assert stored(site, code, "consent") == "2026-11"
    assert stored(site, code, "(select count(*) from photo where report_id = report.id)") == 1
    assert violations(page) == []

    page.get_by_role("link", name="Xem phản ánh này").tap()
    expect(page).to_have_url(re.compile("/reports/"))
    page.get_by_role("button", name="Quay lại").tap()
    expect(page).to_have_url(f"{site.url}/")


def test_a_real_phones_photo_arrives(page: Page, site: Site, shared_data: Path) -> None:
    real = shared_data / "photos" / "good" / "phone_HTC_One.jpg"
    new_report(page, site)
    shoot(page, real.read_bytes())
    expect(page.locator(".submit-photo img")).to_be_visible(timeout=SLOWLY)
    send(page)
    code = code_of_what_was_sent(page)
    assert stored(site, code, "(select count(*) from photo where report_id = report.id)") == 1


def test_words_alone_in_english_with_the_kind_they_speak_of(
    english: Page, site: Site, shots: Shots
) -> None:
    page = new_report(english, site)
    words(page).fill("The street light at alley 12 has been out for a week")
    expect(page.get_by_role("radio", name="Street lighting")).to_be_checked()
    shots(page, "words-en")

    send(page)

    expect(page.get_by_role("alert")).to_contain_text("Still needed: an answer to “What is wrong?”")
    expect(page.get_by_role("radio", name="One lamp is out")).to_be_focused()
    shots(page, "missing-en")
    assert violations(page) == []

    page.get_by_text("A whole stretch is out").click()
    page.get_by_label("House number, alley, landmark").fill("Alley 12")
    send(page)

    code = code_of_what_was_sent(page)
    expect(page.get_by_text("3 working days from when it is accepted")).to_be_visible()
    assert stored(site, code, "answers ->> 'tinh-trang'") == "ca-doan"
    assert stored(site, code, "place_note") == "Alley 12"
    shots(page, "sent-en")


def test_the_kind_follows_the_words_until_one_is_chosen(page: Page, site: Site) -> None:
    new_report(page, site)
    words(page).fill("duong co o ga to")
    expect(page.get_by_role("radio", name="Mặt đường, vỉa hè hỏng")).to_be_checked()
    page.get_by_role("button", name="Khác", exact=True).click()
    page.get_by_label("Tìm loại việc").fill("tieng on")
    page.get_by_role("button", name="Tiếng ồn").click()
    words(page).fill("Đống rác bốc mùi")
    page.wait_for_timeout(600)
    expect(page.get_by_role("radio", name="Tiếng ồn")).to_be_checked()

    page.get_by_role("button", name="Khác", exact=True).click()
    page.get_by_label("Tìm loại việc").fill("xyzzy")
    page.get_by_role("dialog").get_by_role("button", name="Việc khác").click()
    expect(page.get_by_role("radio", name="Việc khác")).to_be_checked()


def test_nothing_said_is_told_and_the_field_has_the_focus(page: Page, site: Site) -> None:
    new_report(page, site)
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("một tấm ảnh hoặc vài chữ")
    expect(words(page)).to_be_focused()


def test_with_no_network_it_waits_and_goes_by_itself(
    page: Page, phone: BrowserContext, site: Site, shots: Shots
) -> None:
    new_report(page, site)
    expect(placed(page)).to_contain_text("Thuận Hóa")
    page.wait_for_load_state("networkidle")
    phone.set_offline(True)
    expect(page.get_by_text("Chưa có mạng").first).to_be_visible()
    words(page).fill("Đống rác bốc mùi trước chợ")
    shots(page, "offline")
    page.get_by_role("button", name="Lưu, gửi khi có mạng").click()
    expect(page.get_by_role("heading", name="Đã giữ trong máy", level=1)).to_be_visible()
    expect(page.get_by_text("Mã sẽ hiện ở đây khi gửi xong.")).to_be_visible()
    shots(page, "queued")

    phone.set_offline(False)

    assert stored(site, code_of_what_was_sent(page), "description") == "Đống rác bốc mùi trước chợ"
    expect(page.get_by_role("heading", name="Đã gửi", level=1)).to_be_visible()


def test_keys_alone_send_a_report(page: Page, site: Site) -> None:
    new_report(page, site)
    expect(placed(page)).to_contain_text("Thuận Hóa")
    tab_to(page, words(page))
    page.keyboard.type("Cây đổ chắn đường")
    tree = page.get_by_role("radio", name="Cây xanh")
    expect(tree).to_be_checked()
    tab_to(page, page.locator("#question-can-tro"), "Shift+Tab")
    blocked = page.get_by_role("radio", name="Chắn đường đi")
    for _ in range(4):
        if not blocked.is_checked():
            page.keyboard.press("ArrowDown")
    expect(blocked).to_be_checked()
    tab_to(page, page.get_by_role("button", name="Gửi phản ánh"))
    page.keyboard.press("Enter")
    code = code_of_what_was_sent(page)
    assert stored(site, code, "answers ->> 'can-tro'") == "duong"
    expect(page.get_by_role("heading", name=re.compile("Đã gửi|Đang gửi"), level=2)).to_be_focused()


def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press it until the focus is there, or within."""
    for _ in range(60):
        page.keyboard.press(key)
        if wanted.evaluate("element => element.contains(document.activeElement)"):
            return
    raise AssertionError(f"{key} never comes to {wanted}")


# Danger -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("Nhà bên đang cháy", "114"),
        ("nguoi bi dien giat", "115"),
        ("They fight with a knife", "113"),
    ],
)
def test_words_of_danger_show_whom_to_call_before_all_else(
    page: Page, phone: BrowserContext, site: Site, said: str, number: str, shots: Shots
) -> None:
    new_report(page, site)
    page.wait_for_load_state("networkidle")
    phone.set_offline(True)
    words(page).fill(said)

    panel = page.locator(".submit-danger")
    first = panel.get_by_role("link").first
    expect(first).to_have_attribute("href", f"tel:{number}")
    above = page.locator(".submit > *").nth(1)
    expect(above).to_have_class("submit-danger")
    numbers = [link.get_attribute("href") for link in panel.get_by_role("link").all()]
    assert {"tel:113", "tel:114", "tel:115", "tel:19001075"} <= set(numbers)
    expect(page.locator(f".submit-strip a[href='tel:{number}']")).to_be_in_viewport()
    shots(page, f"danger-{number}")
    assert violations(page) == []

    panel.get_by_role("button", name="Vẫn gửi phản ánh").click()
    expect(panel).to_have_count(0)
    expect(words(page)).to_have_value(said)


def test_a_dangerous_answer_and_an_urgent_kind_show_it_too(page: Page, site: Site) -> None:
    new_report(page, site, "?category=ngap-nuoc")
    panel = page.locator(".submit-danger")
    expect(panel).to_have_count(0)
    page.get_by_text("Trên đầu gối").click()
    expect(panel).to_be_visible()

    new_report(page, site, "?category=dien-nguy-hiem")
    lines = panel.get_by_role("link")
    expect(lines.first).to_have_attribute("href", "tel:19001909")
    expect(lines.nth(1)).to_have_attribute("href", "tel:115")


def test_the_numbers_are_one_tap_away_at_any_time(page: Page, site: Site) -> None:
    new_report(page, site)
    page.get_by_role("button", name="Đang nguy hiểm?").click()
    expect(page.get_by_role("link", name=re.compile("^113"))).to_be_visible()


# The place --------------------------------------------------------------------------------------


def test_an_older_photo_from_elsewhere_says_where_it_is(
    page: Page, site: Site, shots: Shots
) -> None:
    new_report(page, site)
    expect(placed(page)).to_contain_text("sai số khoảng 8 m")
    pick(page, jpeg(taken_at(*DAI_NOI)))
    expect(placed(page)).to_contain_text(re.compile("lấy từ ảnh", re.IGNORECASE))
    expect(page.get_by_text("Ảnh chụp ở chỗ khác, cách bạn 1,1 km.")).to_be_visible()
    shots(page, "photo-elsewhere")
    page.get_by_role("button", name="Dùng chỗ tôi đứng").click()
    expect(placed(page)).to_contain_text(re.compile("vị trí của máy", re.IGNORECASE))

    page.get_by_role("button", name="Dùng nơi chụp ảnh").click()
    send(page)

    code = code_of_what_was_sent(page)
    assert stored(site, code, "round(lng::numeric, 4)::text") == "107.5786"


def test_a_photo_that_is_removed_takes_its_place_along(new_phone: NewPhone, site: Site) -> None:
    page = new_phone(permissions=[], geolocation=None).new_page()
    new_report(page, site)
    pick(page, jpeg(taken_at(*DAI_NOI)))
    expect(placed(page)).to_contain_text(re.compile("lấy từ ảnh", re.IGNORECASE))

    page.get_by_role("button", name="Bỏ ảnh 1", exact=True).click()

    expect(placed(page)).to_contain_text("Chưa có vị trí")
    pick(page, jpeg(taken_at(16.4675, 107.5885)))
    expect(placed(page)).to_contain_text("Thuận Hóa")
    send(page)
    code = code_of_what_was_sent(page)
    assert stored(site, code, "round(lng::numeric, 4)::text") == "107.5885"


def test_a_search_that_fails_does_not_say_that_the_place_is_nowhere(page: Page, site: Site) -> None:
    new_report(page, site)
    expect(placed(page)).to_contain_text("Thuận Hóa")
    page.get_by_role("button", name="Sửa vị trí").click()
    site.faults.where, site.faults.status, site.faults.times = r"/places/search", 503, 99

    page.get_by_label("Tìm phường, xã, địa điểm").fill("xyzzy")

    told = page.locator("p.muted", has_text="Chưa tìm được đường và địa chỉ lúc này")
    expect(told).to_be_visible()
    expect(page.get_by_text("Không tìm thấy tên này")).to_have_count(0)


def test_the_photo_that_was_refused_is_the_one_that_is_marked(
    page: Page, site: Site, shots: Shots
) -> None:
    new_report(page, site)
    pick(page, *(jpeg(FLOODED.read_bytes() + bytes([n]), f"{n}.jpg") for n in range(2)))
    expect(page.locator(".submit-photo img")).to_have_count(2, timeout=SLOWLY)
    site.faults.where, site.faults.status, site.faults.times = r"^PUT /api/v1/photos/", 413, 1

    send(page)

    expect(page.get_by_role("heading", name="Phản ánh chưa gửi được")).to_be_visible()
    expect(page.locator(".submit-photo-refused")).to_have_count(1)
    expect(page.locator(".submit-photo").first).to_contain_text("Ảnh bị từ chối")
    shots(page, "refused-photo")
    assert violations(page) == []


def test_what_another_tab_took_back_and_changed_is_what_is_shown(
    page: Page, phone: BrowserContext, site: Site
) -> None:
    new_report(page, site)
    words(page).fill("Đống rác bốc mùi")
    page.wait_for_load_state("networkidle")
    phone.set_offline(True)
    page.get_by_role("button", name="Lưu, gửi khi có mạng").click()
    expect(page.get_by_role("heading", name="Đã giữ trong máy", level=1)).to_be_visible()

    other = phone.new_page()
    other.goto(f"{site.url}/mine")
    other.get_by_role("button", name="Sửa").first.click()
    expect(words(other)).to_have_value("Đống rác bốc mùi")

    expect(words(page)).to_have_value("Đống rác bốc mùi")


def test_without_leave_to_know_the_place_there_are_other_ways(
    new_phone: NewPhone, site: Site, shots: Shots
) -> None:
    page = new_phone(permissions=[], geolocation=None).new_page()
    complaints = watched(page)
    new_report(page, site)
    expect(placed(page)).to_contain_text("Chưa có vị trí")
    words(page).fill("Đống rác bốc mùi")
    send(page)
    expect(page.get_by_role("alert").last).to_contain_text("nơi xảy ra")
    shots(page, "no-place")

    page.get_by_role("button", name="Chọn nơi").click()
    page.get_by_label("Tìm phường, xã, địa điểm").fill("vy da")
    page.get_by_role("button", name="Phường Vỹ Dạ").first.click()
    page.get_by_role("button", name="Xong").click()
    expect(placed(page)).to_contain_text("Vỹ Dạ")
    send(page)

    code_of_what_was_sent(page)
    assert complaints == []


def test_a_place_that_everybody_knows_is_found_with_no_network(page: Page, site: Site) -> None:
    new_report(page, site)
    expect(placed(page)).to_contain_text("Thuận Hóa")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.get_by_role("button", name="Sửa vị trí").click()
    page.get_by_label("Tìm phường, xã, địa điểm").fill("cho dong ba")
    page.get_by_role("button", name="chợ Đông Ba").click()
    page.get_by_role("button", name="Xong").click()
    expect(placed(page)).to_contain_text("chợ Đông Ba")
    expect(placed(page)).to_contain_text("Phường Phú Xuân")


def test_a_pin_is_moved_without_a_map(page: Page, site: Site, shots: Shots) -> None:
    new_report(page, site)
    expect(placed(page)).to_contain_text("Thuận Hóa")
    page.locator("#submit-place").get_by_role("button", name="Sửa").click()
    page.get_by_role("button", name="Bắc").click()
    shots(page, "place-sheet")
    assert violations(page) == []
    page.get_by_role("button", name="Xong").click()
    expect(placed(page)).to_contain_text(re.compile("bạn đặt trên bản đồ", re.IGNORECASE))


def test_outside_the_city_is_told_before_sending(elsewhere: Page, site: Site, shots: Shots) -> None:
    page = new_report(elsewhere, site)
    told = page.locator("#submit-outside")  # the server's own word, after the phone's guess
    expect(told).to_have_text(re.compile(r"^Điểm này ở ngoài thành phố, cách ranh giới .*km"))
    words(page).fill("Đống rác bốc mùi")
    before = site.reports_stored()
    send(page)
    expect(page.get_by_role("alert").last).to_contain_text("một điểm trong thành phố")
    shots(page, "outside")
    assert site.reports_stored() == before


def test_what_the_server_refuses_stays_and_is_put_right(
    elsewhere: Page, site: Site, shots: Shots
) -> None:
    page = new_report(elsewhere, site)
    expect(page.locator("#submit-outside")).to_be_visible()
    kept(page)
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.reload()  # from here on the phone itself knows the outlines alone
    page.locator("#submit-kind label").first.wait_for()
    expect(page.locator("#submit-outside")).to_contain_text("có vẻ ở ngoài thành phố")
    shoot(page, FLOODED.read_bytes())
    words(page).fill("Đống rác bốc mùi")
    expect(page.locator(".submit-photo img")).to_be_visible(timeout=SLOWLY)
    page.get_by_role("button", name="Lưu, gửi khi có mạng").click()
    expect(page.get_by_role("heading", name="Đã giữ trong máy", level=1)).to_be_visible()

    page.context.set_offline(False)

    expect(page.get_by_role("heading", name="Phản ánh chưa gửi được")).to_be_visible()
    expect(page.locator(".submit-refused")).to_contain_text("ngoài thành phố")
    expect(words(page)).to_have_value("Đống rác bốc mùi")
    expect(page.locator(".submit-photo img")).to_be_visible(timeout=SLOWLY)
    shots(page, "refused")
    assert violations(page) == []

    page.locator("#submit-place").get_by_role("button", name="Sửa").click()
    page.get_by_text("Chọn phường, xã trong danh sách").click()
    page.get_by_role("button", name="Phường Thuận Hóa").click()
    page.get_by_role("button", name="Xong").click()
    expect(placed(page)).to_contain_text("Thuận Hóa")
    send(page)
    assert stored(site, code_of_what_was_sent(page), "description") == "Đống rác bốc mùi"


# Photos, drafts ---------------------------------------------------------------------------------


def test_photos_are_dropped_brought_back_and_put_in_order(
    page: Page, site: Site, shots: Shots
) -> None:
    new_report(page, site)
    pick(page, *(jpeg(FLOODED.read_bytes() + bytes([n]), f"{n}.jpg") for n in range(3)))
    tiles = page.locator(".submit-photo img")
    expect(tiles).to_have_count(3, timeout=SLOWLY)
    page.get_by_role("button", name="Bỏ ảnh 2", exact=True).click()
    expect(tiles).to_have_count(2)
    page.get_by_role("button", name="Hoàn tác").click()
    expect(tiles).to_have_count(3)

    last = tiles.nth(2).get_attribute("src")
    page.get_by_role("button", name="Xem và sửa ảnh 3").click()
    shots(page, "photo-sheet")
    page.get_by_role("button", name="Đưa lên đầu").click()
    page.keyboard.press("Escape")
    expect(tiles.first).to_have_attribute("src", str(last))


def test_what_is_no_photo_says_so_and_twelve_are_enough(page: Page, site: Site) -> None:
    new_report(page, site)
    pick(page, {"name": "hỏng.jpg", "mimeType": "image/jpeg", "buffer": b"no picture at all"})
    expect(page.get_by_text("hỏng.jpg: máy không đọc được.")).to_be_visible()
    small = BytesIO()
    Image.new("RGB", (40, 30), "grey").save(small, "JPEG")
    pick(page, *(jpeg(small.getvalue() + bytes([n]), f"{n}.jpg") for n in range(13)))
    expect(page.locator(".submit-photo img")).to_have_count(12, timeout=SLOWLY)
    expect(page.get_by_text("Mỗi phản ánh có tối đa 12 ảnh.")).to_be_visible()
    expect(page.locator("input[capture]")).to_have_count(0)


def test_a_draft_is_there_after_the_page_was_closed(page: Page, site: Site) -> None:
    new_report(page, site)
    shoot(page, FLOODED.read_bytes())
    words(page).fill("Nước đen chảy ra hồ")
    page.get_by_text("Ô nhiễm nước").click()
    expect(page.locator(".submit-photo img")).to_be_visible(timeout=SLOWLY)
    until(page, lambda: "draft=" in page.url)
    page.wait_for_timeout(500)
    page.reload()
    expect(words(page)).to_have_value("Nước đen chảy ra hồ")
    expect(page.locator(".submit-photo img")).to_be_visible(timeout=SLOWLY)
    expect(page.get_by_role("radio", name="Ô nhiễm nước")).to_be_checked()


def test_closing_keeps_the_draft_or_lets_it_go_and_come_back(page: Page, site: Site) -> None:
    new_report(page, site)
    words(page).fill("Chợ ồn ào")
    page.get_by_role("button", name="Đóng, giữ bản nháp").click()
    expect(page.get_by_text("Đã giữ bản nháp.")).to_be_visible()
    page.get_by_role("button", name="Bỏ đi").click()
    expect(page.get_by_text("Đã bỏ bản nháp.")).to_be_visible()
    page.get_by_role("button", name="Hoàn tác").click()
    until(page, lambda: rows(page, "drafts"))
    new_report(page, site)
    expect(page.get_by_text("Bạn còn 1 bản nháp đang viết dở")).to_be_visible()


def test_names_and_numbers_are_warned_of_gently(page: Page, site: Site) -> None:
    new_report(page, site)
    words(page).fill("Cống nghẹt ở đường Nguyễn Huệ")
    expect(page.locator(".submit-warning")).to_have_text("")
    words(page).fill("Hỏi anh Nam ở đường Nguyễn Huệ, 0905 123 456")
    expect(page.locator(".submit-warning")).to_contain_text("sẽ được che trước khi công khai")
    expect(page.locator(".submit-warning")).to_contain_text("Tên không tự che được")


# Others' reports, other channels, who one is ----------------------------------------------------


def test_a_report_like_it_nearby_is_supported_instead(page: Page, site: Site, shots: Shots) -> None:
    known = site.submits(category="dong-vat", description="Bò đứng giữa đường", lat=16.4676)
    site.accepted(known["id"])
    new_report(page, site)
    words(page).fill("Trâu bò đi lang thang")
    same = page.locator(".submit-same", has_text="Bò đứng giữa đường")
    expect(same).to_contain_text("cách 10 m")
    same.scroll_into_view_if_needed()
    shots(page, "similar")
    assert violations(page) == []

    same.get_by_role("button", name="Tôi cũng gặp").click()

    expect(page.get_by_role("heading", name="Cảm ơn bạn", level=1)).to_be_visible()
    shots(page, "thanks")
    until(page, lambda: site.call("GET", f"/reports/{known['id']}")["supporters"] == 1)
    before = site.reports_stored()

    page.get_by_role("button", name="Gửi riêng phản ánh của tôi").click()

    expect(words(page)).to_have_value("Trâu bò đi lang thang")
    send(page)
    code_of_what_was_sent(page)
    assert site.reports_stored() == before + 1


def test_corruption_is_not_taken_here_and_the_law_is_told(
    page: Page, site: Site, shots: Shots
) -> None:
    new_report(page, site)
    words(page).fill("Cán bộ đòi phong bì, nhận hối lộ")
    expect(page.get_by_role("heading", name="Việc này không nhận ở đây")).to_be_visible()
    expect(page.locator(".submit-legal")).to_contain_text("Thanh tra thành phố Huế")
    expect(page.get_by_role("button", name="Gửi phản ánh")).to_have_count(0)
    page.locator(".submit-legal").scroll_into_view_if_needed()
    shots(page, "legal")


def test_who_reads_a_private_kind_is_told(page: Page, site: Site) -> None:
    new_report(page, site, "?category=y-te")
    expect(page.get_by_text("Chỉ trung tâm và đơn vị xử lý đọc, không công khai.")).to_be_visible()


def test_an_anonymous_report_belongs_to_nobody_else(page: Page, site: Site, shots: Shots) -> None:
    new_report(page, site)
    words(page).fill("Loa kẹo kéo hát đến khuya")
    page.get_by_text("Sau 22 giờ").click()
    page.get_by_role("button", name=re.compile("Ai biết bạn là ai?")).click()
    page.get_by_text("Ẩn danh", exact=True).click()
    expect(page.get_by_text("mất máy hoặc xóa dữ liệu là không tìm lại được")).to_be_visible()
    shots(page, "identity")
    send(page)
    code = code_of_what_was_sent(page)
    assert stored(site, code, "identity::text") == "anonymous"
    expect(page.get_by_text("chỉ máy này xem được diễn biến")).to_be_visible()
