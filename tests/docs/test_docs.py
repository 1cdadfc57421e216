"""What the documents say of the code is so: links, files, commands, settings, figures, words.

The commands of the README are run by `test_first_report`; the deadlines of `docs/deadlines.md` by
the tests of the rules.
"""

import hashlib
import re
import subprocess
from collections.abc import Iterator
from dataclasses import MISSING, fields
from datetime import datetime
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask

from app.config import ROOT, Config
from reports import deadlines, vocabulary
from tests.rules.hue_hours import HUE, hue_calendar, in_hue

DOCS = ROOT / "docs"
LICENCE = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"  # as apache.org has it
FOLDERS = ("app", "reports", "notifications", "bench", "tests", "migrations", "deploy", "docs")
FILE_ENDS = (".py", ".md", ".txt", ".toml", ".json", ".svg", ".in", ".conf")


@cache
def pages() -> tuple[Path, ...]:
    """Every page of the repository."""
    folders = [ROOT, DOCS, ROOT / "deploy"]
    return tuple(sorted({*DOCS.rglob("*.md"), *(p for f in folders for p in f.glob("*.md"))}))


def spans(text: str) -> list[str]:
    """What stands in backticks, and the lines of blocks of code."""
    blocks = re.findall(r"```.*?\n(.*?)```", text, re.S)
    indented = re.findall(r"^ {4}(.+)$", text, re.M)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S))
    return [*inline, *indented, *(line for block in blocks for line in block.splitlines())]


def section(text: str, title: str) -> str:
    """A chapter of a page, from its heading to the next one of its rank or above."""
    found = re.search(rf"^(#+) {re.escape(title)}$", text, re.M)
    assert found, f"there is no chapter {title!r}"
    rest = text[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.M)
    return rest[: end.start()] if end else rest


def rows(text: str) -> list[list[str]]:
    """The rows of all tables, without their heads."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return [row for row in cells if not set("".join(row)) <= set("-: ")]


def anchor(heading: str) -> str:
    """As GitHub makes it: letters kept, spaces to hyphens, the rest dropped."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


# Links and names ---------------------------------------------------------------------------------


def broken_links(page: Path) -> Iterator[str]:
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http://", "https://")):
            continue
        path, _, name = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if there.is_dir() and name == "":
            continue
        if not there.is_file() or (name and name not in anchors_of(there)):
            yield target


def anchors_of(page: Path) -> set[str]:
    return {anchor(heading) for heading in re.findall(r"^#+ (.+)$", page.read_text(), re.M)}


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    assert list(broken_links(page)) == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_are_named_exist(page: Path) -> None:
    named = {span for span in spans(page.read_text()) if re.fullmatch(r"[\w./\-]+", span)}
    files = {
        span for span in named if span.split("/")[0] in FOLDERS and span.endswith((*FILE_ENDS, "/"))
    }

    assert [name for name in sorted(files) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_make_targets_that_are_named_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))

    named = {m[1] for span in spans(page.read_text()) if (m := re.search(r"\bmake ([a-z]+)", span))}

    assert named <= targets


def test_every_module_of_the_house_is_on_the_map() -> None:
    on_the_map = set(spans((DOCS / "map.md").read_text()))
    modules = {
        str(path.relative_to(ROOT))
        for folder in ("app", "reports", "notifications")
        for path in (ROOT / folder).rglob("*.py")
        if path.name != "__init__.py"
    } | {f"web/{path.name}" for path in (ROOT / "web").glob("*.py") if path.name != "__init__.py"}

    missing = sorted(modules - on_the_map)
    assert not missing, f"docs/map.md has no line for {', '.join(missing)}"


def test_every_record_has_its_line_in_the_index() -> None:
    index = (DOCS / "adr" / "README.md").read_text()
    records = {path.name for path in (DOCS / "adr").glob("[0-9]*.md")}

    linked = set(re.findall(r"\((\d{4}-[\w-]+\.md)\)", index))

    assert linked == records


# Operating ---------------------------------------------------------------------------------------


def settings_told() -> dict[str, str]:
    """Each variable in the tables of settings, with the default told."""
    told = rows(section((DOCS / "operating.md").read_text(), "Settings"))
    return {row[0].strip("`"): row[1].strip("`") for row in told}


def test_every_variable_that_is_read_is_in_the_tables() -> None:
    of_the_app = {f"XOM_{field.name.upper()}" for field in fields(Config)}
    source = "".join(path.read_text() for path in (ROOT / "app").rglob("*.py"))
    named = set(re.findall(r"\bXOM_[A-Z]+(?:_[A-Z]+)*\b", source))
    elsewhere = {"XOM_ENVIRONMENT", "XOM_DATABASE_URL", "XOM_SECRET_KEY"}  # under other names
    our_own = {"XOM_LIFELINE"}  # from a parent process to its children

    assert sorted((of_the_app | named) - elsewhere - our_own - settings_told().keys()) == []


def test_the_defaults_told_are_the_defaults() -> None:
    told = settings_told()
    plain = [f for f in fields(Config) if f.default is not MISSING and f.name != "webpush_hosts"]

    wrong = {
        field.name: told[f"XOM_{field.name.upper()}"]
        for field in plain
        if told[f"XOM_{field.name.upper()}"] != (as_told(field.default))
    }

    assert wrong == {}


def as_told(default: object) -> str:
    if isinstance(default, tuple):
        return ",".join(default) or "–"
    text = str(default).lower() if isinstance(default, bool) else str(default)
    return text or "–"


def test_the_commands_that_are_listed_exist(app: Flask) -> None:
    listed = rows(section((DOCS / "operating.md").read_text(), "Commands"))[1:]
    for command in re.findall(r"`([a-z][^`]*)`", " ".join(row[0] for row in listed)):
        words = re.findall(r"^[a-z-]+(?: [a-z-]+)?", command)[0].split()
        group = app.cli.commands.get(words[0])
        if group is None:  # `enable EMAIL`, told beside `accounts disable EMAIL`
            assert words[0] in app.cli.commands["accounts"].commands  # type: ignore[attr-defined]
        elif len(words) > 1:
            assert words[1] in group.commands, command  # type: ignore[attr-defined]


def test_the_figures_that_are_told_are_those_of_metrics(app: Flask) -> None:
    told = {row[0].strip("`") for row in rows(section(operating(), "Figures"))[1:]}

    answer = app.test_client().get("/metrics").text
    shown = set(re.findall(r"^# HELP (xom_\S+)", answer, re.M))

    processes_own = {name for name in shown if name.startswith("xom_process_")}
    # When a count began is told beside it (`…_created`), once it has counted something.
    began = {name for name in shown if name.endswith("_created")}
    assert told - processes_own == shown - processes_own - began


def operating() -> str:
    return (DOCS / "operating.md").read_text()


def test_the_log_lines_that_are_told_are_written_somewhere() -> None:
    listed = [row[0].strip("`") for row in rows(section(operating(), "Logs"))[1:]]
    source = "".join(
        path.read_text()
        for folder in ("app", "reports", "notifications")
        for path in (ROOT / folder).rglob("*.py")
    )

    assert listed
    assert [event for event in listed if f'"{event}"' not in source] == []


# Words -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Statuses", vocabulary.STATUSES),
        ("Steps", vocabulary.STEPS),
        ("Outcomes and reasons", vocabulary.OUTCOMES | vocabulary.REJECTIONS),
    ],
)
def test_the_glossary_has_the_words_of_the_vocabulary(
    title: str, words: dict[str, vocabulary.Words]
) -> None:
    table = rows(section((DOCS / "glossary.md").read_text(), title))[1:]

    assert {row[0].strip("`"): (row[1], row[2]) for row in table} == {
        str(code): pair for code, pair in words.items()
    }


# The picture -------------------------------------------------------------------------------------


def words_of_the_picture() -> str:
    tree = ElementTree.parse(DOCS / "picture.svg")  # noqa: S314 - our own file
    drawn = tree.iter("{http://www.w3.org/2000/svg}text")
    return "\n".join("".join(text.itertext()) for text in drawn)


def test_the_picture_speaks_as_the_house_does() -> None:
    drawn = words_of_the_picture()

    shown = ("submitted", "accepted", "in_progress", "waiting", "returned", "resolved", "closed")
    said = {str(status): words[0] for status, words in vocabulary.STATUSES.items()}
    assert [status for status in shown if said[status] not in drawn] == []


def test_the_deadlines_in_the_picture_are_right() -> None:
    calendar, drawn = hue_calendar(), words_of_the_picture()

    first = deadlines.due_after_days(calendar, in_hue("2026-11-26 08:12"), 5)
    rest = deadlines.working_seconds_between(
        calendar, in_hue("2026-11-27 10:00"), in_hue("2026-11-30 08:00")
    )
    moved = deadlines.add_working_seconds(calendar, first, rest)

    assert rest == 6 * 3600
    assert "Six working hours of rest" in drawn
    assert f"{in_words(first)}." in drawn
    assert in_words(moved) in drawn


def in_words(at: datetime) -> str:
    """Thu 3/12 17:00."""
    local = at.astimezone(HUE)
    return f"{local:%a} {local.day}/{local.month} {local:%H:%M}"


def test_the_licence_is_the_apache_licence_word_for_word() -> None:
    text = (ROOT / "LICENSE").read_bytes()

    assert hashlib.sha256(text).hexdigest() == LICENCE


def test_make_help_lists_every_target() -> None:
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)

    targets = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.M))
    assert targets == set(re.findall(r"^ {2}make (\w+)", told.stdout, re.M))
