"""A small build, for tests of the API and of the pages' frame: those need no Node."""

import gzip
import json
from pathlib import Path

from flask import Flask

FILES = {
    "phone-AAAAAAAA.js": b"import './part-BBBBBBBB.js'; // the app",
    "part-BBBBBBBB.js": b"// what it begins with",
    "part-CCCCCCCC.js": b"// a screen",
    "phone-style-DDDDDDDD.css": b"body { color: #1f1a24 }",
    "map-style-EEEEEEEE.css": b"canvas { width: 100% }",
    "map-worker-FFFFFFFF.js": b"// draws",
    "type-GGGGGGGG.woff2": b"wOF2 letters",
    "desk-HHHHHHHH.js": b"// the officials'",
    "desk-style-IIIIIIII.css": b"body { color: #1f1a24 }",
    "desk-icons-JJJJJJJJ.svg": b"<svg/>",
    "dashboard-KKKKKKKK.js": b"// the leaders'",
    "dashboard-style-LLLLLLLL.css": b"body { color: #1f1a24 }",
    "wards-MMMMMMMM.js": b"// the residents' figures",
    "wards-style-NNNNNNNN.css": b"body { color: #1f1a24 }",
    "sw.js": b"// keeps",
    "icons/icon-192.png": b"\x89PNG a house",
    "icons/icon.svg": b"<svg/>",
}
NAMES = {
    "phone.js": "phone-AAAAAAAA.js",
    "phone-style.css": "phone-style-DDDDDDDD.css",
    "map-style.css": "map-style-EEEEEEEE.css",
    "map-worker.js": "map-worker-FFFFFFFF.js",
    "desk.js": "desk-HHHHHHHH.js",
    "desk-style.css": "desk-style-IIIIIIII.css",
    "desk-icons.svg": "desk-icons-JJJJJJJJ.svg",
    "dashboard.js": "dashboard-KKKKKKKK.js",
    "dashboard-style.css": "dashboard-style-LLLLLLLL.css",
    "wards.js": "wards-MMMMMMMM.js",
    "wards-style.css": "wards-style-NNNNNNNN.css",
}


def lay_small_build(folder: Path, build: str = "0123456789ab") -> Path:
    """Write it, with compressed siblings for text, and answer the folder."""
    (folder / "icons").mkdir(parents=True, exist_ok=True)
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
        if Path(name).suffix in {".js", ".css", ".svg"}:
            (folder / f"{name}.gz").write_bytes(gzip.compress(content, mtime=0))
    shell = ["phone-AAAAAAAA.js", "part-BBBBBBBB.js", "phone-style-DDDDDDDD.css"]
    manifest = {"files": NAMES, "shell": shell, "later": ["part-CCCCCCCC.js"], "build": build}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def serve_from(app: Flask, folder: Path) -> None:
    """Let this app serve the build in `folder`."""
    shelf = app.extensions["xom.built"]
    shelf.folder, shelf.manifest = folder, None
