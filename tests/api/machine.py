"""A machine that asks whatever a description lets it ask, and more: schemathesis, over real HTTP,
with all its checks; and what it brought to light.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from schemathesis.core.transport import Response
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.schemas import BaseSchema

SEED = 20261121
#: Why an answer refuses what it was sent, in short words; none where it does not, or where it has
#: the right to. And which of these an operation may say to what fits its description.
Reasons = Callable[[Response], Iterable[str]]
MayRefuse = Callable[[str], Iterable[str]]
Words = Mapping[str, list[Any]]


@dataclass
class Findings:
    """What a run brought to light, by label: `GET /path`."""

    reasons: Reasons
    may_refuse: MayRefuse
    failures: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    answers: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    undocumented: set[str] = field(default_factory=set)
    unreasonable: dict[str, str] = field(default_factory=dict)

    def ask(self, schema: BaseSchema) -> None:
        """Everything that it describes."""
        documented = documented_in(schema.raw_schema)
        with quiet():
            for event in from_schema(schema).execute():
                if isinstance(event, events.ScenarioFinished):
                    self._note(event.recorder, documented)
                elif isinstance(event, events.NonFatalError | events.FatalError):
                    self.errors.append(str(vars(event)))

    def _note(self, recorder: ScenarioRecorder, documented: Mapping[str, Any]) -> None:
        for case_id, exchange in recorder.interactions.items():
            case = recorder.cases[case_id].value
            operation = case.operation.label
            if exchange.response and operation.startswith(f"{exchange.request.method} "):
                self.answered(operation, case, exchange.response, documented[operation])
        for check in (one for checks in recorder.checks.values() for one in checks):
            if (info := check.failure_info) is not None:
                key = f"{recorder.label}: {check.name}: {info.failure.title}"
                self.failures.setdefault(key, f"{info.failure.message}\n{info.code_sample}")

    def answered(self, operation: str, case: Any, response: Response, documented: Any) -> None:
        status = response.status_code
        self.answers[operation][status] += 1
        if str(status) not in documented:
            self.undocumented.add(f"{status} of {operation}")
        if case.meta.generation.mode.is_positive:
            for reason in set(self.reasons(response)) - set(self.may_refuse(operation)):
                self.unreasonable.setdefault(f"{operation}: {reason}", case.as_curl_command())


def documented_in(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that each operation names."""
    return {
        f"{method.upper()} {path}": operation["responses"]
        for path, operations in raw["paths"].items()
        for method, operation in operations.items()
        if method != "parameters"
    }


def settings(words: Words, *, examples: int, often: float, **more: Any) -> dict[str, Any]:
    """How it asks: with these words put where they belong, so often; the same each time, with every
    check on. `more` says who asks, and of which `checks` there is something to say."""
    named = {place: place.replace(".", "-") for place in words}
    return {
        "seed": SEED,
        "continue-on-failure": True,
        "dictionaries": {named[place]: {"values": found} for place, found in words.items()},
        "parameters": {
            place: {"dictionary": name, "probability": often} for place, name in named.items()
        },
        "generation": {
            "deterministic": True,
            "max-examples": examples,
            "database": "none",
            "allow-x00": False,  # no schema can forbid it; tests/kernel sends it everywhere
        },
        **more,
    }


@contextmanager
def quiet() -> Iterator[None]:
    """Thousands of requests would leave thousands of lines behind; and none of them goes by a
    proxy."""
    logging.disable(logging.CRITICAL)
    try:
        with pytest.MonkeyPatch.context() as here:
            here.setenv("NO_PROXY", "127.0.0.1")
            yield
    finally:
        logging.disable(logging.NOTSET)


def none_of(found: Mapping[str, str]) -> None:
    """What was found, whole: pytest would cut it short."""
    if found:
        pytest.fail("\n\n".join(f"{what}\n{how}" for what, how in found.items()), pytrace=False)
