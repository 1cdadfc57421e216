"""Every error of the house: a code of its own, and a sentence in each language that can be said."""

import ast
import inspect
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from string import Formatter

import pytest

import app
import notifications
import reports
from app.config import ROOT
from app.errors import XomError
from app.problems import kind_of
from reports.statuses import STEPS
from reports.vocabulary import lack_words

VIETNAMESE = re.compile(
    "[ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]", re.IGNORECASE
)
PACKAGES = (app, reports, notifications)
TOLD_WHOLE = re.compile(r"\{\w+_vi\}")  # the fact is the sentence
ENDS_WELL = re.compile(r"(?:[.?]|\{\w+\})$")  # what fills the last place is a sentence itself


def every_error() -> list[type[XomError]]:
    for package in PACKAGES:
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    return sorted(below(XomError), key=lambda kind: (kind.__module__, kind.__qualname__))


def below(kind: type[XomError]) -> Iterator[type[XomError]]:
    yield kind
    for narrower in kind.__subclasses__():
        if narrower.__module__.split(".")[0] in {package.__name__ for package in PACKAGES}:
            yield from below(narrower)


ERRORS = every_error()
by_name = pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__qualname__)


def places_in(template: str) -> set[str]:
    """The facts that a sentence tells, without the language that some are told in."""
    names = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    assert all(name.isidentifier() for name in names), template
    return {re.sub(r"_(?:vi|en)$", "", name) for name in names}


LACKED = sorted({(step.name, name) for step in STEPS.values() for name in step.needs}
                | {("resolve", "planned_for"), ("amend", "lat"), ("amend", "lng")})  # fmt: skip


@pytest.mark.parametrize(("step", "field"), LACKED)
def test_what_a_step_lacks_is_a_sentence_of_its_own(step: str, field: str) -> None:
    told = lack_words(step, field)

    assert VIETNAMESE.search(told["lack_vi"]), told
    assert told["lack_en"].isascii(), told
    assert all(ENDS_WELL.search(words) for words in told.values()), told


def test_there_are_as_many_as_there_should_be() -> None:
    assert len(ERRORS) > 100


def test_no_two_errors_share_a_code_unless_one_is_a_kind_of_the_other() -> None:
    sharing: dict[str, list[type[XomError]]] = defaultdict(list)
    for kind in ERRORS:
        sharing[kind.code].append(kind)

    strangers = {
        code: kinds
        for code, kinds in sharing.items()
        if not all(issubclass(one, kinds[0]) or issubclass(kinds[0], one) for one in kinds)
    }
    assert strangers == {}


@by_name
def test_its_code_is_plain(kind: type[XomError]) -> None:
    assert re.fullmatch(r"[a-z]+(?:-[a-z0-9]+)*", kind.code)
    assert kind_of(kind)[0] >= 400


@by_name
def test_it_says_the_same_in_both_languages(kind: type[XomError]) -> None:
    assert VIETNAMESE.search(kind.vi) or TOLD_WHOLE.fullmatch(kind.vi), kind.vi
    assert not VIETNAMESE.search(kind.en.replace("Xóm", "")), kind.en
    assert kind.vi != kind.en
    assert places_in(kind.vi) == places_in(kind.en)


@by_name
def test_it_speaks_in_sentences_and_does_not_shout(kind: type[XomError]) -> None:
    for sentence in (kind.vi, kind.en):
        assert ENDS_WELL.search(sentence), sentence
        assert "!" not in sentence
        assert sentence[0].isupper() or not sentence[0].isalpha()
        assert "  " not in sentence


def raised() -> Iterator[tuple[str, str, set[str], bool]]:
    """(where, class, facts given, facts unknown) of each place that makes or raises an error."""
    for name, module in sorted(sys.modules.items()):
        if name.split(".")[0] in {package.__name__ for package in PACKAGES} and module.__file__:
            file = Path(module.__file__)
            known = {word for word, found in vars(module).items() if is_error(found)}
            for node in ast.walk(ast.parse(file.read_text())):
                yield from raised_by(node, known, str(file.relative_to(ROOT)))


def is_error(found: object) -> bool:
    return isinstance(found, type) and issubclass(found, XomError)


def raised_by(
    node: ast.AST, known: set[str], file: str
) -> Iterator[tuple[str, str, set[str], bool]]:
    if isinstance(node, ast.Call) and named(node.func) in known:
        given = {word.arg for word in node.keywords if word.arg}
        unknown = any(word.arg is None for word in node.keywords)
        yield f"{file}:{node.lineno}", named(node.func), given, unknown
    elif isinstance(node, ast.Raise) and node.exc and named(node.exc) in known:
        yield f"{file}:{node.lineno}", named(node.exc), set(), False


def named(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def test_whoever_raises_an_error_gives_it_the_facts_that_it_tells() -> None:
    """A sentence with an empty place fails in the very moment in which it is needed."""
    needed = {kind.__name__: facts_needed(kind) for kind in ERRORS}
    found = list(raised())

    missing = [
        f"{where}: {name} is not told {sorted(needed[name] - given)}"
        for where, name, given, unknown in found
        if not unknown and needed[name] - given
    ]
    assert missing == []
    assert len(found) > 100


def facts_needed(kind: type[XomError]) -> set[str]:
    """The names in its sentences, less those that its own constructor fills in."""
    names = {n for text in (kind.vi, kind.en) for _, n, _, _ in Formatter().parse(text) if n}
    own = [base for base in kind.__mro__ if "__init__" in vars(base) and base is not XomError]
    if not any(issubclass(base, XomError) for base in own):
        return names
    source = "".join(inspect.getsource(vars(base)["__init__"]) for base in own
                     if issubclass(base, XomError))  # fmt: skip
    return {name for name in names if not re.search(rf"\b{name}\b", source)}
