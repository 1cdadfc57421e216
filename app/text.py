"""People's words made plain: one Unicode form, nothing invisible, no control characters.

Every text that a stranger sends goes through `normalise` (the `Text` field of `app.openapi` does
it), so that the same words are the same bytes, and nothing hides in them.
"""

import re
import unicodedata
from collections.abc import Iterable
from uuid import UUID

from app.errors import Malformed

#: Bidirectional controls: they reorder what a reader sees.
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
#: What takes no room: zero-width marks, soft hyphen, fillers, tags, annotation marks.
_ZERO_WIDTH = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200c\u2060-\u2065\u206a-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff"
)
#: Controls that say nothing in a text; tab and line feed stay.
_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_INVISIBLE = re.compile(f"[{_BIDI}{_ZERO_WIDTH}{_CONTROLS}]")
_LINE_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029]")
#: A joiner belongs between two pictures (a family, a profession) and nowhere else.
_PICTURE = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_STRAY_JOINER = re.compile(f"(?<![{_PICTURE}])\u200d|\u200d(?![{_PICTURE}])")
_SURROGATE = re.compile("[\ud800-\udfff]")


class BrokenText(Malformed):
    """Half of a character: no such text can be stored or sent."""

    code = "broken-text"
    vi = "Có ký tự bị hỏng. Hãy gõ lại đoạn chữ này."
    en = "This text holds half of a character. Type it again."


def composed(text: str) -> str:
    """NFC, one kind of line end; nothing is taken out. Raises BrokenText for lone surrogates."""
    if _SURROGATE.search(text):
        raise BrokenText
    return unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text))


def normalise(text: str) -> str:
    """NFC, one kind of line end, without controls, bidi controls and zero-width characters.

    Raises BrokenText for lone surrogates. Spaces at the ends stay: they are the caller's.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _INVISIBLE.sub("", composed(text))
    text = _STRAY_JOINER.sub("", text)
    return unicodedata.normalize("NFC", text)  # what stood apart may stand together now


def on_one_line(text: str) -> str:
    """Line ends, tabs and runs of spaces become one space; none at the ends."""
    return " ".join(text.split())


def uuid_in(text: str | None) -> UUID | None:
    """The UUID that a text is; None for any other text, and for none."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


_ALPHABET = {letter: rank for rank, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz", 100)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền hỏi ngã sắc nặng


def in_order(words: str) -> tuple[list[int], list[int], str]:
    """A key to sort by, as Vietnamese dictionaries have it: a ă â … d đ e ê, and only then tones.
    A space comes before figures, figures before letters."""
    letters, tones = [], []
    for written in unicodedata.normalize("NFC", words.lower()):
        apart = unicodedata.normalize("NFD", written)
        plain = "".join(mark for mark in apart if mark not in _TONES)
        letter = unicodedata.normalize("NFC", plain)
        letters.append(_ALPHABET.get(letter) or min(ord(letter[:1] or " "), 99))
        tones.append(next((_TONES[mark] for mark in apart if mark in _TONES), 0))
    return letters, tones, words


def by_name(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Codes with their names, in the order of the names."""
    return sorted(pairs, key=lambda pair: in_order(pair[1]))
