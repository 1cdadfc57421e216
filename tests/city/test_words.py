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
    ],
)
def test_words_suggest_their_category_first(city: City, words: str, category: str) -> None:
    assert city.suggest_categories(words)[0].code == category


def test_words_that_say_nothing_suggest_nothing(city: City) -> None:
    assert city.suggest_categories("xin chào các bạn") == []


def test_folding_takes_every_mark_away() -> None:
    assert fold("Đường Nguyễn Huệ") == "duong nguyen hue"
    assert fold(normalize("NFD", "Đường Nguyễn Huệ")) == "duong nguyen hue"


def test_a_phrase_is_found_as_whole_words() -> None:
    assert speaks_of(tokens("bị cháy nhà"), "cháy nhà")
    assert not speaks_of(tokens("cháynhà"), "cháy nhà")
    assert not speaks_of(tokens("nhà cháy"), "cháy nhà")
