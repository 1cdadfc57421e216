"""Settings of the pages: an operator's own base map, and the city's app at Firebase. Each is read
as the page will use it, so that a wrong one is told at the start and not by an empty map.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from app.safety import UnsafeConfig

LOCAL_TILES = "/map.pmtiles"  # where a file of this host is served
_MAGIC = b"PMTiles"
_PLAIN_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]+")
_FORM = (
    "Use https://host/{z}/{x}/{y}.png (or .webp, .jpg), https://host/city.pmtiles, or the absolute "
    "path of a .pmtiles file on this host."
)
#: What Firebase's console shows for a web app, and the key of its Web Push certificate.
NEEDED = ("apiKey", "projectId", "appId", "messagingSenderId", "vapidKey")
ALLOWED = (*NEEDED, "authDomain", "storageBucket", "measurementId")


@dataclass(frozen=True, slots=True)
class Tiles:
    """A base map: images by number (`raster`), or one archive that is read in parts (`pmtiles`)."""

    kind: str
    url: str
    file: Path | None = None  # of this host, served at LOCAL_TILES

    @property
    def origin(self) -> str:
        """The host that the page loads from, for its policy; empty: this one."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def map_tiles(text: str) -> Tiles | None:
    """What `XOM_MAP_TILES` names. Raises UnsafeConfig with a sentence."""
    if not text:
        return None
    if "://" not in text:
        return _file(text)
    path = _path_on_a_host(text)
    if all(part in path for part in ("{z}", "{x}", "{y}")):
        return Tiles("raster", text)
    if path.endswith(".pmtiles"):
        return Tiles("pmtiles", text)
    raise UnsafeConfig(f"XOM_MAP_TILES={text} is no source of a map. {_FORM}")


def _path_on_a_host(url: str) -> str:
    """Path and query of an address whose host can stand in a page's policy; "" for another."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        return ""
    if not sound or not _PLAIN_HOST.fullmatch(parts.netloc):
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _file(text: str) -> Tiles:
    path = Path(text)
    if not path.is_absolute() or path.suffix != ".pmtiles":
        raise UnsafeConfig(f"XOM_MAP_TILES={text} is no source of a map. {_FORM}")
    try:
        with path.open("rb") as file:
            begins = file.read(len(_MAGIC))
    except OSError as error:
        raise UnsafeConfig(f"XOM_MAP_TILES={text} cannot be read: {error.strerror}.") from None
    if begins != _MAGIC:
        raise UnsafeConfig(f"XOM_MAP_TILES={text} is no PMTiles archive.")
    return Tiles("pmtiles", LOCAL_TILES, path)


def firebase_web(text: str) -> dict[str, str] | None:
    """What `XOM_FIREBASE_WEB` holds. Raises UnsafeConfig with a sentence."""
    if not text:
        return None
    try:
        given = json.loads(text)
    except ValueError:
        given = None
    if not isinstance(given, dict) or not all(isinstance(one, str) for one in given.values()):
        raise UnsafeConfig(
            "XOM_FIREBASE_WEB must be one JSON object of words, as the Firebase console shows it "
            "for a web app (Project settings, General, Your apps), with vapidKey added (Cloud "
            "Messaging, Web Push certificates)."
        )
    if missing := [name for name in NEEDED if not given.get(name)]:
        raise UnsafeConfig(f"XOM_FIREBASE_WEB lacks {', '.join(missing)}.")
    if unknown := sorted(given.keys() - set(ALLOWED)):
        # Everything in it is shown to every visitor: a service account's key must not be.
        raise UnsafeConfig(f"XOM_FIREBASE_WEB holds {', '.join(unknown)}, which no page needs.")
    return given
