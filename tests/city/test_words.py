"""People's words: danger, and what kind of thing they speak of, with diacritics or without."""

from unicodedata import normalize

import pytest

from reports.city.snapshot import City
from reports.city.words import fold, speaks_of, tokens


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("Có cháy nhà ở đường Lê Lợi", ["114"]),
        ("co chay nha o duong le loi", ["114"]),
        ("Hoả hoạn lớn gần chợ", ["114"]),  # the other place for the tone
        ("Hỏa hoạn lớn gần chợ", ["114"]),
        ("Trụ điện đổ, có người bị thương", ["115", "19001909"]),
        ("Thanh niên cầm dao đánh nhau", ["113"]),
        ("My neighbour's house is on fire", ["114"]),
        ("A man was electrocuted in the flood", ["115", "19001909"]),
        ("They fight with a knife", ["113"]),
        ("A street light is out", []),
        ("Xe chạy nhanh quá", []),  # "chạy" is not "cháy"
        ("Nước chảy tràn ra đường", []),
        ("", []),
    ],
)
def test_danger_offers_the_number_to_call(city: City, words: str, numbers: list[str]) -> None:
    assert [line.number for line in city.danger_in(words)] == numbers


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("Có đám cháy ở chợ Đông Ba", "114"),
        ("co dam chay o cho Dong Ba", "114"),
        ("Nhà bị cháy, khói nhiều lắm", "114"),
        ("nha ben dang chay", "114"),
        ("Cháy xe máy trước cổng trường", "114"),
        ("Cháy ô tô trong hầm xe", "114"),
        ("cháy rừng", "114"),
        ("chay rung o Bach Ma", "114"),
        ("có cháy", "114"),
        ("Cháy!", "114"),
        ("Cháy ở đầu kiệt 12", "114"),
        ("Nổ bình gas quán ăn", "114"),
        ("Có người chết đuối dưới sông", "114"),
        ("co nguoi chet duoi", "114"),
        ("be trai bi duoi nuoc", "114"),
        ("có người rơi xuống sông", "114"),
        ("co nguoi roi xuong song", "114"),
        ("Bà cụ vừa té xuống mương", "114"),
        ("ba cu te xuong muong", "114"),
        ("em bé rơi xuống cống", "114"),
        ("em be roi xuong cong", "114"),
        ("Cháu nhỏ lọt xuống hố ga", "114"),
        ("lot ho ga", "114"),
        ("Xe khách lao xuống vực", "114"),
        ("Lật đò trên phá Tam Giang", "114"),
        ("nhà sập", "114"),
        ("nha bi sap", "114"),
        ("Sập giàn giáo công trình", "114"),
        ("kẹt trong thang máy", "114"),
        ("cây đè người", "114"),
        ("cay de trung nguoi", "114"),
        ("ngất xỉu", "115"),
        ("ngat xiu giua duong", "115"),
        ("Có cô bị ngất ở trạm xe buýt", "115"),
        ("nằm bất động", "115"),
        ("mot ong nam bat dong", "115"),
        ("Ông ấy co giật, ngừng thở", "115"),
        ("A child fell into a manhole", "114"),
        ("Somebody fell in the river", "114"),
        ("The boat capsized", "114"),
        ("A man is pinned under the wall", "114"),
        ("An old man passed out", "115"),
        ("Cháy tủ điện đầu kiệt", "114"),
        ("Xóm bị cô lập", "19001075"),
        ("xom bi co lap", "19001075"),
    ],
)
def test_danger_is_heard_in_the_ways_that_people_tell_of_it(
    city: City, words: str, first: str
) -> None:
    assert next((line.number for line in city.danger_in(words)), None) == first


@pytest.mark.parametrize(
    "words",
    [
        "bóng đèn bị cháy",
        "Đèn cháy ở đầu kiệt 12",
        "chay qua chay lai",
        "bong den bi chay",
        "đèn đường cháy bóng",
        "Tủ lạnh cháy mất bo mạch vì điện chập chờn",
        "xe chay nhanh",
        "chay xe may truoc cong truong",
        "xe ben dang chay rat nhanh",
        "nuoc bi chay",
        "nuoc dang chay tran ra duong",
        "nuoc chay lon",
        "duoi",
        "rac duoi nuoc",  # "dưới nước", not "đuối nước"
        "ca chet duoi song",
        "do rac roi xuong song",  # "rồi xuống sông"
        "Rác đổ xuống sông",
        "nuoc sap tran vao nha, nha sap ngap",
        "de nguoi dan di lai",  # "để người", not "đè người"
        "cay de gay",
        "canh cay gay roi",  # "gãy rồi", not "gây rối"
        "bi ngat dien",  # "bị ngắt điện"
        "cam dao duong",  # "cấm đào", not "cầm dao"
        "nuoc rut tu tu",  # "từ từ"
        "rac tren lo dat trong",  # "lô đất"
        "de nghi phat no",  # "phạt nó"
        "chua co lap den",  # "có lắp"
        "cho vo de xe",  # "vô để xe"
        "Nắp cống bị sập",
        "Cây ngã đè lên hàng rào",
    ],
)
def test_what_only_sounds_like_danger_raises_no_alarm(city: City, words: str) -> None:
    assert city.danger_in(words) == []


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("Ổ gà to giữa đường", "duong-hong"),
        ("den duong tat ca doan", "den-duong"),
        ("Đống rác bốc mùi", "rac-thai"),
        ("Cây đổ chắn đường", "cay-xanh"),
        ("Dây điện sà xuống, hở điện", "dien-nguy-hiem"),
        ("CỐNG TẮC, NGẬP NƯỚC", "ngap-nuoc"),
        ("The street light has been out for a week", "den-duong"),
        ("A deep pothole near the school", "duong-hong"),
        ("bóng đèn bị cháy", "den-duong"),
        ("Cây ngã, cành cây đè lên hàng rào", "cay-xanh"),
        ("Em bé rơi xuống cống mất nắp", "nap-cong"),
        ("Cháy tủ điện", "dien-nguy-hiem"),
        ("Chay no binh gas", "chay-no"),
    ],
)
def test_words_suggest_their_category_first(city: City, words: str, category: str) -> None:
    assert city.suggest_categories(words)[0].code == category


def test_words_that_say_nothing_suggest_nothing(city: City) -> None:
    assert city.suggest_categories("xin chào các bạn") == []


def test_folding_takes_every_mark_away() -> None:
    assert fold("Đường Nguyễn Huệ") == "duong nguyen hue"
    assert fold(normalize("NFD", "Đường Nguyễn Huệ")) == "duong nguyen hue"


def test_a_phrase_with_an_equals_sign_counts_only_as_written() -> None:
    for said in ("Cháy xe máy", "CHÁY XE", normalize("NFD", "cháy xe")):
        assert speaks_of(tokens(said), "=cháy xe")
    for said in ("chay xe", "chạy xe", "cháy", "xe cháy"):
        assert not speaks_of(tokens(said), "=cháy xe")
    assert speaks_of(tokens("hoả"), "=hỏa")  # the other place for the tone is as written
    assert not speaks_of(tokens("cháy"), "=")


def test_a_phrase_with_a_caret_counts_only_where_the_words_begin_with_it() -> None:
    assert speaks_of(tokens("Cháy!"), "^cháy")
    assert speaks_of(tokens("cháy xe rồi"), "^cháy xe")
    for said in ("", "đèn cháy", "chay", "chạy"):
        assert not speaks_of(tokens(said), "^cháy")


def test_a_phrase_is_found_as_whole_words() -> None:
    assert speaks_of(tokens("bị cháy nhà"), "cháy nhà")
    assert not speaks_of(tokens("cháynhà"), "cháy nhà")
    assert not speaks_of(tokens("nhà cháy"), "cháy nhà")
