"""Whatever is asked is answered as the contract has it: schemathesis asks every address, in both
forms, with what fits the contract and what does not.

All checks but two: an empty parameter is as good as none, so that what violates a schema may be
right; and `ignored_auth` cannot be sent to a WSGI app (see tests/api).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from tests.api.test_description_holds import none_of, quiet
from tests.conformance.conftest import PATH, Town
from tests.conformance.contract import from_xml
from tests.conformance.description import description

pytestmark = pytest.mark.timeout(900)

ADDRESS = "/contract.json"
EXAMPLES = 12


@dataclass
class Asked:
    """The app, and beside it the contract's description; keeps what was answered."""

    town: Town
    answers: Counter[str] = field(default_factory=Counter)
    unread: dict[str, str] = field(default_factory=dict)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == ADDRESS:
            start("200 OK", [("Content-Type", "application/json")])
            return [orjson.dumps(description(PATH, list(self.town.keys.values())))]
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        started: list[Any] = []
        body = b"".join(self.town.site.app(environ, lambda *told: started.append(told)))
        status, headers = started[-1][:2]
        self._note(environ, status, dict(headers), body)
        start(*started[-1])
        return [body]

    def _note(self, environ: dict[str, Any], status: str, headers: Any, body: bytes) -> None:
        asked = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
        self.answers[status[:3]] += 1
        if headers.get("Content-Type", "").startswith("text/xml") and body:
            try:
                from_xml(body)
            except Exception as error:
                self.unread[asked] = f"{error!r}: {body[:300]!r}"


@dataclass
class Findings:
    asked: Asked
    failures: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def findings(town: Town) -> Iterator[Findings]:
    asked = Asked(town)
    schema = schemathesis.openapi.from_wsgi(ADDRESS, asked, config=configured(town))
    found = Findings(asked)
    with quiet():
        for event in from_schema(schema).execute():
            if isinstance(event, events.ScenarioFinished):
                for check in (one for many in event.recorder.checks.values() for one in many):
                    if (info := check.failure_info) is not None:
                        key = f"{event.recorder.label}: {check.name}: {info.failure.title}"
                        told = f"{info.failure.message}\n{info.code_sample}"
                        found.failures.setdefault(key, told)
            elif isinstance(event, events.NonFatalError | events.FatalError):
                found.errors.append(str(vars(event)))
    yield found


def configured(town: Town) -> SchemathesisConfig:
    words = {
        "path.id": list(town.codes.values()),
        "path.code": [town.plain],
        "query.service_request_id": list(town.codes.values()),
        "query.api_key": list(town.keys.values()),
        "body.service_request_id": list(town.codes.values()),
        "body.service_code": [town.plain],
        "body.status": ["OPEN", "FIXED", "IN_PROGRESS", "REOPEN", "UNCHANGED"],
    }
    named = {place: place.replace(".", "-") for place in words}
    return SchemathesisConfig.from_dict(
        {
            "seed": 20261121,
            "continue-on-failure": True,
            "dictionaries": {named[place]: {"values": found} for place, found in words.items()},
            "parameters": {
                place: {"dictionary": name, "probability": 0.7} for place, name in named.items()
            },
            "generation": {
                "deterministic": True,
                "max-examples": EXAMPLES,
                "database": "none",
                "allow-x00": False,
            },
            "checks": {
                "ignored_auth": {"enabled": False},
                "negative_data_rejection": {"enabled": False},
                "positive_data_acceptance": {"expected-statuses": ["2xx", 400, 403, 404]},
            },
        }
    )


def test_nothing_is_answered_that_the_contract_does_not_have(findings: Findings) -> None:
    assert findings.errors == []
    none_of(findings.failures)


def test_all_xml_can_be_read(findings: Findings) -> None:
    none_of(findings.asked.unread)


def test_much_was_asked_and_no_question_broke_the_house(findings: Findings) -> None:
    answers = findings.asked.answers

    assert not [status for status in answers if status.startswith("5")]
    assert answers["200"] > 200
    assert answers["400"] > 50
