"""What a page may load and do: its headers. Nothing comes from another host, but for the map and
the pushes that an operator has set.
"""

from flask import Flask, current_app

from app.config import Config
from app.page_settings import firebase_web, map_tiles

#: Where a browser fetches its token for Firebase's pushes.
FIREBASE = (
    "https://firebaseinstallations.googleapis.com",
    "https://fcmregistrations.googleapis.com",
)
PERMISSIONS = "camera=(self), geolocation=(self), microphone=()"
_HEADERS = "xom.page_headers"


def init_policy(app: Flask, config: Config) -> None:
    app.extensions[_HEADERS] = {
        "Content-Security-Policy": policy(config),
        "Permissions-Policy": PERMISSIONS,
        "Cross-Origin-Opener-Policy": "same-origin",
    }


def page_headers() -> dict[str, str]:
    """For pages, and for scripts too: a worker is bound by the policy that it came with."""
    headers: dict[str, str] = current_app.extensions[_HEADERS]
    return headers


def policy(config: Config) -> str:
    """The Content-Security-Policy. Images of a map are fetched by its worker, so they connect."""
    tiles = map_tiles(config.map_tiles)
    map_host = (tiles.origin,) if tiles and tiles.origin else ()
    push_hosts = FIREBASE if firebase_web(config.firebase_web) else ()
    rules = {
        "default-src": ("'none'",),
        "script-src": ("'self'",),
        "style-src": ("'self'",),
        "img-src": ("'self'", "blob:", "data:", *map_host),
        "connect-src": ("'self'", *map_host, *push_hosts),
        "font-src": ("'self'",),
        "worker-src": ("'self'",),
        "manifest-src": ("'self'",),
        "media-src": ("'self'", "blob:"),
        "form-action": ("'self'",),
        "base-uri": ("'none'",),
        "frame-ancestors": ("'none'",),
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in rules.items())
