"""Where the clients are installed: by the ordinary pip and npm, from their hashed lists, once.

Only registries that cannot be reached excuse that one is not here; whatever else goes wrong (what
came is not what the lists name, a list of ours is broken) is a failure.
"""

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path

from app.config import ROOT
from app.launch.talk import Stop
from web.node import Node, found_node

HERE = Path(__file__).parent
REQUIREMENTS = HERE / "requirements.txt"
NODE_FILES = (
    *("package.json", "package-lock.json", "client.js"),
    *("sparkxml/package.json", "sparkxml/sparkxml.js"),
    *("xml2json/package.json", "xml2json/xml2json.js"),
)
PLACES = ROOT / "var" / "clients"
MOST_S = 600  # for what has to be fetched


#: As pip, npm and what they are made of say that nobody answered.
_OUT_OF_REACH = re.compile(
    "NewConnectionError|ConnectTimeoutError|ReadTimeoutError|NameResolutionError|ProxyError"
    "|Connection (aborted|refused|reset)|Network is unreachable|name resolution"
    "|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH"
)
#: … and that what came is something else: no line that nobody answered excuses that.
_SOMETHING_ELSE = re.compile("DO NOT MATCH THE HASHES|EINTEGRITY|HASHES ARE REQUIRED", re.I)


class NotHere(Exception):
    """The registries cannot be reached; says how that was told."""


class NotInstalled(Exception):
    """They answered, and it could not be installed all the same."""


@cache
def python() -> Path:
    """The Python that has `three` and `georeport`. Raises NotHere, NotInstalled."""
    place = _place("python", REQUIREMENTS)
    program = place / "bin" / "python"
    if not (place / "ready").exists():
        shutil.rmtree(place, ignore_errors=True)
        run([sys.executable, "-m", "venv", place])
        run([program, "-m", "pip", "install", "-q", "--require-hashes", "-r", REQUIREMENTS])
        (place / "ready").touch()
    return program


@cache
def node() -> tuple[Node, Path]:
    """Node, and the folder in which `open311` is installed. Raises NotHere, NotInstalled."""
    files = [HERE / "node" / name for name in NODE_FILES]
    place = _place("node", *files)
    try:
        found = found_node(ROOT / "var")
    except Stop as reason:
        raise failure(str(reason)) from None
    if not (place / "ready").exists():
        shutil.rmtree(place, ignore_errors=True)
        for name, file in zip(NODE_FILES, files, strict=True):
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, place / name)
        quiet = ("--ignore-scripts", "--no-audit", "--no-fund")
        run([*found.npm("ci", *quiet)], cwd=place, env=found.environment)
        (place / "ready").touch()
    return found, place


def _place(kind: str, *files: Path) -> Path:
    """A folder for exactly what these files ask for."""
    asked = sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
    PLACES.mkdir(parents=True, exist_ok=True)
    return PLACES / f"{kind}-{asked}"


def run(
    command: list[str | Path], *, cwd: Path | None = None, env: dict[str, str] | None = None
) -> None:
    try:
        subprocess.run(
            command, cwd=cwd, env=env or dict(os.environ), check=True, capture_output=True,
            text=True, timeout=MOST_S,
        )  # fmt: skip
    except subprocess.CalledProcessError as failed:
        told = f"{failed.stdout[-500:]}{failed.stderr[-2000:]}"
        raise failure(f"{Path(command[0]).name}: {told}") from None
    except subprocess.TimeoutExpired as failed:
        raise NotHere(str(failed)) from None


def failure(told: str) -> NotHere | NotInstalled:
    """What these last words mean."""
    excused = _OUT_OF_REACH.search(told) and not _SOMETHING_ELSE.search(told)
    return NotHere(told) if excused else NotInstalled(told)
