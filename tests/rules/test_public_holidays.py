"""Public holidays as they come from `holidays`, and the days worked instead of one."""

from datetime import date

from reports.public_holidays import public_holidays, swapped_workdays


def test_holidays_are_named_in_both_languages() -> None:
    new_year = date(2026, 2, 17)

    assert public_holidays("VN", [2026], "vi")[new_year] == "Tết Nguyên Đán"
    assert public_holidays("VN", [2026], "en")[new_year] == "Lunar New Year"


def test_a_country_that_does_not_speak_the_language_uses_its_own() -> None:
    assert date(2026, 10, 3) in public_holidays("DE", [2026], "vi")


def test_only_the_years_that_were_asked_for() -> None:
    assert {day.year for day in public_holidays("VN", range(2024, 2027))} == {2024, 2025, 2026}
    assert swapped_workdays("VN", [2024, 2026]) == {date(2024, 5, 4), date(2026, 8, 22)}


def test_a_country_without_swaps_has_none() -> None:
    assert swapped_workdays("GB", [2026]) == frozenset()


def test_the_five_days_of_tet_are_off_in_every_year() -> None:
    for year in range(2020, 2031):
        names = public_holidays("VN", [year]).values()
        assert sum("Tết" in name and "Dương lịch" not in name for name in names) >= 5, year


def test_a_day_that_was_swapped_is_told_in_words_with_a_plain_date() -> None:
    swapped = date(2026, 8, 31)

    vietnamese = public_holidays("VN", [2026], "vi")[swapped]
    english = public_holidays("VN", [2026], "en")[swapped]

    assert vietnamese == "Nghỉ hoán đổi, làm bù ngày 22/8/2026"
    assert english == "Day off, worked instead on 22 August 2026"
