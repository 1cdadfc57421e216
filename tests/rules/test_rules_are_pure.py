"""The rules run without a web framework and without a database."""

import subprocess
import sys

import pytest

RULES = (
    "places", "routing", "deadlines", "spoken", "masking", "codes", "public_holidays",
    "figures.changes", "figures.definitions", "figures.periods",
)  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_brings_neither_flask_nor_sqlalchemy(rule: str) -> None:
    ask = f"import sys, reports.{rule}; print({{'flask', 'sqlalchemy'}} & set(sys.modules))"

    answer = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)

    assert answer.stdout == "set()\n"
