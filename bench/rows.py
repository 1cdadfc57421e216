"""Generated reports as rows for COPY, batch by batch: who sent them, and what all tables share.

People and reports are numbered; their ids follow from number and seed, so that a row can name
another that was written long before. The tables: `report_rows` and `history_rows`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bench.copytext import Text, constant, ids
from bench.generate import Generated
from bench.lives import Columns, Flags
from bench.tickets import Ints

BATCH = 20_000
PEOPLE = 0.45  # accounts for each report: a few send much, most send once
ANONYMOUS, GUESTS = 0.03, 0.4
REPORT, PERSON, STRANGER = 0, 1, 2  # kinds of numbers that become ids

Table = dict[str, Text]
Tables = dict[str, Table]


@dataclass(frozen=True)
class Officials:
    """Who takes the steps: ids of accounts."""

    system: str
    dispatcher: str
    officer_of: Mapping[int, str]


@dataclass(frozen=True)
class Source:
    """All that rows are written from."""

    made: Generated
    officials: Officials
    places: Sequence[Sequence[str]]  # names known in each ward
    until: int

    @property
    def people(self) -> int:
        return max(50, int(len(self.made) * PEOPLE))

    def ids(self, numbers: Ints, kind: int) -> Text:
        return ids(numbers, self.made.seed[0] * 1_000 + kind)


class Batch:
    """A slice of the reports, with a random generator of its own."""

    def __init__(self, source: Source, start: int, end: int) -> None:
        self.source = source
        self.number = np.arange(start, end)
        self.columns: Columns = {
            name: column[start:end] for name, column in source.made.columns.items()
        }
        self.rng = np.random.default_rng([*source.made.seed, start])
        self.anonymous: Flags = self.rng.random(len(self)) < ANONYMOUS
        self.person: Ints = (source.people * self.rng.random(len(self)) ** 1.7).astype(int)
        self.ids = source.ids(self.number, REPORT)

    def __len__(self) -> int:
        return len(self.number)

    @cached_property
    def reporters(self) -> Text:
        """Ids of accounts; an anonymous report has one of its own."""
        known = self.source.ids(self.person, PERSON)
        strangers = self.source.ids(self.number, STRANGER)
        found: Text = np.where(self.anonymous, strangers, known).tolist()
        return found

    def strangers(self) -> Table:
        found = self.source.ids(self.number[self.anonymous], STRANGER)
        return _accounts(found, constant("anonymous", len(found)))


def people(source: Source) -> Iterator[Table]:
    """The accounts of residents and guests."""
    for start in range(0, source.people, BATCH):
        number = np.arange(start, min(start + BATCH, source.people))
        guest = (number * 7919) % 100 < GUESTS * 100
        yield _accounts(source.ids(number, PERSON), np.where(guest, "guest", "resident").tolist())


def batches(source: Source) -> Iterator[Batch]:
    for start in range(0, len(source.made), BATCH):
        yield Batch(source, start, min(start + BATCH, len(source.made)))


def _accounts(found: Text, kinds: Text) -> Table:
    since = constant("2022-01-01T00:00:00Z", len(found))
    return {"id": found, "kind": kinds, "locale": constant("vi", len(found)), "created_at": since}
