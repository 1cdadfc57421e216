"""Columns of numbers as the text that COPY reads, a list of strings each."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.tickets import Ints

Text = list[str]
NULL = r"\N"


def times(column: Ints) -> Text:
    """Unix seconds in UTC; 0 is null."""
    stamps = np.datetime_as_string(column.astype("datetime64[s]"), timezone="UTC")
    return _texts(np.where(column > 0, stamps, NULL))


def words(column: NDArray[Any]) -> Text:
    """Short words without tabs or line ends; the empty one is null."""
    return _texts(np.where(column == "", NULL, column))


def flags(column: NDArray[Any]) -> Text:
    return _texts(np.where(column, "t", "f"))


def _texts(column: NDArray[Any]) -> Text:
    found: Text = column.tolist()
    return found


def numbers(column: NDArray[Any]) -> Text:
    return [*map(str, column.tolist())]


def ids(numbers: NDArray[Any], salt: int) -> Text:
    """UUIDs that follow from numbers, scattered as random ones are. Equal salt, equal ids."""
    halves = zip(_mixed(numbers, 2 * salt).tolist(), _mixed(numbers, 2 * salt + 1).tolist(),
                 strict=True)  # fmt: skip
    return [f"{one:016x}{other:016x}" for one, other in halves]


def _mixed(numbers: NDArray[Any], salt: int) -> NDArray[np.uint64]:
    """SplitMix64: neighbours end up far apart, and no two at the same place."""
    z = numbers.astype(np.uint64) + np.uint64((salt * 0x9E3779B97F4A7C15) % 2**64)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def bytes_of(ids: Text) -> Text:
    """Thirty-two bytes for each id, in place of a hash."""
    return [rf"\\x{one}{one}" for one in ids]


def constant(value: str, count: int) -> Text:
    return [value] * count
