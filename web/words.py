"""The few words that the server itself draws into pages, in both languages side by side. All others
are the app's own, in `web/phone/*/words.ts` and beside its screens.
"""

from app.sentences import Both, both

#: In the first picture of the residents' page: the names of its screens, and what is around them.
PHONE: dict[str, Both] = {
    "around": both("Quanh tôi", "Around me"),
    "new": both("Phản ánh mới", "New report"),
    "mine": both("Của tôi", "Mine"),
    "messages": both("Thông báo", "Messages"),
    "me": both("Tôi", "Me"),
    "reports": both("Phản ánh", "Report"),
    "follow": both("Tra cứu", "Look up"),
    "privacy": both("Quyền riêng tư", "Privacy"),
    "places": both("Các mục", "Places"),
    "add": both("Phản ánh", "Report"),
    "line": both("Tổng đài", "Call"),
    "feed": both("Phản ánh vừa công khai", "Reports published lately"),
    "loading": both("Đang tải", "Loading"),
    "about": both(
        "Phản ánh việc hỏng hóc quanh bạn, và biết đơn vị nào trả lời, trước lúc nào.",
        "Report what is broken around you, and know who answers, and by when.",
    ),
    "no_script_title": both("Trang này cần JavaScript", "This page needs JavaScript"),
    "no_script": both(
        "Trình duyệt của bạn đang tắt JavaScript. Bật lên rồi tải lại, hoặc gọi để phản ánh:",
        "Your browser has JavaScript switched off. Switch it on and load again, or call to report:",
    ),
}

#: A page for a person where there is none, or none now.
TROUBLE: dict[str, Both] = {
    "no_page": both(
        "Không có trang nào ở địa chỉ này. Có thể địa chỉ bị gõ sai hoặc đã cũ.",
        "There is no page at this address. It may be mistyped, or old.",
    ),
    "home": both("Về trang đầu", "To the first page"),
    "call": both("Việc khẩn cấp, hãy gọi:", "If it is urgent, call:"),
    "instance": both("Mã của lần này", "The code of this failure"),
}


def said(words: dict[str, Both], locale: str) -> dict[str, str]:
    return {name: one.vi if locale == "vi" else str(one) for name, one in words.items()}
