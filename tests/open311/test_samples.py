"""The answers that docs/open311.md shows are of the shape that is answered."""

import json
import re
from typing import Any

import pytest

from app.config import ROOT
from tests.conformance.contract import assert_valid

TOLD = (ROOT / "docs" / "open311.md").read_text()
SAMPLES = [json.loads(block) for block in re.findall(r"^```json\n(.*?)^```", TOLD, re.S | re.M)]
#: What a sample is, by a key that no other has.
KINDS = {
    "attributes": "service_definition",
    "status_notes": "requests",
    "account_id": "created",
    "update_id": "updates",
    "code": "errors",
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_answer_is_shown_as_it_comes(kind: str) -> None:
    (shown,) = [sample for sample in SAMPLES if _kind(sample) == kind]

    assert_valid(KINDS[kind], shown)


def _kind(sample: Any) -> str:
    first = sample[0] if isinstance(sample, list) else sample
    return next(kind for kind in KINDS if kind in first)
