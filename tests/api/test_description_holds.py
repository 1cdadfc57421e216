"""The API does what its own description says: schemathesis asks every operation, as a guest and as
a dispatcher, with data that fits the description and data that does not.

In process and with a fixed seed. `ignored_auth` is left out: its probe cannot be sent to a WSGI app
(schemathesis 4.32 hands werkzeug an argument it does not know). That no route forgets to ask for a
token is held by tests/rights.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder

from app.auth import accounts, tokens
from app.clock import now
from app.database import db
from tests.api.conftest import Town

#: Each caller asks every operation there is: minutes, on busy processors.
pytestmark = pytest.mark.timeout(900)

EXAMPLES = 6  # of each operation in the fuzzing phase; examples and boundaries come on top
LISTS = "bad-cursor unknown-category unknown-area unknown-status"
ANYWHERE = ["bad-number", "bad-character"]  # of free JSON: beyond 2^53, half of a character
#: What fits the description may still be refused, for reasons that no schema can tell: these.
REASONS = {
    "POST /api/v1/auth/otp": "not-a-mobile-number",
    "POST /api/v1/auth/otp/verify": "not-a-mobile-number no-live-code wrong-code code-used-up",
    "PUT /api/v1/me/phone": "not-a-mobile-number",
    "POST /api/v1/notices": "unknown-area notice-wordless notice-over notice-too-long",
    "POST /api/v1/me/messages/read": "invalid",  # neither of two optional fields was given
    "PUT /api/v1/devices/{installation_id}": "bad-address",
    "POST /api/v1/reports/{report_id}/reporter": "invalid",  # a reason of five control characters
    "GET /api/v1/areas": "outside-city",
    "POST /api/v1/places/name": "outside-city",
    "GET /api/v1/reports": f"{LISTS} bad-bbox bad-point not-together",
    "GET /api/v1/reports/points": "unknown-category unknown-area unknown-status bad-bbox",
    "GET /api/v1/reports/similar": "unknown-category",
    "GET /api/v1/heatmap": (
        f"{LISTS} unknown-office bad-bbox map-too-wide days-backward frames-need-days "
        "too-many-frames too-fine-for-public not-in-public-figures whole-months-only "
        "no-such-period month-not-published"
    ),
    "GET /api/v1/hotspots": f"{LISTS} unknown-office days-backward",
    "GET /api/v1/indicators": (
        "unknown-area unknown-category unknown-office not-in-public-figures whole-months-only "
        "no-such-period one-at-a-time month-not-published unknown-figure "
        "invalid"  # a day before 2000 or after 2200
    ),
    "GET /api/v1/queue": f"{LISTS} unknown-office bad-person bad-point bad-cell",
    "GET /api/v1/webhooks": "bad-cursor",
    "GET /api/v1/queue.csv": f"{LISTS} unknown-office bad-person bad-point bad-cell",
    "GET /feeds/reports.atom": f"{LISTS} bad-point",
    "GET /feeds/reports.csv": f"{LISTS} bad-bbox bad-point",
    "GET /feeds/reports.geojson": f"{LISTS} bad-bbox bad-point",
    "GET /api/v1/me/reports": "bad-cursor",
    "GET /api/v1/me/supported": "bad-cursor",
    "GET /api/v1/me/messages": "bad-cursor",
    "PUT /api/v1/me/subscriptions/{subscription_id}": (
        "unknown-area unknown-category circle-incomplete nothing-to-follow"
    ),
    "PUT /api/v1/photos/{photo_id}": "bad-photo photo-kind",
    "POST /api/v1/reports": (
        "unknown-category outside-city nothing-said missing-photos answer-missing "
        "answer-not-offered legal-channel anonymous-account"
    ),
    "POST /api/v1/reports/{report_id}/steps": (
        "step-needs step-does-not-take date-not-later nothing-to-amend bad-version"
    ),
    "POST /api/v1/reports/{report_id}/comments": "comment-missing",
    "POST /api/v1/reports/{report_id}/complaints": "complaint-missing not-part-of-it",
    "POST /api/v1/reports/{report_id}/notes": "comment-missing",
}
#: Words that mean something in this town, put where they belong in most of the requests.
WORDS: dict[str, list[Any]] = {
    "body.category": ["khac", "den-duong", "ngap-nuoc", "thu-tuc", "thai-do", "tham-nhung"],
    "body.area": ["19789", "19753"],
    "body.ends_at": [(now() + timedelta(hours=6)).isoformat()],
    "body.kind": ["fcm_token", "fcm_fid"],
    "body.address": ["a-token-of-an-app", "another-one"],
    "body.radius": [500],
    "path.code": ["19789", "ubnd-19789"],
    "body.office": ["ubnd-19789", "so-y-te", "hue-ioc"],
    "body.lat": [16.4675, 16.47],
    "body.lng": [107.5885, 107.59],
    "body.step": ["withdraw", "accept", "hide", "publish", "amend", "join", "reject"],
    "query.category": ["khac", "den-duong"],
    "query.area": ["19789"],
    "query.office": ["ubnd-19789"],
    "query.status": ["open", "all", "submitted,accepted"],
    "query.bbox": ["107.5,16.4,107.7,16.5"],
    "query.near": ["16.4675,107.5885"],
    "query.lat": [16.4675],
    "query.lng": [107.5885],
    "header.If-Match": ['"v1"', '"v2"', '"v3"'],
}


@dataclass
class Findings:
    """What a run brought to light."""

    failures: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    answers: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    undocumented: set[str] = field(default_factory=set)
    unreasonable: dict[str, str] = field(default_factory=dict)

    def note(self, recorder: ScenarioRecorder, documented: dict[str, Any]) -> None:
        for case_id, exchange in recorder.interactions.items():
            case = recorder.cases[case_id].value
            operation = case.operation.label
            if exchange.response and operation.startswith(f"{exchange.request.method} "):
                self._answered(operation, case, exchange.response, documented[operation])
        for check in (one for checks in recorder.checks.values() for one in checks):
            if (info := check.failure_info) is not None:
                key = f"{recorder.label}: {check.name}: {info.failure.title}"
                self.failures.setdefault(key, f"{info.failure.message}\n{info.code_sample}")

    def _answered(self, operation: str, case: Any, response: Any, documented: Any) -> None:
        status = response.status_code
        self.answers[operation][status] += 1
        if str(status) not in documented:
            self.undocumented.add(f"{status} of {operation}")
        if status in {400, 422} and case.meta.generation.mode.is_positive:
            reason = response.json()["type"].rpartition("/")[2]
            if reason not in REASONS.get(operation, "").split() + ANYWHERE:
                self.unreasonable.setdefault(f"{operation}: {reason}", case.as_curl_command())


class SignedIn:
    """The app, to a caller who never runs out of tokens: two operations end the sign-in itself."""

    ENDINGS = (("DELETE", "/api/v1/auth/token"), ("DELETE", "/api/v1/me"))

    def __init__(self, town: Town, who: str) -> None:
        self.town, self.who = town, who
        self.token = town.token_of(who)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        asked = (environ["REQUEST_METHOD"], environ["PATH_INFO"])
        if asked in self.ENDINGS and environ.get("HTTP_AUTHORIZATION") == f"Bearer {self.token}":
            environ["HTTP_AUTHORIZATION"] = f"Bearer {self._another()}"
        environ.pop("HTTP_ACCEPT_ENCODING", None)  # whoever checks the answers unpacks nothing
        return self.town.app(environ, start)

    def _another(self) -> str:
        if self.who != "guest":
            return self.town.token_of(self.who)
        with self.town.app.app_context():
            token = tokens.issue(accounts.create_guest("vi"))
            db.session.commit()
        return token


@pytest.fixture(scope="module", params=["guest", "dispatcher"])
def findings(town: Town, request: pytest.FixtureRequest) -> Findings:
    caller = SignedIn(town, request.param)
    schema = schemathesis.openapi.from_wsgi(
        "/api/openapi.json", caller, config=configured(town, caller.token)
    )
    documented = {
        f"{method.upper()} {path}": operation["responses"]
        for path, operations in schema.raw_schema["paths"].items()
        for method, operation in operations.items()
        if method != "parameters"
    }
    found = Findings()
    with quiet():
        for event in from_schema(schema).execute():
            if isinstance(event, events.ScenarioFinished):
                found.note(event.recorder, documented)
            elif isinstance(event, events.NonFatalError | events.FatalError):
                found.errors.append(str(vars(event)))
    return found


def configured(town: Town, token: str) -> SchemathesisConfig:
    ids = [str(report_id) for report_id in town.reports]
    words = WORDS | {"path.report_id": ids, "path.named": ids + town.codes, "body.target": ids}
    named = {place: place.replace(".", "-") for place in words}
    return SchemathesisConfig.from_dict(
        {
            "seed": 20261121,
            "continue-on-failure": True,
            "headers": {"Authorization": f"Bearer {token}"},
            "dictionaries": {named[place]: {"values": found} for place, found in words.items()},
            "parameters": {
                place: {"dictionary": name, "probability": 0.8} for place, name in named.items()
            },
            "generation": {
                "deterministic": True,
                "max-examples": EXAMPLES,
                "database": "none",
                "allow-x00": False,  # no schema can forbid it; tests/kernel sends it everywhere
            },
            "checks": {
                "ignored_auth": {"enabled": False},
                "missing_required_header": {"expected-statuses": [400, 401, 404, 428]},
                # 400 and 422 for a reason that `REASONS` names; 412 and 428 are about versions.
                "positive_data_acceptance": {
                    "expected-statuses": ["2xx", 400, 401, 403, 404, 409, 412, 422, 428, 429]
                },
            },
        }
    )


@contextmanager
def quiet() -> Iterator[None]:
    """Thousands of requests would leave thousands of lines behind."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def test_every_operation_does_what_the_description_says(findings: Findings) -> None:
    assert findings.errors == []
    none_of(findings.failures)


def none_of(found: dict[str, str]) -> None:
    """What was found, whole: pytest would cut it short."""
    if found:
        pytest.fail("\n\n".join(f"{what}\n{how}" for what, how in found.items()), pytrace=False)


def test_no_status_is_answered_that_the_description_does_not_name(findings: Findings) -> None:
    assert findings.undocumented == set()


def test_what_fits_the_description_is_refused_for_known_reasons_alone(findings: Findings) -> None:
    none_of(findings.unreasonable)


def test_every_operation_was_really_tried(findings: Findings, town: Town) -> None:
    asked = {
        operation for operation, statuses in findings.answers.items() if sum(statuses.values())
    }
    spec = town.app.test_client().get("/api/openapi.json").get_json()["paths"]
    operations = {
        f"{method.upper()} {path}"
        for path in spec
        for method in spec[path]
        if method != "parameters"
    }

    assert asked == operations
    assert sum(sum(statuses.values()) for statuses in findings.answers.values()) > 1000
