"""What a screen reader is given while a report is made: names, roles and order of the form, what is
said aloud without being asked (danger, what is missing, where it stands, the code), and where the
focus is after each step. Whether it reads well is for ears; `axe` looks at each screen elsewhere.
"""

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.web.conftest import NewPhone
from tests.web.said import CODE, Said, in_both_languages, place
from tests.web.site import Site
from tests.web.waiting import kept

#: Live regions keep here what they were given, as a reader would say it: `status` politely, `alert`
#: at once. A region that appears with its words is told when it is an alert.
LISTEN = """
window.heard = [];
const regions = "[role=alert], [role=status], [aria-live=polite], [aria-live=assertive]";
const spoken = (region) => region.innerText.replace(/\\s+/g, " ").trim();
const last = new WeakMap();
const say = (region) => {
  const text = spoken(region);
  if (!text || last.get(region) === text) return;
  last.set(region, text);
  heard.push(`${region.getAttribute("role") ?? region.getAttribute("aria-live")}: ${text}`);
};
const look = () => {
  for (const region of document.querySelectorAll(regions)) {
    const known = last.has(region);
    const at_once = region.getAttribute("role") === "alert";
    if (known || at_once) say(region);
    else last.set(region, spoken(region));
  }
};
new MutationObserver(look).observe(document, {
  childList: true, subtree: true, characterData: true,
});
"""


@pytest.fixture
def phone(new_phone: NewPhone) -> BrowserContext:
    context = new_phone()
    context.add_init_script(LISTEN)
    return context


def heard(page: Page, what: str) -> None:
    """This was said by itself."""
    page.wait_for_function(
        "what => heard.some(one => new RegExp(what).test(one))", arg=what, timeout=20_000
    )


def forget(page: Page) -> None:
    page.evaluate("heard.length = 0")


def focused(page: Page) -> Locator:
    return page.locator(":focus")


def in_the_form(page: Page) -> Locator:
    page.goto("/")
    place(page, "Phản ánh")
    expect(page.locator("#submit-kind label").first).to_be_visible()
    expect(page.locator(".submit-place-text")).to_contain_text("Thuận Hóa")
    return page.get_by_role("main")


def test_the_form_is_read_in_the_order_in_which_it_is_filled(page: Page, site: Site) -> None:
    form = in_the_form(page)
    expect(form).to_match_aria_snapshot("""
    - button "Đóng, giữ bản nháp"
    - heading "Phản ánh mới" [level=1]
    - link /Tổng đài/
    - button "Đang nguy hiểm?"
    - region "Ảnh":
      - list:
        - listitem:
          - button "Chụp ảnh"
        - listitem:
          - button "Chọn từ máy"
    - region "Ở đâu?":
      - button /Sửa/
      - textbox "Số nhà, kiệt, mốc gần đó"
    - group "Đây là việc gì?":
      - radio
      - radio
      - radio
      - radio
      - button "Khác"
    - textbox "Kể ngắn gọn"
    - button /Ai biết bạn là ai/
    - button "Gửi phản ánh"
    - status
    """)


def test_questions_come_with_their_own_names_and_what_must_be_answered(
    page: Page, site: Site
) -> None:
    form = in_the_form(page)
    page.get_by_label("Kể ngắn gọn").fill("Đèn đường tắt ba hôm nay")
    expect(page.get_by_role("radio", name="Đèn đường")).to_be_checked()
    heard(page, "Máy đoán theo lời bạn viết")
    expect(form).to_match_aria_snapshot("""
    - group /cần trả lời/:
      - radio "Tắt một bóng"
      - radio "Tắt cả đoạn"
    """)


def test_danger_is_said_at_once_and_asking_for_it_leads_there(page: Page, site: Site) -> None:
    in_the_form(page)
    words = page.get_by_label("Kể ngắn gọn")
    words.fill("Nhà bên đang cháy")
    heard(page, "^alert: Có nguy hiểm thì gọi trước .*114")
    expect(words).to_be_focused()  # it is said, and does not take the pen away

    panel = page.get_by_role("alert").filter(has_text="Có nguy hiểm thì gọi trước")
    expect(panel).to_match_aria_snapshot("""
    - alert "Có nguy hiểm thì gọi trước":
      - heading "Có nguy hiểm thì gọi trước" [level=2]
      - paragraph
      - list:
        - listitem:
          - link /114/
    """)
    panel.get_by_role("button", name="Vẫn gửi phản ánh").click()
    page.get_by_role("button", name="Đang nguy hiểm?").click()
    expect(page.get_by_role("heading", name="Có nguy hiểm thì gọi trước")).to_be_focused()


def test_what_is_missing_is_said_and_the_focus_is_there(page: Page, site: Site) -> None:
    in_the_form(page)
    page.get_by_role("button", name="Gửi phản ánh").click()
    heard(page, "^alert: Còn thiếu: một tấm ảnh hoặc vài chữ")
    expect(page.get_by_label("Kể ngắn gọn")).to_be_focused()


@in_both_languages
def test_sending_says_where_it_stands_and_then_the_code(
    new_phone: NewPhone, site: Site, said: Said
) -> None:
    context = new_phone(locale=said.locale)
    context.add_init_script(LISTEN)
    page = context.new_page()
    page.goto("/")
    kept(page)
    place(page, said.report)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.locator("#submit-kind label").first).to_be_visible()
    expect(page.locator(".submit-place-text")).to_contain_text("Thu")
    page.locator("#submit-words textarea").fill(said.words)
    context.set_offline(True)
    heard(page, "^status: .*(sẽ tự gửi|tự gửi khi|will be sent|sent once)")
    page.get_by_role("button", name=said.save).click()
    expect(page.locator(".submit-sent h2").first).to_be_focused()
    forget(page)

    context.set_offline(False)

    code = page.locator(".submit-code-big")
    expect(code).to_have_text(CODE)
    heard(page, "^polite: .*" + code.inner_text())
    heard(page, "^status: (Đã gửi|Sent)")


def test_each_place_is_announced_by_its_heading(page: Page, site: Site) -> None:
    page.goto("/")
    page.locator("nav.tabs").wait_for()
    for name in ("Của tôi", "Thông báo", "Tôi", "Quanh tôi", "Phản ánh"):
        place(page, name)
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_be_focused()
        shown = heading.inner_text()
        expect(page).to_have_title(re.compile(re.escape(shown)))


def test_a_closed_sheet_gives_the_focus_back_to_what_opened_it(page: Page, site: Site) -> None:
    form = in_the_form(page)
    opened_by: dict[str, Any] = {
        "Việc này ở đâu?": form.get_by_role("button", name="Sửa vị trí"),
        "Chọn loại việc": form.get_by_role("button", name="Khác", exact=True),
    }
    for title, opener in opened_by.items():
        opener.press("Enter")
        sheet = page.get_by_role("dialog", name=title)
        expect(sheet).to_be_visible()
        expect(sheet.locator(":focus")).to_have_count(1)
        page.keyboard.press("Escape")
        expect(sheet).to_have_count(0)
        expect(opener).to_be_focused()


def test_a_sent_report_and_its_page_are_read_from_their_headings(page: Page, site: Site) -> None:
    in_the_form(page)
    page.get_by_label("Kể ngắn gọn").fill("Đống rác bốc mùi trước đình")
    page.get_by_role("button", name="Gửi phản ánh").click()
    code = page.locator(".submit-code-big")
    expect(code).to_have_text(CODE)
    expect(focused(page)).to_have_text(re.compile("Đã gửi|Đang gửi"))
    spoken = code.inner_text()

    page.get_by_role("link", name="Xem phản ánh").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text(spoken)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_role("main")).to_match_aria_snapshot("""
    - heading /\\d+-\\d+-\\d+-[A-Z]/ [level=1]
    - heading "Đống rác bốc mùi trước đình" [level=2]
    """)
