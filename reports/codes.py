"""The code that people read aloud: nine random digits and a check letter (482-173-906-K).

It shows what is public and grants nothing. Stored without separators.
"""

import re
import secrets
import unicodedata

# Seventeen letters that are not taken for a digit or for one another (no B G I L O Q S U Z).
# Seventeen is prime and every digit has a weight of its own, so the letter betrays any one wrong
# digit and any two that changed places.
LETTERS = "ACDEFHJKMNPRTVWXY"
WEIGHTS = (11, 5, 16, 10, 4, 15, 9, 3, 14)  # multiples of 11, modulo 17

_CODE = re.compile(r"[0-9]{9}[A-Z]")
_SEPARATORS = re.compile(r"[\s.\-\u2010-\u2015\u2212]+")
_LONGEST = 40  # nobody spaces a code out further


def new_code() -> str:
    """A code nobody can guess; whether it is taken is the database's to say."""
    digits = f"{secrets.randbelow(10**9):09d}"
    return digits + check_letter(digits)


def check_letter(digits: str) -> str:
    """The letter that belongs to nine digits."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True))
    return LETTERS[total % len(LETTERS)]


def read_code(text: str) -> str | None:
    """The code as stored, from what a person typed; None when it cannot be one.

    Spaces, dashes and dots are left out, and the letter may be small.
    """
    if len(text) > _LONGEST:
        return None
    code = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    if not _CODE.fullmatch(code) or check_letter(code[:9]) != code[9]:
        return None
    return code


def spoken(code: str) -> str:
    """482173906K → 482-173-906-K."""
    return "-".join((code[:3], code[3:6], code[6:9], code[9:]))
