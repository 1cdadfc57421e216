"""Open311 is a translation: which steps are told to whom is said in `reports`, not here."""

import ast
from collections.abc import Iterator
from pathlib import Path

from reports import open311
from reports.vocabulary import STEPS

FOLDER = Path(open311.__file__).parent
#: What a client's status means as steps, and GeoReport's word for a note: translations.
TRANSLATE = {"updates_meaning.py", "extended.py"}


def test_no_module_has_a_list_of_steps() -> None:
    found = {
        f"{path.name}:{node.lineno}"
        for path in sorted(FOLDER.glob("*.py"))
        if path.name not in TRANSLATE
        for node in lists_of_steps(ast.parse(path.read_text()))
    }

    assert found == set()


def test_what_the_translations_say_is_found_where_it_is_said() -> None:
    for name in TRANSLATE:
        assert list(lists_of_steps(ast.parse((FOLDER / name).read_text()))), name


def lists_of_steps(tree: ast.AST) -> Iterator[ast.Set | ast.Tuple | ast.List]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Set | ast.Tuple | ast.List) and len(node.elts) > 1:
            texts = [one.value for one in node.elts if isinstance(one, ast.Constant)]
            if len(texts) == len(node.elts) and all(text in STEPS for text in texts):
                yield node
