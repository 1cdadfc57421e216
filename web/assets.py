"""What was built, served: files under their hashed names for ever, the few others asked anew.

The manifest is read when it is first needed and again when it has changed, so that the API needs no
pages, and a page that was built anew needs no restart.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, request, send_file

from app.auth.guards import anyone
from app.config import ROOT, Config
from app.errors import Malformed, NotFound, Unavailable
from app.http import conditional, etag_for, json_answer
from app.limits import limit, unlimited
from app.locale import current_locale, in_words
from app.page_settings import LOCAL_TILES, Tiles, map_tiles
from web import city
from web.policy import page_headers

TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
HASHED = re.compile(r"[\w-]+-[A-Z0-9]{8}\.[a-z0-9]+(?:\.LEGAL\.txt)?")  # as esbuild names them
FOR_EVER = "public, max-age=31536000, immutable"
ASK_ANEW = "no-cache"
A_DAY = "public, max-age=86400"
COLOURS = {"light": "#FBF9F5", "dark": "#15121A"}  # paper, of LOOK and design/tokens.css
PART_AT_MOST = 4 * 1024 * 1024  # of a map at once; a tile or a directory is a fraction of it
_SHELF = "xom.built"

blueprint = Blueprint("built", __name__)


class PartNeeded(Malformed):
    code = "part-needed"
    field = "Range"
    vi = "Bản đồ này chỉ gửi từng phần: ghi Range, mỗi lần nhiều nhất {most_bytes} byte."
    en = "This map is sent in parts alone: say which with Range, {most_bytes} bytes at most."


class PagesNotBuilt(Unavailable):
    code = "pages-not-built"
    vi = "Máy chủ này chưa dựng các trang. Người vận hành hãy chạy: make pages"
    en = "The pages of this server are not built yet. Whoever runs it: make pages"


@dataclass(slots=True)
class Shelf:
    """Where this app's pages lie, the map that it brings, the manifest as it was last read."""

    folder: Path
    tiles: Tiles | None
    seen: tuple[int, int] = (0, 0)
    manifest: dict[str, Any] | None = None


def init_assets(app: Flask, config: Config, *, folder: Path = ROOT / "web" / "built") -> None:
    app.extensions[_SHELF] = Shelf(folder, map_tiles(config.map_tiles))
    app.register_blueprint(blueprint)


def manifest() -> dict[str, Any]:
    """What the build has named: files, shell, later, map, build. Raises PagesNotBuilt."""
    shelf = _shelf()
    path = shelf.folder / "manifest.json"
    try:
        about = path.stat()
        seen = about.st_mtime_ns, about.st_size
        if shelf.manifest is None or shelf.seen != seen:
            shelf.manifest, shelf.seen = json.loads(path.read_bytes()), seen
    except (OSError, ValueError):
        raise PagesNotBuilt from None
    return shelf.manifest


def address(name: str) -> str:
    """Where a built file is served."""
    return f"/built/{name}"


@blueprint.get("/built/<name>")
@anyone
@unlimited
def built(name: str) -> Response:
    """One file under a name that changes with its content."""
    if not HASHED.fullmatch(name):
        raise NotFound
    return _file(name, FOR_EVER)


@blueprint.get("/sw.js")
@anyone
@unlimited
def service_worker() -> Response:
    """Looked at anew each time, so that a new build reaches phones that have an old one."""
    if not (_shelf().folder / "sw.js").is_file():
        raise PagesNotBuilt
    response = _file("sw.js", ASK_ANEW)
    response.headers["Service-Worker-Allowed"] = "/"
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.get("/icons/<name>")
@anyone
@unlimited
def icon(name: str) -> Response:
    """The house of the installed page, in the sizes of `web/icons.py`."""
    if not re.fullmatch(r"[a-z0-9-]+\.(png|svg)", name):
        raise NotFound
    return _file(f"icons/{name}", A_DAY)


@blueprint.get("/favicon.ico")
@anyone
@unlimited
def favicon() -> Response:
    return _file("icons/icon-192.png", A_DAY)


@blueprint.get("/manifest.webmanifest")
@anyone
@unlimited
def web_manifest() -> Response:
    """How a phone names and draws the installed page; `?lang=` chooses its language."""
    body = json.dumps(_installed_page(current_locale()), ensure_ascii=False).encode()
    response = conditional(json_answer(body), etag_for(1, body), cache=ASK_ANEW)
    response.mimetype = "application/manifest+json"
    response.vary.add("Cookie")
    return response


@blueprint.get(LOCAL_TILES)
@anyone
@unlimited
@limit(
    "6000 per minute"
)  # an address may be a mobile network's; a map on a screen asks for some 20
def tiles_of_this_host() -> Response:
    """The operator's own map, of which the page asks for the parts that it shows."""
    tiles = _shelf().tiles
    if tiles is None or tiles.file is None:
        raise NotFound
    return _a_part(
        send_file(tiles.file, mimetype="application/vnd.pmtiles", conditional=True, max_age=3600)
    )


def _a_part(answer: Response) -> Response:
    """Nobody is given the whole archive, or most of it: it is gigabytes."""
    whole = answer.status_code == 200 and request.method == "GET"
    if whole or (answer.status_code == 206 and (answer.content_length or 0) > PART_AT_MOST):
        answer.close()
        raise PartNeeded(most_bytes=PART_AT_MOST)
    return answer


def _installed_page(locale: str) -> dict[str, Any]:
    facts = city.facts(locale)
    tasks = (("/new", in_words("Gửi phản ánh mới", "New report")),
             ("/mine", in_words("Phản ánh của tôi", "My reports")))  # fmt: skip
    return {
        "id": "/",
        "name": f"Xóm – {facts.name}" if facts.name else "Xóm",
        "short_name": "Xóm",
        "lang": locale,
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "orientation": "any",
        "theme_color": COLOURS["light"],
        "background_color": COLOURS["light"],
        # Not read by every system yet; those that do not, take the light ones.
        "user_preferences": {
            "color_scheme": {
                "dark": {"theme_color": COLOURS["dark"], "background_color": COLOURS["dark"]}
            }
        },
        "categories": ["government", "utilities"],
        "icons": [
            _icon("icon-192.png", 192),
            _icon("icon-512.png", 512),
            _icon("maskable-512.png", 512, "maskable"),
            _icon("badge-96.png", 96, "monochrome"),
        ],
        "shortcuts": [
            {"name": name, "url": url, "icons": [_icon("icon-192.png", 192)]} for url, name in tasks
        ],
    }


def _icon(name: str, side: int, purpose: str = "any") -> dict[str, str]:
    shape = {"sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}
    return {"src": f"/icons/{name}", **shape}


def _file(name: str, cache: str) -> Response:
    """A built file, compressed where the caller takes that and it was worth it."""
    path = _shelf().folder / name
    kind = TYPES.get(path.suffix)
    small = path.with_name(f"{path.name}.gz")
    takes_gzip = kind is not None and request.accept_encodings["gzip"] > 0 and small.is_file()
    try:
        body = (small if takes_gzip else path).read_bytes()
    except OSError:
        raise NotFound from None
    if kind is None:
        raise NotFound
    response = Response(body, content_type=kind)
    response.headers["Cache-Control"] = cache
    response.headers.update(page_headers())
    response.vary.add("Accept-Encoding")
    if takes_gzip:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _shelf() -> Shelf:
    shelf: Shelf = current_app.extensions[_SHELF]
    return shelf
