"""Do people's words speak of this? Vietnamese with or without its diacritics, in either spelling.

A word typed with diacritics must carry the right ones ("chạy" is not "cháy"); one typed without
any fits all ("chay" may mean both). A phrase that begins with "=" counts only as written, for
where the bare letters mostly mean something else: "=cháy xe", since "chay xe" is "chạy xe". One
that begins with "^" counts as written too, and only where the words begin with it: "^cháy", since a
lamp may be "cháy" as well, and is named first. Pure.
"""

import operator
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

AS_WRITTEN = "="
AT_THE_BEGINNING = "^"
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")  # where they sit differs: hoá, hóa
_TOKEN = re.compile(r"\w+")

#: A word three ways: its bare letters, its letters with their own marks, its tone.
Token = tuple[str, str, str]


def fold(text: str) -> str:
    """Lower case without any diacritics: "Đường Lê Lợi" → "duong le loi"."""
    plain = unicodedata.normalize("NFD", text.lower()).replace("đ", "d")
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def tokens(text: str) -> tuple[Token, ...]:
    return tuple(_token(word) for word in _TOKEN.findall(unicodedata.normalize("NFC", text)))


def speaks_of(text: tuple[Token, ...], phrase: str) -> bool:
    """Does the tokenised text hold this phrase, word after word?"""
    wanted = _phrase(phrase)
    begins = phrase.startswith(AT_THE_BEGINNING)
    fits = operator.eq if begins or phrase.startswith(AS_WRITTEN) else _fits
    last = min(len(text) - len(wanted), 0) if begins else len(text) - len(wanted)
    return bool(wanted) and any(
        all(map(fits, wanted, text[start : start + len(wanted)])) for start in range(last + 1)
    )


def first_spoken(text: tuple[Token, ...], phrases: Iterable[str]) -> str | None:
    return next((phrase for phrase in phrases if speaks_of(text, phrase)), None)


def _fits(wanted: Token, said: Token) -> bool:
    bare, letters, tone = said
    return wanted == said or (wanted[0] == bare == letters and not tone)


@lru_cache(maxsize=4096)
def _phrase(phrase: str) -> tuple[Token, ...]:
    return tokens(phrase)


@lru_cache(maxsize=16384)
def _token(word: str) -> Token:
    split = unicodedata.normalize("NFD", word.lower())
    tone = "".join(sorted(mark for mark in split if mark in _TONES))
    letters = "".join(mark for mark in split if mark not in _TONES)
    return fold(word), letters, tone
