"""Areas and landmarks by what people call them: new names and former ones, with diacritics or none.

Pure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from reports.city.values import Area, Landmark
from reports.city.words import fold, speaks_of, tokens

_WORD = re.compile(r"\w+")
#: What stands before a name and is often left out, or shortened: "P. Vỹ Dạ".
_KINDS = (("phuong",), ("p",), ("xa",), ("x",), ("thi", "tran"), ("tt",), ("dac", "khu"))

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """An area, and the name by which it was found."""

    area: Area
    name: str

    @property
    def is_former(self) -> bool:
        return fold(self.name) not in {fold(self.area.name_vi), fold(self.area.name_en)}


def find_areas(text: str, areas: Iterable[Area], *, most: int = 5) -> list[Known]:
    """The areas meant by these words, likeliest first: named so, beginning so, or named in them."""
    ranked = []
    for area in areas:
        if found := _best(text, (area.name_vi, *area.other_names, area.name_en)):
            rank, place, name = found
            ranked.append((rank, place > 0, area.code, Known(area, name)))
    return [known for *_, known in sorted(ranked, key=lambda one: one[:3])[:most]]


def find_landmarks(text: str, landmarks: Iterable[Landmark], *, most: int = 5) -> list[Landmark]:
    """The city's well-known places meant by these words, likeliest first."""
    ranked = []
    for landmark in landmarks:
        if found := _best(text, (landmark.name, *landmark.other_names)):
            ranked.append((found[:2], landmark.name, landmark))
    return [landmark for *_, landmark in sorted(ranked, key=lambda one: one[:2])[:most]]


def _best(text: str, names: Words) -> tuple[int, int, str] | None:
    """How well the words fit, which of the names they fit best, and that name."""
    asked, said = _bare(_words(text)), tokens(text)
    found = [(rank, i, name) for i, name in enumerate(names)
             if asked and (rank := _rank(asked, said, name)) is not None]  # fmt: skip
    return min(found, default=None)


def _rank(asked: Words, said: tuple[tuple[str, str, str], ...], name: str) -> int | None:
    """0: this very name; 1: it begins so; 2: so within it; 3: the words hold the name."""
    words = _bare(_words(name))
    if words == asked:
        return 0
    *whole, last = asked
    for start in range(len(words) - len(whole)):
        before, there = words[start : start + len(whole)], words[start + len(whole)]
        if list(before) == whole and there.startswith(last):
            return 2 if start else 1
    # A name of one word is part of too many others: "Đúc" alone is no place.
    return 3 if len(words) > 1 and speaks_of(said, " ".join(_unfolded(name))) else None


def _words(text: str) -> Words:
    return tuple(_WORD.findall(fold(text)))


def _bare(words: Words) -> Words:
    """Without the kind before it, where more follows."""
    for kind in _KINDS:
        if words[: len(kind)] == kind and len(words) > len(kind):
            return words[len(kind) :]
    return words


def _unfolded(name: str) -> list[str]:
    """The name's own words, without its kind."""
    words = re.findall(r"\w+", name)
    return words[len(words) - len(_bare(_words(name))) :]
