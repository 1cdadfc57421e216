"""Where this house is, as others open it: feeds and files name what they tell of in full."""

from flask import current_app

from app.config import Config


def base_url() -> str:
    """Without a slash at its end."""
    config: Config = current_app.extensions["xom.config"]
    return config.base_url.rstrip("/")
