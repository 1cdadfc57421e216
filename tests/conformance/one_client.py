"""Under REQUIRE_A_CLIENT=1 tests do not pass where all of the foreign clients' were skipped."""

import os

import pytest

THEIRS = "test_independent_clients.py"
_done: set[str] = set()  # what their tests came to


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if THEIRS in report.nodeid and (report.when == "call" or report.skipped):
        _done.add(report.outcome)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _none_was_there() and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _none_was_there():
        terminalreporter.write_line(
            "REQUIRE_A_CLIENT=1, and no client of others was there: see what was skipped.", red=True
        )


def _none_was_there() -> bool:
    return os.environ.get("REQUIRE_A_CLIENT") == "1" and _done == {"skipped"}
