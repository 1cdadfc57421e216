"""The numbers that a city's offices have published: these alone stay readable in public words."""

import re
from collections.abc import Iterator

from reports.city.snapshot import City
from reports.masking import mask_numbers

FEWEST_DIGITS = 8  # 113 is never masked, and would be found within somebody's number
_GAP = r"[ .()-]{0,3}"
_GOES_ON_BEFORE = re.compile(rf"[\d+]{_GAP}$")
_GOES_ON_AFTER = re.compile(rf"^{_GAP}\d")


def mask_all_but_offices(text: str, city: City) -> str:
    """The text with people's numbers hidden, and the offices' own left to be called."""
    masked = mask_numbers(text)
    if masked == text:
        return text
    pieces, start = [], 0
    for found in _published_in(text, city):
        pieces += [mask_numbers(text[start : found.start()]), found[0]]
        start = found.end()
    return "".join([*pieces, mask_numbers(text[start:])]) if pieces else masked


def _published_in(text: str, city: City) -> Iterator[re.Match[str]]:
    """Where a published number stands by itself, however it is spaced."""
    numbers = sorted(_published(city), key=len, reverse=True)
    if not numbers:
        return
    for found in re.finditer("|".join(_GAP.join(number) for number in numbers), text):
        before, after = text[: found.start()], text[found.end() :]
        if not _GOES_ON_BEFORE.search(before) and not _GOES_ON_AFTER.match(after):
            yield found


def _published(city: City) -> set[str]:
    said = [office.phone or "" for office in city.offices_by_id.values()]
    said += [line.number for line in city.profile.hotlines]
    numbers = {"".join(re.findall(r"\d", number)) for number in said}
    return {number for number in numbers if len(number) >= FEWEST_DIGITS}
