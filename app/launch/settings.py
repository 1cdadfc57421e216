"""The environment in which the demo's web, worker and commands run."""

import json
import os
import socket
from collections.abc import Mapping
from pathlib import Path

from app.launch.folder import saved_secrets
from app.launch.talk import Stop

#: Whom push services may write to, with the key of `saved_secrets`. Apple's takes no localhost.
PUSH_SUBJECT = "mailto:demo@xom.example"
#: Left behind by other work in the same terminal; they would change what is started here.
MISLEADING = ("FLASK_APP", "FLASK_DEBUG", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")


def settings(var: Path, database_url: str, address: str) -> dict[str, str]:
    """What was given, what was made once for this checkout, and what the demo needs."""
    given = {name: value for name, value in os.environ.items() if value and name not in MISLEADING}
    defaults = {
        **saved_secrets(var / "secrets.json"),
        "XOM_BASE_URL": address,
        "XOM_VAPID_SUBJECT": PUSH_SUBJECT,
        "XOM_LOG_JSON": "false",
        "XOM_LOG_REQUESTS": "false",  # the sign-ins stay in sight
    }
    fixed = {"XOM_ENV": "demo", "DATABASE_URL": database_url, "PYTHONUNBUFFERED": "1"}
    return {**defaults, **given, **fixed}


def base(host: str, port: int) -> str:
    """The web's address as this machine reaches it."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def running_database_url(var: Path, environ: Mapping[str, str]) -> str:
    """The database of the demo that runs in this checkout. Raises Stop when none does."""
    if given := environ.get("DATABASE_URL"):
        return given
    try:
        saved = json.loads((var / "postgres" / "server.json").read_text())
        socket.create_connection(("127.0.0.1", saved["port"]), timeout=2).close()
    except (OSError, ValueError, KeyError):
        raise Stop(
            "The demo does not run in this checkout. Start it in another terminal (make run), "
            "then repeat this command."
        ) from None
    return f"postgresql://xom:{saved['password']}@127.0.0.1:{saved['port']}/xom"
