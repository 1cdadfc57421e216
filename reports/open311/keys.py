"""The key of a client: in the form, in the address or in the Authorization header, as each of them
sends it.
"""

from flask import request

from app.auth import api_keys
from app.auth.api_keys import ApiCaller
from app.auth.scopes import Scope
from reports.open311.asked import one


def client(scope: Scope) -> ApiCaller:
    """Who sends this request, counted against its limits. Raises KeyMissing, KeyRefused,
    ScopeMissing, KeyLimitReached."""
    return api_keys.require(sent_key(), scope)


def sent_key() -> str:
    """Empty when none was sent."""
    header = request.authorization
    bearer = header.token if header is not None and header.type == "bearer" else None
    return one(request.form, "api_key") or one(request.args, "api_key") or bearer or ""
