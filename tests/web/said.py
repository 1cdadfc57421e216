"""What stands on the screens in Vietnamese and in English, and what a resident writes in each: the
stories (`test_story*.py`) are played in both with these words.
"""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

CODE = re.compile(r"^\d{3}-\d{3}-\d{3}-[A-Z]$")


@dataclass(frozen=True)
class Said:
    """The words of one language."""

    locale: str
    # The five places
    around: str
    mine: str
    report: str
    messages: str
    # Writing
    words: str
    kind: str
    send: str
    save: str
    waits: re.Pattern[str]
    # In danger
    danger: str
    danger_kind: str
    call_first: str
    more_numbers: str
    go_on: str
    urgent: str
    # A neighbour's report of the same
    me_too: str
    thanks: str
    following: str
    followed: str
    # Asked, answered, done or not
    asked: str
    your_answer: str
    answer: str
    send_answer: str
    done: str
    not_done: str
    whats_left: str
    left: str
    send_not_done: str
    stars: str
    rate: str
    rated: str
    # Taken back, refused
    withdraw: str
    withdraw_yes: str
    why_refused: str
    unclear: str
    look_again: str
    why_again: str
    again: str
    send_again: str
    # Where it stands
    sent: str
    accepted: str
    at_work: str
    closed: str
    withdrawn: str
    # By a number, by a code, by a ward
    number: str
    send_code: str
    six: str
    signed_in: str
    came: str
    keep_them: str
    look_up: str
    code: str
    find: str
    follow: str
    a_ward: str
    ward: str
    vy_da: str
    following_ward: str
    read_all: str
    unread: str


VI = Said(
    locale="vi-VN", around="Quanh tôi", mine="Của tôi", report="Phản ánh", messages="Thông báo",
    words="Cống nghẹt, nước ngập tới đầu gối", kind="Ngập úng, thoát nước",
    send="Gửi phản ánh", save="Lưu, gửi khi có mạng",
    waits=re.compile("sẽ tự gửi|chưa có mạng", re.IGNORECASE),
    danger="Dây điện đứt rơi xuống đường, có người bị điện giật",
    danger_kind="Dây điện sà, hở điện", call_first="Có nguy hiểm thì gọi trước",
    more_numbers="Các số khác", go_on="Vẫn gửi phản ánh", urgent="Phản ánh này được đánh dấu khẩn",
    me_too="Tôi cũng gặp", thanks="Cảm ơn bạn", following="Bạn đang theo dõi việc này.",
    followed="Tôi theo dõi",
    asked="Trước số nhà nào?", your_answer="Bạn trả lời", answer="Trước số 27 Lê Lợi",
    send_answer="Gửi trả lời", done="Xong rồi", not_done="Chưa xong",
    whats_left="Còn gì chưa xong?", left="Mưa là lại ngập", send_not_done="Gửi: chưa xong",
    stars="5 trên 5 sao", rate="Gửi đánh giá", rated="Bạn đã chấm 5 trên 5 sao.",
    withdraw="Rút phản ánh", withdraw_yes="Rút phản ánh", why_refused="Vì sao không tiếp nhận",
    unclear="Chưa rõ việc gì, ở đâu.", look_again="Đề nghị xem lại",
    why_again="Vì sao nên xem lại?", again="Ngay cổng trường Quốc Học", send_again="Gửi đề nghị",
    sent="Mới gửi", accepted="Đã tiếp nhận", at_work="Đang xử lý", closed="Đã kết thúc",
    withdrawn="Đã rút",
    number="Số điện thoại", send_code="Gửi mã cho tôi", six="Mã 6 số",
    signed_in="Bạn đã đăng nhập", came="1 phản ánh trên máy này đã về tài khoản của bạn.",
    keep_them="Đăng nhập để giữ khi đổi máy",
    look_up="Tra mã", code="Mã phản ánh", find="Tìm", follow="Theo dõi",
    a_ward="Phường, xã", ward="Tên phường, xã", vy_da="Phường Vỹ Dạ",
    following_ward="Đang theo dõi: Phường Vỹ Dạ.", read_all="Đánh dấu đã đọc hết",
    unread="chưa đọc",
)  # fmt: skip
EN = Said(
    locale="en-GB", around="Around me", mine="Mine", report="Report", messages="Messages",
    words="A blocked drain, flooding up to the knee", kind="Flooding and drains",
    send="Send report", save="Save, send when online",
    waits=re.compile("no network|sends? itself|by itself", re.IGNORECASE),
    danger="A fallen wire in the street, somebody got an electric shock",
    danger_kind="Dangerous electricity", call_first="In danger, call first",
    more_numbers="More numbers", go_on="Go on with the report", urgent="This is marked urgent",
    me_too="Me too", thanks="Thank you", following="You follow this report.", followed="I follow",
    asked="Trước số nhà nào?", your_answer="Your answer", answer="In front of 27 Lê Lợi",
    send_answer="Send answer", done="It is done", not_done="Not done",
    whats_left="What is left to do?", left="It floods again with each rain",
    send_not_done="Send: not done",
    stars="5 of 5 stars", rate="Send rating", rated="You gave 5 of 5 stars.",
    withdraw="Withdraw report", withdraw_yes="Withdraw it", why_refused="Why it was not accepted",
    unclear="It is unclear what is wrong, or where.", look_again="Ask to look again",
    why_again="Why should they look again?", again="Right at the gate of Quốc Học school",
    send_again="Send request",
    sent="Sent", accepted="Accepted", at_work="In progress", closed="Closed",
    withdrawn="Withdrawn",
    number="Phone number", send_code="Send me a code", six="Six-digit code",
    signed_in="You are signed in", came="The report on this phone is in your account now.",
    keep_them="Sign in to keep them when you change phones",
    look_up="By code", code="Report code", find="Find", follow="Follow",
    a_ward="Ward", ward="Name of the ward", vy_da="Vy Da Ward",
    following_ward="You follow Vy Da Ward.", read_all="Mark all as read", unread="unread",
)  # fmt: skip

in_both_languages = pytest.mark.parametrize("said", [VI, EN], ids=["vi", "en"])


def place(page: Page, name: str) -> None:
    """To one of the five places at the foot of the screen."""
    foot = page.get_by_role("navigation")
    foot.get_by_role("link", name=re.compile(f"^{name}|{name}$")).tap()


def reported(page: Page, said: Said) -> str:
    """Somebody opens the app, tells of a flood, and sends it from where they stand; its code."""
    page.goto("/")
    place(page, said.report)
    page.locator("#submit-words textarea").fill(said.words)
    expect(page.get_by_role("radio", name=said.kind)).to_be_checked()
    page.get_by_role("button", name=said.send).tap()
    code = page.locator(".submit-code-big")
    expect(code).to_have_text(CODE)
    return code.inner_text()
