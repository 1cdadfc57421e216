"""How numbers stand in sentences: 38; 1.843; 0,4; p < 0,01. Pure."""

from babel.numbers import format_decimal

_CHANCES = (0.001, 0.01, 0.05)


def number(value: float, locale: str) -> str:
    """Whole, but for what is less than ten: 0,4 is not nothing."""
    return str(format_decimal(value, "#,##0.#" if value < 10 else "#,##0", locale=locale))


def about(value: float, locale: str) -> str:
    """khoảng 12; chưa đến 1: of reports that are to be expected, less than one is told so."""
    if value < 1:
        return "chưa đến 1" if locale == "vi" else "less than 1"
    return f"{'khoảng' if locale == 'vi' else 'about'} {number(value, locale)}"


def chance(p: float, locale: str) -> str:
    """The bound that a probability lies below: 0,01 of 0.004."""
    above = next((one for one in _CHANCES if p < one), _CHANCES[-1])
    return str(format_decimal(above, "0.###", locale=locale))
