"""Every hostile file is decided as the manifest says, within the bounds; nothing of it survives."""

from pathlib import Path

import pytest

from app.errors import Invalid, TooLarge, UnsupportedMedia
from reports.darkroom.child import Refused
from reports.darkroom.errors import BadPhoto, PhotoTooLarge
from tests.conftest import needs
from tests.photos.conftest import Handle, Outcome, Sample, samples
from tests.photos.jpegs import segments

HOSTILE = samples("hostile/")
hostile = pytest.mark.parametrize("sample", HOSTILE, ids=lambda sample: Path(sample.file).name)

#: The manifest was written for a bound of 100 MP. This is a valid baseline JPEG of 192 MP, which
#: the design accepts: it decodes at an eighth of its size, within 128 MB.
ACCEPTED_BY_DESIGN = "hostile/synth_192mp.jpg"


def test_the_hostile_files_are_here() -> None:
    needs(bool(HOSTILE), "../shared/data/photos")

    assert len(HOSTILE) == 77


@hostile
def test_a_hostile_file_is_treated_as_the_manifest_says(sample: Sample, handle: Handle) -> None:
    outcome = handle(sample.read())

    if sample.file == ACCEPTED_BY_DESIGN:
        assert (outcome.photo.width, outcome.photo.height) == (1600, 1200)
    elif sample.expected == "reject":
        assert outcome.is_refused
    else:
        assert outcome.is_refused or is_clean(outcome)


@hostile
def test_a_hostile_file_is_decided_within_the_bounds(sample: Sample, handle: Handle) -> None:
    outcome = handle(sample.read())

    if outcome.answer:
        assert outcome.answer.peak_bytes <= 128 << 20
        assert outcome.answer.cpu_seconds < 2
    if outcome.answer and isinstance(outcome.answer.result, Refused):
        assert issubclass(outcome.answer.result.error, (BadPhoto, PhotoTooLarge))
    if outcome.error:
        assert isinstance(outcome.error, (Invalid, TooLarge, UnsupportedMedia))


def is_clean(outcome: Outcome) -> bool:
    return all(
        {marker for marker, _ in segments(jpeg)} <= {0xE0, 0xDB, 0xC0, 0xC4}
        for jpeg in (outcome.photo.large, outcome.photo.small)
    )


@pytest.mark.parametrize(
    ("file", "payload"),
    [("synth_polyglot_jpeg_html_tail.jpg", b"<script"), ("synth_polyglot_jpeg_zip.jpg", b"PK\3\4")],
)
def test_the_payload_of_a_polyglot_is_gone(
    file: str, payload: bytes, handle: Handle, shared_data: Path
) -> None:
    data = (shared_data / "photos" / "hostile" / file).read_bytes()
    assert payload in data

    photo = handle(data).photo

    assert payload not in photo.large + photo.small
