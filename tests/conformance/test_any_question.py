"""Whatever is asked is answered as the contract has it: schemathesis asks every address of the
running server over HTTP, in both forms, with what fits the contract and what does not, and with all
its checks on. What XML says is held to the same schemas as JSON.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core.transport import Response
from schemathesis.schemas import BaseSchema

from tests.api.machine import Findings, Words, none_of, settings
from tests.conformance import description
from tests.conformance.conftest import PATH, Town
from tests.conformance.contract import assert_valid, from_xml, typed

pytestmark = pytest.mark.timeout(900)

EXAMPLES = 20
#: What fits the contract may still be refused, for reasons that no schema can tell: a field that is
#: at fault with another, or a status.
REASONS = {
    "GET services": "lat long",
    "GET services/{code}": "404",
    "GET requests": "lat long start_date end_date updated_after updated_before bbox",
    "GET requests/{id}": "404",
    "GET tokens/{token}": "404",
    "GET servicerequestupdates": "end_date",
    "POST requests": (
        "lat long description address_string address_id attribute client_request_id 404 400"
    ),
    "POST servicerequestupdates": "status service_request_id update_id description 404 400",
}


@dataclass
class Asked(Findings):
    """… and what XML said that its schema does not have; what was sent and taken, by its form."""

    unfit: dict[str, str] = field(default_factory=dict)
    taken: Counter[tuple[str, str]] = field(default_factory=Counter)

    def answered(self, operation: str, case: Any, response: Response, documented: Any) -> None:
        super().answered(operation, case, response, documented)
        if response.status_code == 200 and operation.startswith("POST "):
            self.taken[operation, case.media_type] += 1
        told = documented.get(str(response.status_code), {})
        if "text/xml" in told.get("content", {}):
            try:
                held(response.content, told["description"].split())
            except Exception as fault:
                self.unfit.setdefault(f"{operation}: {fault!r:.300}", case.as_curl_command())


def held(body: bytes, names: list[str]) -> None:
    """It fits one of these schemas."""
    _, words = from_xml(body)
    for name in names[:-1]:
        try:
            return assert_valid(name, typed(words, name))
        except AssertionError:
            continue
    return assert_valid(names[-1], typed(words, names[-1]))


def reasons(response: Response) -> Iterable[str]:
    """The fields that are said to be at fault; the status, where none is."""
    if response.status_code not in {400, 404}:
        return
    told = response.headers["content-type"][0]
    found = from_xml(response.content)[1] if told.startswith("text/xml") else response.json()
    for error in found:
        field = re.match(r"([a-z_]+)(\[\w*\])?: ", error["description"])
        yield field[1] if field and response.status_code == 400 else str(response.status_code)


def may_refuse(label: str) -> list[str]:
    return REASONS.get(re.sub(rf" {PATH}/(.*)\.(json|xml)$", r" \1", label), "").split()


@pytest.fixture(scope="module")
def asked(town: Town) -> Asked:
    config = settings(
        words(town),
        examples=EXAMPLES,
        often=0.8,
        auth={"openapi": {"api_key": {"api_key": town.keys["app"]}}},
        checks={  # for `REASONS` alone
            "positive_data_acceptance": {"expected-statuses": ["2xx", 400, 404]}
        },
    )

    def told(**differs: Any) -> BaseSchema:
        known = SchemathesisConfig.from_dict({**config, "base-url": town.site.url})
        whole = description.whole(PATH, right=right_ones(town), **differs)
        return schemathesis.openapi.from_dict(whole, config=known)

    found = Asked(reasons, may_refuse)
    found.ask(told())
    lists = [f"{PATH}/requests.{form}" for form in ("json", "xml")]
    found.ask(told(lists=description.BY_IDS).include(method="GET", path=lists))
    return found


def right_ones(town: Town) -> dict[str, dict[str, Any]]:
    """Of what can be sent: one of each that is sure to be taken."""
    return {
        "requests": {"service_code": town.plain, "description": "Đèn tắt.",
                     "lat": 16.4675, "long": 107.5885},
        "servicerequestupdates": {
            "service_request_id": town.codes["open"], "update_id": "right-one",
            "status": "UNCHANGED", "updated_datetime": "2026-11-21T10:00:00+07:00",
            "description": "Vẫn vậy.",
        },
    }  # fmt: skip


def words(town: Town) -> Words:
    codes = list(town.codes.values())
    return {
        "path.id": codes,
        "path.code": [town.plain],
        "path.token": [town.token],
        "query.service_request_id": codes,
        "query.lat": [16.4675],
        "query.long": [107.5885],
        "body.service_request_id": [town.codes["open"], town.codes["photographed"]],
        "body.service_code": [town.plain],
        "body.description": ["Đèn tắt cả đoạn đường."],
        "body.lat": [16.4675],
        "body.long": [107.5885],
        "body.status": ["OPEN", "FIXED", "IN_PROGRESS", "REOPEN", "UNCHANGED"],
        "body.updated_datetime": ["2026-11-21T10:00:00+07:00"],
    }


def test_nothing_is_answered_that_the_contract_does_not_have(asked: Asked) -> None:
    assert asked.errors == []
    none_of(asked.failures)
    assert asked.undocumented == set()


def test_xml_says_what_the_schemas_of_json_have(asked: Asked) -> None:
    none_of(asked.unfit)


def test_what_fits_the_contract_is_refused_for_known_reasons_alone(asked: Asked) -> None:
    none_of(asked.unreasonable)


def test_every_address_was_asked_and_answered_and_no_question_broke_the_house(
    asked: Asked,
) -> None:
    operations = description.whole(PATH)["paths"]
    labels = {f"{method.upper()} {path}" for path, known in operations.items() for method in known}

    assert {label for label, answers in asked.answers.items() if answers[200]} == labels
    assert not [status for answers in asked.answers.values() for status in answers if status >= 500]


def test_each_way_of_sending_was_taken_in_either_form(asked: Asked) -> None:
    """Else a house that refuses all would fit the contract too."""
    sent = {label for label in asked.answers if label.startswith("POST ")}

    assert set(asked.taken) == {(label, form) for label in sent for form in description.FORMS}
    assert len(sent) == 4
