"""Builds the pages into `web/built/`: bundled, compressed, with their icons and a manifest.

    python -m web.build            builds them, unless what is there was built from these sources
    python -m web.build --check    says whether that is so, by the exit code alone
    python -m web.build --types    checks the types of the TypeScript

Node is needed for this and at no other time: a checkout that brings its `web/built/` along, as a
release does, never asks for one. What may break off at any moment must not hurt pages that are
being served: files have their content's hash in their name and are put there first, the manifest
that names them last. The files of the build before stay for the phones that have its page open.
"""

import gzip
import hashlib
import json
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from app.launch.folder import exclusive, writable
from app.launch.talk import Command, Stop, Stopped, listen_for_stop, run_with_progress, say
from web import node

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
VAR = ROOT / "var"
TEXT = {".js", ".css", ".json", ".svg", ".txt", ".map"}  # what is worth compressing
NOT_SOURCES = {"node_modules", "built", "__pycache__", "templates"}
MANIFEST, STAMP = "manifest.json", "stamp"
MODULES_STAMP = ".xom-stamp"
FRESH, STALE, FAILED = 0, 3, 1
NO_PACKAGES = (
    "npm could not fetch what the pages are built with. Check the network, the proxy (HTTPS_PROXY) "
    "and npm's settings (npm config list), then run: make pages"
)


class Site:
    """One `web/` folder; the tests build others than this checkout's."""

    def __init__(self, web: Path = WEB, var: Path = VAR) -> None:
        self.web, self.var = web, var
        self.built = web / "built"
        self.modules = web / "node_modules"


def main(arguments: Sequence[str]) -> int:
    site = Site()
    listen_for_stop()
    try:
        if "--check" in arguments:
            return FRESH if is_fresh(site) else STALE
        if "--types" in arguments:
            check_types(site)
        else:
            build(site)
    except Stop as refusal:
        say(str(refusal))
        return FAILED
    except Stopped:
        return 130
    return FRESH


def build(site: Site) -> bool:
    """Build the pages if need be; whether that was so. Raises Stop with a sentence."""
    if is_fresh(site):
        return False
    with exclusive(writable(site.var) / "pages.lock", waiting_for="the pages to be built"):
        if is_fresh(site):  # somebody else has built them meanwhile
            return False
        began = time.monotonic()
        _build(site)
    say(f"The pages are built ({time.monotonic() - began:.1f} s).")
    return True


def is_fresh(site: Site) -> bool:
    """Whether what is built was built from these very sources, and is all there."""
    try:
        if (site.built / STAMP).read_text() != source_hash(site.web):
            return False
        sizes = json.loads((site.built / MANIFEST).read_text())["sizes"]
        return all((site.built / name).is_file() for name in sizes)
    except (OSError, ValueError, KeyError):
        return False


def source_hash(web: Path) -> str:
    """Of everything that the build depends on, wherever the checkout lies."""
    digest = hashlib.sha256()
    for path in sorted(_sources(web)):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(web).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _sources(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in NOT_SOURCES or path.name.startswith(".built"):
            continue
        if path.is_dir():
            yield from _sources(path)
        elif path.suffix not in {".py", ".md"} or path.name in {"build.py", "icons.py"}:
            yield path


def check_types(site: Site) -> None:
    """The TypeScript's types, by the compiler that the lock names. Raises Stop."""
    with exclusive(writable(site.var) / "pages.lock", waiting_for="the pages to be built"):
        found = node.found_node(site.var)
        _ensure_modules(site, found)
    compiler = site.modules / "typescript" / "bin" / "tsc"
    command: Command = [found.program, compiler, "-p", ".", "--noEmit"]
    if subprocess.run(command, cwd=site.web, env=found.environment).returncode != 0:
        raise Stop("The types of the pages do not hold; the lines above say where.")


def _build(site: Site) -> None:
    wanted = source_hash(site.web)  # before: whoever edits meanwhile gets another build
    found = node.found_node(site.var)
    _ensure_modules(site, found)
    for left in site.web.glob(".built-*"):  # by a build that was killed
        shutil.rmtree(left)
    fresh = site.web / ".built-new"
    try:
        bundle: Command = [found.program, "esbuild.mjs", fresh.name]
        run_with_progress("Bundling the pages", bundle, cwd=site.web, env=found.environment)
        finish(fresh)
        _put_in_place(fresh, site.built, wanted)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _ensure_modules(site: Site, found: node.Node) -> None:
    """The packages of the lock in `node_modules`; no script of theirs is run."""
    if has_modules(site):
        return
    options = ["--ignore-scripts", "--include=dev", "--no-audit", "--no-fund", "--fetch-retries=1"]
    command = found.npm("ci", *options)
    title = "Fetching what the pages are built with"
    try:
        run_with_progress(title, command, cwd=site.web, env=found.environment)
    except Stop as refusal:
        raise Stop(f"{refusal}\n{NO_PACKAGES}") from None
    # npm empties the folder first: half an installation has no stamp.
    (site.modules / MODULES_STAMP).write_text(_modules_hash(site))


def has_modules(site: Site) -> bool:
    """Whether `node_modules` holds what the lock names."""
    try:
        return (site.modules / MODULES_STAMP).read_text() == _modules_hash(site)
    except OSError:
        return False


def _modules_hash(site: Site) -> str:
    lock = (site.web / "package-lock.json").read_bytes()
    system = f"{sys.platform} {platform.machine()}".encode()  # esbuild's program is this system's
    return hashlib.sha256(system + lock).hexdigest()


def finish(fresh: Path) -> None:
    """Add the icons, the compressed siblings, and what each file weighs."""
    from web.icons import draw_icons  # here: Pillow is loaded only when there is something to draw

    draw_icons(fresh / "icons")
    manifest = json.loads((fresh / MANIFEST).read_text())
    manifest["sizes"] = {name: _weigh(fresh / name) for name in _files(fresh) if name != MANIFEST}
    (fresh / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")


def _weigh(path: Path) -> dict[str, int]:
    """Bytes of a file and of its compressed sibling, which is made for text."""
    content = path.read_bytes()
    if path.suffix not in TEXT:
        return {"bytes": len(content)}
    small = gzip.compress(content, 9, mtime=0)  # no time in it: the same bytes each time
    path.with_name(f"{path.name}.gz").write_bytes(small)
    return {"bytes": len(content), "gzip": len(small)}


def _put_in_place(fresh: Path, built: Path, stamp: str) -> None:
    """Each file whole or not at all; the manifest after what it names, the stamp at the end."""
    before = _named_by(built / MANIFEST)
    (built / "icons").mkdir(parents=True, exist_ok=True)
    (built / STAMP).unlink(missing_ok=True)
    names = list(_files(fresh))
    for name in sorted(names, key=lambda name: name == MANIFEST):
        (fresh / name).replace(built / name)
    now = {*names, MANIFEST}
    for name in list(_files(built)):
        if name not in now and name.removesuffix(".gz") not in before:
            (built / name).unlink()
    (built / STAMP).write_text(stamp)


def _named_by(manifest: Path) -> set[str]:
    try:
        named: dict[str, Any] = json.loads(manifest.read_text())["sizes"]
        return set(named)
    except (OSError, ValueError, KeyError):
        return set()


def _files(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
