"""What clients post: a form, with pictures or without."""

from flask import request

from app.forms import URLENCODED
from app.http import MIB
from reports.open311.errors import NotAForm

MOST_BYTES = 64 * MIB  # of a request or an update with its pictures; without, as any form
KINDS = (URLENCODED, "multipart/form-data")


def require_form() -> None:
    """Raises NotAForm for a body of another kind, before anything of it is read."""
    if request.mimetype not in KINDS and request.content_length:
        raise NotAForm
