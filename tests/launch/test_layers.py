"""The contracts of import-linter name every module of the kernel: a new one takes its place."""

import tomllib

from app.config import ROOT


def test_every_module_of_the_kernel_has_its_layer() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = settings["tool"]["importlinter"]["contracts"]
    direction = next(contract for contract in contracts if contract["id"] == "direction")
    named = {name.strip(" ()") for layer in direction["layers"] for name in layer.split(":")}

    files = [*(ROOT / "app").glob("*.py"), *(ROOT / "app").glob("*/__init__.py")]
    modules = {
        f"app.{path.stem if path.parent.name == 'app' else path.parent.name}" for path in files
    }

    assert modules - {"app.__init__"} <= named


def test_the_contracts_do_find_a_forbidden_import() -> None:
    from grimp import build_graph

    graph = build_graph("app", "reports", "notifications", include_external_packages=True)

    assert graph.find_illegal_dependencies_for_layers(layers=["notifications", "reports"])
