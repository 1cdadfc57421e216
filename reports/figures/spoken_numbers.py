"""How numbers are written, on pages, on paper and in sentences: 38; 1.843; 0,4; p < 0,01. Pure."""

from babel.numbers import format_decimal

HOUR_S = 3600
DAY_HOURS = 8  # of a working day
_CHANCES = (0.001, 0.01, 0.05)


def decimal(value: float, locale: str, digits: int = 1) -> str:
    """19,5 in Vietnamese, 19.5 in English; 1.843; a nought at the end is left out."""
    return _written(value, locale, "#" * digits)


def fixed(value: float, locale: str, digits: int = 0) -> str:
    """With so many digits behind the comma, noughts too: 19,0; for columns of numbers."""
    return _written(value, locale, "0" * digits)


def _written(value: float, locale: str, behind: str) -> str:
    form = f"#,##0.{behind}" if behind else "#,##0"
    return str(format_decimal(value, format=form, locale=locale))


def number(value: float, locale: str) -> str:
    """Whole, but for what is less than ten: 0,4 is not nothing."""
    return decimal(value, locale, 1 if value < 10 else 0)


def about(value: float, locale: str) -> str:
    """khoảng 12; chưa đến 1: of reports that are to be expected, less than one is told so."""
    if value < 1:
        return "chưa đến 1" if locale == "vi" else "less than 1"
    return f"{'khoảng' if locale == 'vi' else 'about'} {number(value, locale)}"


def chance(p: float, locale: str) -> str:
    """The bound that a probability lies below: 0,01 of 0.004."""
    above = next((one for one in _CHANCES if p < one), _CHANCES[-1])
    return str(format_decimal(above, "0.###", locale=locale))
