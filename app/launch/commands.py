"""Several `flask` commands in one process, so that the house is built once.

    python -m app.launch.commands "db upgrade" "city load hue"

Stops at the first that fails, with its sentence and its exit code.
"""

import shlex
import sys

import click
from flask.cli import FlaskGroup, ScriptInfo


def main(commands: list[str]) -> int:
    from wsgi import application  # here, so that refused settings are told by wsgi's own sentence

    info = ScriptInfo(create_app=lambda: application)
    flask = FlaskGroup(create_app=lambda: application, add_version_option=False)
    for command in commands:
        click.echo(f"flask {command}")
        try:
            flask.main(shlex.split(command), "flask", obj=info, standalone_mode=False)
        except click.ClickException as refusal:
            refusal.show()
            return refusal.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
