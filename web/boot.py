"""What the server writes into the page, so that the app can begin before it has asked for anything.
Everything in it is public. Its shape on the other side: `web/phone/core/boot.ts`.
"""

from functools import lru_cache
from typing import Any

from app.config import Config
from app.page_settings import firebase_web, map_tiles
from notifications import vapid
from web.assets import address
from web.city import CityFacts

NO_LINE = {"name": "", "number": ""}


def boot(config: Config, built: dict[str, Any], facts: CityFacts, locale: str) -> dict[str, Any]:
    return _of_settings(config) | {
        "build": built["build"],
        "locale": locale,
        "city": {"name": facts.name},
        "hotline": facts.hotline or NO_LINE,
        "hotlines": list(facts.hotlines),
        "notices": list(facts.notices),
        "files": {name: address(hashed) for name, hashed in built["files"].items()},
        "map": [address(hashed) for hashed in built.get("map", [])],
    }


@lru_cache(maxsize=8)
def _of_settings(config: Config) -> dict[str, Any]:
    """What does not change while the server runs."""
    return {
        "webpush_key": webpush_key(config),
        "tiles": _tiles(config),
        "firebase": firebase_web(config.firebase_web),
    }


def webpush_key(config: Config) -> str | None:
    """With which a browser subscribes to pushes; None where the city sends none."""
    key = config.vapid_private_key
    return vapid.public_key(key) if key else None


def _tiles(config: Config) -> dict[str, str] | None:
    tiles = map_tiles(config.map_tiles)
    if tiles is None:
        return None
    return {"kind": tiles.kind, "url": tiles.url, "attribution": config.map_attribution}
