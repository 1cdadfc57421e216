"""Is the process alive (`/healthz`), and may it be sent requests (`/readyz`)?

Readiness asks the database on a connection of its own, so that a busy pool does not look like a
dead database; the answer is kept for a second, so that nobody can wear the database out by asking.
"""

import time
from functools import cache
from threading import Lock
from typing import Any

import psycopg
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, Response, current_app

from app.auth.demo import DOMAIN
from app.auth.guards import anyone
from app.config import ROOT, Config
from app.http import json_answer
from app.limits import unlimited

KEEP_SECONDS = 1.0
_STATE = "xom.health"

#: `is not null` lets the index on addresses leave out every resident.
_DEMO_OFFICIALS = (
    "select exists (select from account where lower(email) is not null"
    f" and lower(email) like '%{DOMAIN}' and disabled_at is null)"
)
_NOT_OF_A_DEMO = (
    f"officials of a demo (…{DOMAIN}) are here and cannot sign in: set DATABASE_URL to the city's "
    "own database, or disable each (`flask accounts disable EMAIL`)"
)

blueprint = Blueprint("health", __name__)


class Readiness:
    """What one process last found out."""

    def __init__(self, database_url: str, *, real_city: bool) -> None:
        self.real_city = real_city
        self.url = database_url.replace("postgresql+psycopg://", "postgresql://")
        self.lock = Lock()
        self.found: dict[str, str] = {}
        self.found_at = 0.0

    def checks(self) -> dict[str, str]:
        """`ok` or a word of what is wrong, for each part."""
        with self.lock:
            if not self.found or time.monotonic() - self.found_at > KEEP_SECONDS:
                self.found = look(self.url, real_city=self.real_city)
                self.found_at = time.monotonic()
            return self.found

    def forget(self) -> None:
        self.found = {}


def init_health(app: Flask, config: Config) -> None:
    app.extensions[_STATE] = Readiness(config.database_url, real_city=config.is_production)
    app.register_blueprint(blueprint)


@blueprint.get("/healthz")
@anyone
@unlimited
def healthz() -> Response:
    """The process answers."""
    return json_answer({"status": "ok"})


@blueprint.get("/readyz")
@anyone
@unlimited
def readyz() -> Response:
    """The database answers, its tables are those that this code knows, and it is no demo's."""
    checks = current_app.extensions[_STATE].checks()
    ready = all(found == "ok" for found in checks.values())
    status: dict[str, Any] = {"status": "ready" if ready else "not ready", "checks": checks}
    return json_answer(status, 200 if ready else 503, None if ready else {"Retry-After": "5"})


def look(url: str, *, real_city: bool = False) -> dict[str, str]:
    """Connect, read which migration the database stands at, and whether a real city got a demo's.

    `demo` is told of a real city alone: elsewhere demo officials are as they should be.
    """
    try:
        with psycopg.connect(
            url, connect_timeout=2, autocommit=True, options="-c statement_timeout=1000"
        ) as connection:
            rows = connection.execute("select version_num from alembic_version").fetchall()
            demo = {"demo": _demo(connection)} if real_city else {}
    except psycopg.errors.UndefinedTable:
        return {"database": "ok", "migrations": "none applied: run `flask db upgrade`"}
    except psycopg.Error:
        return {"database": "away", "migrations": "unknown"}
    return {"database": "ok", "migrations": _compare({row[0] for row in rows}), **demo}


def _demo(connection: psycopg.Connection[Any]) -> str:
    """Officials whose password is everybody's: shut out, but a sign of the wrong database."""
    found = connection.execute(_DEMO_OFFICIALS).fetchone()
    return _NOT_OF_A_DEMO if found and found[0] else "ok"


def _compare(applied: set[str]) -> str:
    """Behind is not ready. Ahead is: during an upgrade the old code runs on the new tables."""
    heads, known = _known_migrations()
    behind = not applied or any(one in known and one not in heads for one in applied)
    return "behind: run `flask db upgrade`" if behind else "ok"


@cache
def _known_migrations() -> tuple[frozenset[str], frozenset[str]]:
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(ROOT / "migrations"))
    scripts = ScriptDirectory.from_config(settings)
    return frozenset(scripts.get_heads()), frozenset(s.revision for s in scripts.walk_revisions())
