"""What was done is said in a sentence, whatever it was."""

from reports.statuses import STEPS
from web.console.done import STEPS_DONE


def test_every_step_has_its_sentence() -> None:
    assert set(STEPS_DONE) == set(STEPS)
    assert all(said.endswith(".") for pair in STEPS_DONE.values() for said in pair)
