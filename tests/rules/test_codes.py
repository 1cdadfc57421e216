"""The code people read aloud, and the mistakes its check letter catches: proven, not sampled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.codes import LETTERS, WEIGHTS, check_letter, new_code, read_code, spoken

nine_digits = st.text("0123456789", min_size=9, max_size=9)


def test_the_example_of_the_docs_is_a_real_code() -> None:
    assert read_code("482-173-906-K") == "482173906K"
    assert spoken("482173906K") == "482-173-906-K"


@pytest.mark.parametrize(
    "typed",
    [
        "482173906K",
        "482173906k",
        "482 173 906 K",
        "482.173.906.K",
        " 482-173-906-k\n",
        "482–173–906—K",
        "482\u00a0173\u202f906\u2011K",
        "４８２１７３９０６Ｋ",
        "4 8 2 1 7 3 9 0 6 K",
    ],
)
def test_people_may_space_it_as_they_like(typed: str) -> None:
    assert read_code(typed) == "482173906K"


@pytest.mark.parametrize(
    "typed",
    [
        *("", "K", "482173906", "482173906C", "48217390K", "4821739060K", "482173906KK"),
        *("K482173906", "482/173/906/K", "482173906Ҟ", "٤٨٢١٧٣٩٠٦K", "²82173906K", "482173906ſ"),
        *("482173906 " * 100 + "K", " " * 1_000_000 + "482173906K", "\x00482173906K"),
    ],
)
def test_anything_else_is_no_code(typed: str) -> None:
    assert read_code(typed) is None


def test_any_one_wrong_digit_changes_the_letter() -> None:
    """A digit that is off by d moves the sum by weight × d: never a multiple of 17."""
    for weight in WEIGHTS:
        for off_by in range(1, 10):
            assert weight * off_by % len(LETTERS) != 0


def test_any_two_digits_that_changed_places_change_the_letter() -> None:
    """a and b exchanged move the sum by (weight − weight') × (a − b): never a multiple of 17."""
    for place, weight in enumerate(WEIGHTS):
        for other in WEIGHTS[place + 1 :]:
            for difference in range(1, 10):
                assert (weight - other) * difference % len(LETTERS) != 0


def test_the_letters_are_seventeen_and_none_is_taken_for_another_sign() -> None:
    assert len(LETTERS) == len(set(LETTERS)) == 17
    assert set(LETTERS).isdisjoint("BGILOQSUZ")


@given(digits=nine_digits, place=st.integers(0, 8), digit=st.sampled_from("0123456789"))
def test_a_mistyped_digit_is_no_code(digits: str, place: int, digit: str) -> None:
    code = digits + check_letter(digits)
    mistyped = code[:place] + digit + code[place + 1 :]

    assert read_code(mistyped) == (code if digit == code[place] else None)


@given(digits=nine_digits, place=st.integers(0, 7))
def test_neighbours_exchanged_are_no_code(digits: str, place: int) -> None:
    code = digits + check_letter(digits)
    exchanged = code[:place] + code[place + 1] + code[place] + code[place + 2 :]

    assert read_code(exchanged) == (code if exchanged == code else None)


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    code = read_code(text)

    assert code is None or read_code(spoken(code)) == code


def test_new_codes_read_back_and_do_not_repeat() -> None:
    codes = {new_code() for _ in range(2_000)}

    assert all(read_code(code) == code for code in codes)
    assert len(codes) > 1_990
    assert len({code[0] for code in codes}) == 10
    assert len({code[9] for code in codes}) == 17
