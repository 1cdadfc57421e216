"""Real photos, and one real child that handles each of them once for all tests that look at it."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from app.errors import XomError
from reports.darkroom.child import Answer, Order, Refused
from reports.darkroom.headers import look
from reports.darkroom.metadata import Told
from reports.darkroom.pool import PhotoPool, _child_file
from reports.darkroom.printing import Processed

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "photos"


@dataclass(frozen=True)
class Sample:
    """A line of the manifest."""

    file: str
    expected: str  # accept, sanitize, reject
    width: int
    height: int
    orientation: int
    lat: float | None
    lng: float | None

    def read(self) -> bytes:
        return (FOLDER / self.file).read_bytes()


@dataclass(frozen=True)
class Outcome:
    """What became of a file: an answer of the child, or an error before any child saw it."""

    answer: Answer | None
    error: XomError | None = None

    @property
    def photo(self) -> Processed:
        assert self.answer, self.error
        assert isinstance(self.answer.result, Processed), self.answer.result
        return self.answer.result

    @property
    def is_refused(self) -> bool:
        return self.answer is None or isinstance(self.answer.result, Refused)


def samples(folder: str) -> list[Sample]:
    """The manifest's lines of a folder; none where the data is not there (a test says so)."""
    manifest = FOLDER / "manifest.csv"
    if not manifest.exists():
        return []
    with manifest.open(newline="", encoding="utf-8") as lines:
        found = [_sample(line) for line in csv.DictReader(lines)]
    return [sample for sample in found if sample.file.startswith(folder)]


def _sample(line: dict[str, str]) -> Sample:
    return Sample(
        line["file"],
        line["expected"],
        int(line["width"] or 0),
        int(line["height"] or 0),
        int(line["exif_orientation"] or 1),
        float(line["gps_lat"]) if line["gps_lat"] else None,
        float(line["gps_lng"]) if line["gps_lng"] else None,
    )


Handle = Callable[[bytes], Outcome]


@pytest.fixture(scope="session")
def handle() -> Iterator[Handle]:
    """Have bytes handled as the web would; the same bytes only once."""
    pool = PhotoPool(1)

    @cache
    def handled(data: bytes) -> Outcome:
        try:
            order = Order(look(data))
        except XomError as error:
            return Outcome(None, error)
        with _child_file(data) as file:
            answer = pool._answer(order, file)
        assert not isinstance(answer.result, Told)
        return Outcome(answer)

    yield handled
    pool.close()
