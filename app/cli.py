"""The `flask …` commands: groups handed in by the factory; failures told as a sentence, exit 1."""

import os
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import click
from flask import Flask

from app.config import UnsafeConfig
from app.errors import XomError


def init_cli(app: Flask, commands: Iterable[click.Command]) -> None:
    """Add the packages' commands (`reports.city.cli.commands`, …) to `flask`."""
    for command in commands:
        app.cli.add_command(speak_plainly(command))


def speak_plainly(command: click.Command) -> click.Command:
    """Let the command, and all below it, answer an expected failure by its sentence."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            speak_plainly(inner)
    if command.callback is not None and not hasattr(command.callback, "xom_plain"):
        command.callback = _plain(command.callback)
    return command


def _plain(callback: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(callback)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return callback(*args, **kwargs)
        except UnsafeConfig as error:
            raise click.ClickException(str(error)) from None
        except XomError as error:
            raise click.ClickException(told(error)) from None

    run.xom_plain = True  # type: ignore[attr-defined]
    return run


def told(error: XomError) -> str:
    """The error's sentence in the operator's language (LANG), and its fields where it has some."""
    locale = "vi" if os.environ.get("LANG", "").startswith("vi") else "en"
    about = f" ({error.field})" if error.field else ""
    return error.sentence(locale) + about
