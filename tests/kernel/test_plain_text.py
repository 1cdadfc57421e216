"""Words made plain: NFC, nothing invisible, nothing that reorders."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from app.schemas import Text
from app.text import BrokenText, by_name, normalise, on_one_line


def test_vietnamese_in_nfd_becomes_nfc() -> None:
    assert normalise(unicodedata.normalize("NFD", "Đường Hoà Bình ngập nặng")) == (
        "Đường Hoà Bình ngập nặng"
    )


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("ng\u200bập", "ngập"),
        ("\ufeffngập", "ngập"),
        ("ổ\u00adgà", "ổgà"),
        ("\u202etxt.exe\u202c", "txt.exe"),
        ("a\u2066b\u2069c\u200e\u200f\u061c", "abc"),
        ("a\x00b\x07c\x7fd\x9be", "abcde"),
        ("a\U000e0041b", "ab"),
        ("một\r\nhai\rba\u2028bốn\u0085năm", "một\nhai\nba\nbốn\nnăm"),
        ("cột\tđèn", "cột\tđèn"),
        ("👨\u200d👩\u200d👧 ❤️\u200d🔥", "👨\u200d👩\u200d👧 ❤️\u200d🔥"),
        ("n\u200dgập 👍\u200d", "ngập 👍"),
        ("plain ascii", "plain ascii"),
        ("", ""),
    ],
)
def test_what_cannot_be_seen_is_taken_out(sent: str, kept: str) -> None:
    assert normalise(sent) == kept


@pytest.mark.parametrize("broken", ["\ud800", "ngập \udfff", "a\udc00\ud800b"])
def test_half_a_character_is_refused(broken: str) -> None:
    with pytest.raises(BrokenText):
        normalise(broken)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)

    assert normalise(once) == once
    assert "\x00" not in once
    once.encode()


def test_one_line_is_one_line() -> None:
    assert on_one_line("  số 5\n\tLê   Lợi ") == "số 5 Lê Lợi"


def test_a_text_field_counts_characters_as_people_do() -> None:
    field = Text(most=5)

    assert field.deserialize(unicodedata.normalize("NFD", "ngậ\u200bp")) == "ngập"
    assert field.deserialize("ổ\r\ngà") == "ổ\ngà"
    with pytest.raises(ValidationError, match="Longer than maximum length 5"):
        field.deserialize("ngập!!")
    with pytest.raises(ValidationError, match="Longer than maximum length 5"):
        field.deserialize("x" * 100_000)


@pytest.mark.parametrize("taken_out", ["\x07", "\u200b", "\u202e"])
def test_what_will_be_taken_out_counts_as_well(taken_out: str) -> None:
    """A description can say no other maximum than of what is sent."""
    with pytest.raises(ValidationError, match="Longer than maximum length 4"):
        Text(most=4).deserialize(f"ngập{taken_out}")


def test_spaces_between_count_before_they_become_one() -> None:
    with pytest.raises(ValidationError, match="Longer than maximum length 4"):
        Text(most=4, lines=False).deserialize("ổ   gà")


def test_a_field_of_one_line_may_not_be_blank_when_it_has_a_least() -> None:
    with pytest.raises(ValidationError):
        Text(most=40, least=3, lines=False).deserialize("  \n \u200b ")


def test_names_stand_as_a_vietnamese_dictionary_has_them() -> None:
    names = ["Đông Ba", "Phong Thái", "dược", "Phong Điền", "Duy Tân", "Ấn", "An Cựu", "Ăn", "Âu",
             "Phong Phú", "Điện Lộc", "Phú Xuân", "Phù Bài", "Phường 2", "Ổi", "Ơi"]  # fmt: skip

    ordered = [name for _, name in by_name((name, name) for name in names)]

    assert ordered == [
        "An Cựu", "Ăn", "Ấn", "Âu", "Duy Tân", "dược", "Điện Lộc", "Đông Ba", "Ổi", "Ơi",
        "Phong Điền", "Phong Phú", "Phong Thái", "Phù Bài", "Phú Xuân", "Phường 2",
    ]  # fmt: skip
