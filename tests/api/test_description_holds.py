"""The API does what its own description says: schemathesis asks every operation of a served house,
as four callers, with data that fits the description and data that does not. All checks are on.
"""

from collections.abc import Iterable

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core.transport import Response

from tests.api.callers import CALLERS, SignedIn, Town
from tests.api.machine import Findings, documented_in, none_of, settings
from tests.api.reasons import ANYWHERE, NOT_DONE, REASONS, WORDS
from tests.web.site import on_a_port

#: Each caller asks every operation there is: minutes, on busy processors.
pytestmark = pytest.mark.timeout(900)

EXAMPLES = 6  # of each operation in the fuzzing phase; examples and boundaries come on top


def reasons(response: Response) -> Iterable[str]:
    """The problem's own word for it."""
    if response.status_code in {400, 422}:
        yield response.json()["type"].rpartition("/")[2]


def may_refuse(operation: str) -> list[str]:
    return REASONS.get(operation, "").split() + ANYWHERE


@pytest.fixture(scope="module")
def everybody(town: Town) -> dict[str, Findings]:
    """What each caller found."""
    return {who: found_by(who, town) for who in CALLERS}


def found_by(who: str, town: Town) -> Findings:
    caller = SignedIn(town, who)
    config = settings(
        {**WORDS, **town.words_for(who)},
        examples=EXAMPLES,
        often=0.8,
        headers={"Authorization": f"Bearer {caller.token}"},
        checks={
            "missing_required_header": {"expected-statuses": [400, 401, 403, 404, 428]},
            # 400 and 422 for a reason that `REASONS` names; 412 and 428 are about versions.
            "positive_data_acceptance": {
                "expected-statuses": ["2xx", 400, 401, 403, 404, 409, 412, 422, 428, 429]
            },
        },
    )
    found = Findings(reasons, may_refuse)
    with on_a_port(caller) as port:
        address = f"http://127.0.0.1:{port}/api/openapi.json"
        known = SchemathesisConfig.from_dict(config)
        found.ask(schemathesis.openapi.from_url(address, config=known))
    return found


@pytest.fixture(params=CALLERS)
def findings(everybody: dict[str, Findings], request: pytest.FixtureRequest) -> Findings:
    return everybody[request.param]


def test_every_operation_does_what_the_description_says(findings: Findings) -> None:
    assert findings.errors == []
    none_of(findings.failures)


def test_no_status_is_answered_that_the_description_does_not_name(findings: Findings) -> None:
    assert findings.undocumented == set()


def test_what_fits_the_description_is_refused_for_known_reasons_alone(findings: Findings) -> None:
    none_of(findings.unreasonable)


def test_every_operation_was_really_tried(findings: Findings, town: Town) -> None:
    asked = {one for one, statuses in findings.answers.items() if sum(statuses.values())}
    spec = town.app.test_client().get("/api/openapi.json").get_json()

    assert asked == set(documented_in(spec))
    assert sum(sum(statuses.values()) for statuses in findings.answers.values()) > 1000


def test_every_operation_was_done_by_somebody(everybody: dict[str, Findings], town: Town) -> None:
    """Else it could refuse whatever is asked, and still do what the description says."""
    done = {
        operation
        for found in everybody.values()
        for operation, statuses in found.answers.items()
        if any(200 <= status < 300 for status in statuses)
    }
    spec = town.app.test_client().get("/api/openapi.json").get_json()

    undone = set(documented_in(spec)) - done
    none_of(dict.fromkeys(sorted(undone - set(NOT_DONE)), "nobody did this"))
    none_of(dict.fromkeys(set(NOT_DONE) - undone, "somebody did this: it needs no excuse"))
