"""`flask …`: an expected failure is a sentence and exit 1, a bug keeps its traceback."""

import click
import pytest
from flask import Flask

from app.cli import init_cli
from app.config import UnsafeConfig
from app.errors import NotFound
from tests.kernel.conftest import TooFar


@pytest.fixture
def app_with_commands() -> Flask:
    @click.group()
    def areas() -> None: ...

    @areas.command()
    def far() -> None:
        raise TooFar(metres=1500)

    @areas.command()
    def absent() -> None:
        raise NotFound

    @areas.command()
    def fine() -> None:
        click.echo("done")

    @click.command()
    def unsafe() -> None:
        raise UnsafeConfig("SECRET_KEY is not set.")

    @click.command()
    def bug() -> None:
        raise KeyError("x")

    app = Flask("commands", static_folder=None)
    init_cli(app, [areas, unsafe, bug])
    init_cli(app, [areas])  # again: nothing is wrapped twice
    return app


@pytest.mark.parametrize(
    ("command", "language", "sentence"),
    [
        (["areas", "far"], "en_US.UTF-8", "This place is 1500 m outside the city. (lat)"),
        (["areas", "far"], "vi_VN.UTF-8", "Chỗ này cách thành phố 1500 m. (lat)"),
        (["areas", "absent"], "C", "Not found, or not yours to see."),
        (["unsafe"], "C", "SECRET_KEY is not set."),
    ],
)
def test_a_failure_is_one_sentence(
    app_with_commands: Flask,
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
    language: str,
    sentence: str,
) -> None:
    monkeypatch.setenv("LANG", language)

    result = app_with_commands.test_cli_runner().invoke(args=command)

    assert result.exit_code == 1
    assert result.output == f"Error: {sentence}\n"


def test_success_stays_success_and_a_bug_stays_a_bug(app_with_commands: Flask) -> None:
    runner = app_with_commands.test_cli_runner()

    assert runner.invoke(args=["areas", "fine"]).output == "done\n"
    assert isinstance(runner.invoke(args=["bug"]).exception, KeyError)
