"""Numbers that point at a person are hidden in what is published; the rest stays to the letter."""

import re

import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from reports.codes import new_code, spoken
from reports.masking import MASK, mask_numbers, normalise

HIDDEN = [
    # telephones
    ("Gọi tôi 0905123456 nhé", "Gọi tôi ••• nhé"),
    ("Gọi tôi 0905 123 456.", "Gọi tôi •••."),
    ("LH: 0905.123.456 (Lan)", "LH: ••• (Lan)"),
    ("sđt 090-512-3456, gặp Hoa", "sđt •••, gặp Hoa"),
    ("SĐT0905123456", "SĐT•••"),
    ("điện thoại 09 05 12 34 56", "điện thoại •••"),
    ("0 9 0 5 1 2 3 4 5 6 nha", "••• nha"),
    ("o905 123 456", "•••"),
    ("+84905123456", "•••"),
    ("+84 (0) 905 123 456", "•••"),
    ("84905123456", "•••"),
    ("0084 905 123 456", "•••"),
    ("(0234) 3822222", "•••"),
    ("0234.3822.222", "•••"),
    ("hotline 0234 3 828 228", "hotline •••"),
    ("054 3822222 (số cũ)", "••• (số cũ)"),
    ("01234567890", "•••"),
    ("0905123456/0912345678", "•••/•••"),
    ("0905 123 456 đ/c Lan", "••• đ/c Lan"),
    ("gọi 0905 123 456 12 lần không được", "gọi ••• 12 lần không được"),
    ("nhà số 12.0905123456", "nhà số 12.•••"),
    ("km 825+300 gần quán, 0905123456", "km 825+300 gần quán, •••"),
    ("ngày 03-09-2026 0905123456", "ngày 03-09-2026 •••"),
    ("đt 3822222", "đt •••"),
    ("đt: 3.822.222 gặp anh Ba", "đt: ••• gặp anh Ba"),
    ("liên hệ qua số 38222222", "liên hệ qua số •••"),
    ("zalo của tôi: 0905\u00a0123\u00a0456", "zalo của tôi: •••"),
    ("my number +1 415 555 2671", "my number •••"),
    ("０９０５１２３４５６", "•••"),
    # identity cards
    ("CCCD 046095001234", "CCCD •••"),
    ("CCCD: 046 095 001 234", "CCCD: •••"),
    ("căn cước công dân số 046.095.001.234", "căn cước công dân số •••"),
    ("035 095 001 234", "•••"),
    ("0460 9500 1234", "•••"),
    ("CMND 191234567 đ/c Lan", "CMND ••• đ/c Lan"),
    ("số 191234567 đồng chí Lan", "số ••• đồng chí Lan"),
    ("cmnd: 191 234 567", "cmnd: •••"),
    ("CMND 190.123.456", "CMND •••"),
    ("191234567", "•••"),
    ("mã định danh là 046095001234", "mã định danh là •••"),
    ("hộ chiếu B1234567", "hộ chiếu •••"),
    # plates
    ("biển số 75A-123.45", "biển số •••"),
    ("xe 75A-12345 đậu chắn lối", "xe ••• đậu chắn lối"),
    ("xe 75A12345", "xe •••"),
    ("xe 75a 123.45", "xe •••"),
    ("xe 75-B1 123.45", "xe •••"),
    ("75-B1-123.45", "•••"),
    ("75b1 12345", "•••"),
    ("75B1-1234", "•••"),
    ("29A1-12345 phóng nhanh", "••• phóng nhanh"),
    ("75A-123.45 và 75H1 234.56", "••• và •••"),
    ("75LD-123.45", "•••"),
    ("75MĐ1-234.56", "•••"),
    ("75A 123 45", "•••"),
    ("75A-1234", "•••"),
    ("biển số 123.45", "biển số •••"),
    ("BKS: 75h1 2345", "BKS: •••"),
    ("biển số QH-12-34", "biển số •••"),
    ("xe ngoại giao 80-123-NG-45", "xe ngoại giao •••"),
    ("75A-123.45, 0905123456, 046095001234", "•••, •••, •••"),
]

KEPT = [
    "số nhà 123/45 Lê Lợi",
    "Kiệt 12/34/5 Nguyễn Trãi",
    "nhà 101-103-105 Nguyễn Huệ",
    "các nhà 101 103 105 Nguyễn Huệ",
    "cột điện 220kV số 12",
    "đường dây 35kV-1234",
    "trạm 110/22kV",
    "từ 7:30 đến 11:30 ngày 12/10/2026",
    "ngày 03.09.2026 07:30",
    "từ 15h30 đến 17h00",
    "từ 24.08.26 - 02.09.26",
    "sáng 7h30 - 8h30, 2 xe 16 chỗ",
    "năm 2020-2021-2022",
    "Quốc lộ 1A km 825+300",
    "Quốc lộ 49B, tỉnh lộ 10A",
    "phạt 1.500.000 đồng",
    "phạt 1.500.000đ rồi mà vẫn đổ",
    "thiệt hại 150.000.000",
    "chi 150000000 đồng",
    "dự án 84.500.000.000 đ",
    "hơn 150 000 000 đồng",
    "mã 482-173-906-K",
    "mã 482173906k",
    "Mã phản ánh: 482 173 906 K",
    "tọa độ 16.463712, 107.590912",
    "tọa độ 16.4637123, 107.5909123",
    "rộng 12m 15000 viên gạch",
    "lô 12A 2024",
    "gọi 113, 114 hoặc 115 đều bận",
    "gọi 1900 1075 không ai bắt máy",
    "gọi 19001075",
    "khách hàng PC05000123456",
    "Nghị định 100/2019/NĐ-CP, điều 5",
    "QCVN 02:2022/BXD",
    "cao 1.200 m, rộng 3,5 m",
    "tuyến xe buýt số 02, 03 và 05",
    "tổ 12, khu vực 3, phường An Cựu",
    "100-200 lượt xe mỗi giờ",
    "12h 2026",
    "không có số nào cả",
    "",
]


@pytest.mark.parametrize(("text", "published"), HIDDEN)
def test_it_is_hidden(text: str, published: str) -> None:
    assert mask_numbers(text) == published


@pytest.mark.parametrize("text", KEPT)
def test_it_stays(text: str) -> None:
    assert mask_numbers(text) == text


@pytest.mark.parametrize(
    "kind",
    [PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE],
)
@pytest.mark.parametrize(
    "form",
    [PhoneNumberFormat.NATIONAL, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.E164],
)
def test_numbers_as_phonenumbers_writes_them_are_hidden(kind: int, form: int) -> None:
    number = phonenumbers.example_number_for_type("VN", kind)
    assert number is not None

    assert mask_numbers(f"gọi {phonenumbers.format_number(number, form)} nhé") == f"gọi {MASK} nhé"


gaps = st.sampled_from(["", " ", ".", "-", " - ", ". ", "\u00a0", "–"])
mobiles = st.builds(
    lambda head, tail: head + tail,
    st.sampled_from(["03", "05", "07", "08", "09"]),
    st.text("0123456789", min_size=8, max_size=8),
)
around = st.sampled_from(
    ["", "Cống vỡ trước nhà. ", "Kiệt 12/5 ", "ngày 12/10/2026, ", "liên hệ: "]
)


@given(number=mobiles, between=st.lists(gaps, min_size=3, max_size=3), before=around)
@example(number="0905123456", between=[" ", " ", " "], before="")
def test_a_mobile_in_any_spacing_leaves_no_digit(
    number: str, between: list[str], before: str
) -> None:
    first, second, third = between
    written = f"{number[:4]}{first}{number[4:6]}{second}{number[6:8]}{third}{number[8:]}"

    published = mask_numbers(f"{before}{written} cảm ơn")

    assert published == f"{before}{MASK} cảm ơn"


@given(
    province=st.integers(1, 96),
    rest=st.text("0123456789", min_size=9, max_size=9),
    gap=st.sampled_from(["", " ", ".", "-"]),
)
def test_an_identity_card_leaves_no_digit(province: int, rest: str, gap: str) -> None:
    digits = f"{province:03d}{rest}"
    written = gap.join(digits[start : start + 3] for start in range(0, 12, 3))

    assert mask_numbers(f"tôi là {written}") == f"tôi là {MASK}"


@given(
    province=st.integers(11, 99),
    series=st.from_regex(r"[A-HK-NPS-VX-Z][1-9]?", fullmatch=True),
    first=st.sampled_from(["", "-", " "]),
    second=st.sampled_from(["-", " ", " - "]),
    number=st.integers(0, 99_999),
    dot=st.sampled_from(["", "."]),
)
def test_a_plate_leaves_nothing(
    province: int, series: str, first: str, second: str, number: int, dot: str
) -> None:
    digits = f"{number:05d}"
    plate = f"{province}{first}{series}{second}{digits[:3]}{dot}{digits[3:]}"

    assert mask_numbers(f"xe {plate} chắn lối") == f"xe {MASK} chắn lối"


@given(st.builds(new_code), st.sampled_from([spoken, str]))
def test_a_report_code_stays(code: str, written: object) -> None:
    text = f"như phản ánh {written(code)} hôm trước"  # type: ignore[operator]

    assert mask_numbers(text) == text


@given(
    day=st.dates(),
    form=st.sampled_from(["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y"]),
    clock=st.times(),
)
def test_dates_and_times_stay(day: object, form: str, clock: object) -> None:
    text = f"từ {clock:%H:%M} ngày {day:{form}} đến nay"

    if "19" <= f"{day:%Y}"[:2] <= "20":
        assert mask_numbers(text) == text


@given(st.integers(1, 999_999_999_999), st.sampled_from(["đồng", "đ", "VNĐ"]))
def test_sums_of_money_stay(amount: int, currency: str) -> None:
    text = f"thiệt hại {amount:,} {currency}".replace(",", ".")

    assert mask_numbers(text) == text


@given(st.text() | st.text("0123456789 .-+()/aAđ•", max_size=60))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = mask_numbers(text)

    assert mask_numbers(once) == once


@given(st.text(alphabet=st.characters(exclude_categories=["Nd", "Nl", "No", "Cs"])))
def test_a_text_without_digits_is_left_alone(text: str) -> None:
    assert mask_numbers(text) == text


@given(st.text("0123456789. -", max_size=200))
def test_no_phone_survives_in_a_heap_of_numbers(text: str) -> None:
    published = mask_numbers(text)

    assert not re.search(r"(?<!\d)0[35789]\d{8}(?!\d)", published)


def test_hidden_marks_do_not_help_a_number_through() -> None:
    text = "gọi 0905\u200b123\u2060456"

    assert mask_numbers(normalise(text)) == "gọi •••"
