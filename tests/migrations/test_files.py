"""The migration files themselves: numbered, one after the other, kind to the code before them."""

import ast
import re
from importlib.metadata import version
from pathlib import Path

import pytest

from app.config import ROOT
from tests.migrations.test_schema import scripts

FILES = sorted((ROOT / "migrations" / "versions").glob("*.py"))
#: What takes from the code before it something that it still uses.
TAKES_AWAY = re.compile(
    r"op\.(?:drop_\w+|rename_table)\(|new_column_name|nullable=False|type_="
    r"|\b(?:drop|rename)\s+(?:table|column|type|function|view|constraint|index|to)\b"
    r"|\bset\s+not\s+null\b|\balter\s+column\b",
    re.IGNORECASE,
)
TOLD = re.compile(r"\b(?:expand|contract)\b", re.IGNORECASE)


def test_there_is_one_head() -> None:
    assert len(scripts().get_heads()) == 1
    assert len(scripts().get_bases()) == 1


def test_numbers_are_consecutive_and_named_like_their_files() -> None:
    revisions = {script.revision: script for script in scripts().walk_revisions()}
    numbers = [f"{number:04}" for number in range(1, len(FILES) + 1)]

    assert sorted(revisions) == numbers
    for before, number, file in zip([None, *numbers], numbers, FILES, strict=False):
        assert re.fullmatch(rf"{number}_[a-z0-9_]+\.py", file.name), file.name
        assert revisions[number].down_revision == before
        assert Path(revisions[number].path) == file


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_migration_leans_on_the_code_of_today(file: Path) -> None:
    """It is run in years to come, when the models say something else."""
    for node in ast.walk(ast.parse(file.read_text())):
        names = [alias.name for alias in getattr(node, "names", []) if isinstance(alias, ast.alias)]
        module = getattr(node, "module", None)
        for name in [*names, *([module] if isinstance(module, str) else [])]:
            assert name.split(".")[0] not in {"app", "reports", "notifications", "web"}, name


@pytest.mark.parametrize("file", FILES[2:], ids=lambda file: file.stem)
def test_what_takes_something_away_says_how_the_old_code_goes_on(file: Path) -> None:
    assert unexplained(file.read_text()) == []


def unexplained(source: str) -> list[str]:
    """Lines on the way up that take something away, in a file that does not tell of expanding
    first and contracting when no old code runs any more."""
    if TOLD.search(source):
        return []
    upward = source.partition("def downgrade")[0]
    return [line.strip() for line in upward.splitlines() if TAKES_AWAY.search(line)]


@pytest.mark.parametrize(
    "line",
    [
        'op.drop_column("report", "place_note")',
        'op.alter_column("report", "place_note", new_column_name="where")',
        'op.alter_column("report", "place_note", nullable=False)',
        'op.rename_table("report", "complaint")',
        'op.execute("alter table report rename column code to number")',
        'op.execute("drop index ix_report_spot")',
        'op.execute("ALTER TABLE report ALTER COLUMN code TYPE text")',
    ],
)
def test_what_takes_something_away_is_found(line: str) -> None:
    source = f"def upgrade() -> None:\n    {line}\n"

    assert unexplained(source) == [line]
    assert unexplained(f'"""Contract: nothing reads it since 0007."""\n{source}') == []
    assert unexplained(f"def upgrade() -> None:\n    pass\n\n\ndef downgrade():\n    {line}") == []


def test_the_queues_tables_are_those_of_the_installed_package() -> None:
    """An upgrade of procrastinate brings migrations of its own: one of ours has to run them."""
    names = re.compile(r'^PROCRASTINATE = "([\d.]+)"', re.MULTILINE)
    named = [found for file in FILES for found in names.findall(file.read_text())]
    locked = re.search(r"^procrastinate==(\S+)", (ROOT / "requirements.txt").read_text(), re.M)

    assert locked
    assert named[-1] == version("procrastinate") == locked[1]
