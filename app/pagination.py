"""Pages by key, not by number: a cursor names the last row seen, so every page costs the same.

A cursor is opaque and signed: what comes back is what was given out, or is refused.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import orjson
from flask import current_app, request
from marshmallow import fields, validate

from app.errors import Invalid
from app.openapi import Schema

DEFAULT_LIMIT = 20
MOST = 100
_SIGNATURE = 8  # bytes


class BadCursor(Invalid):
    code = "bad-cursor"
    field = "after"
    vi = "Dấu trang này không dùng được. Hãy lấy lại từ trang đầu (bỏ tham số after)."
    en = "This cursor cannot be used. Begin again from the first page (leave out `after`)."


class PageIn(Schema):
    """The query of a list: inherit, and add filters."""

    limit = fields.Integer(
        load_default=DEFAULT_LIMIT,
        validate=validate.Range(1, MOST),
        metadata={"description": "How many items a page"},
    )
    after = fields.String(
        load_default=None,
        validate=validate.Length(max=400),
        metadata={"description": "The `next` of the page before"},
    )


def encode_cursor(*values: Any) -> str:
    """The sort key of the last row: numbers, texts, booleans, None, datetimes, UUIDs."""
    body = orjson.dumps([_tagged(value) for value in values])
    return base64.urlsafe_b64encode(_sign(body) + body).rstrip(b"=").decode()


def decode_cursor(text: str, *types: type) -> tuple[Any, ...]:
    """The values given to `encode_cursor`; with `types`, also checks how many and of what kind.

    Raises BadCursor for anything that this house did not give out.
    """
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise BadCursor from None
    signature, body = raw[:_SIGNATURE], raw[_SIGNATURE:]
    if not hmac.compare_digest(signature, _sign(body)):
        raise BadCursor
    values = tuple(_untagged(value) for value in orjson.loads(body))
    if types and not _fits(values, types):
        raise BadCursor
    return values


def page_links(following: str | None) -> dict[str, str]:
    """The `Link` header to the next page of this request's list; nothing after the last."""
    if following is None:
        return {}
    query = [(name, value) for name, value in request.args.items(multi=True) if name != "after"]
    return {"Link": f'<{request.path}?{urlencode([*query, ("after", following)])}>; rel="next"'}


def page(items: list[Any], following: str | None) -> Mapping[str, Any]:
    """The body of every list: `{items, next}`."""
    return {"items": items, "next": following}


def _sign(body: bytes) -> bytes:
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.digest(key, b"cursor:" + body, hashlib.sha256)[:_SIGNATURE]


def _tagged(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, UUID):
        return {"u": value.hex}
    return value


def _untagged(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return datetime.fromisoformat(value["t"]) if "t" in value else UUID(value["u"])


def _fits(values: tuple[Any, ...], types: tuple[type, ...]) -> bool:
    return len(values) == len(types) and all(
        value is None or isinstance(value, kind) for value, kind in zip(values, types, strict=True)
    )
