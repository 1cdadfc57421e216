"""The key of a client: in the Authorization header, in the address or in the form, as each of them
sends it. The form comes last: until somebody is known, nothing of a large body is read.
"""

from flask import request

from app.auth import api_keys
from app.auth.api_keys import ApiCaller
from app.auth.scopes import Scope
from app.locale import remember_caller_locale
from reports.open311.asked import one


def client(scope: Scope) -> ApiCaller:
    """Who sends this request, counted against its limits. Raises KeyMissing, KeyRefused,
    ScopeMissing, KeyLimitReached."""
    found = api_keys.require(_sent_key(), scope)
    remember_caller_locale(found.locale)
    return found


def _sent_key() -> str:
    """Empty when none was sent."""
    header = request.authorization
    bearer = (header.token if header and header.type == "bearer" else None) or ""
    if api_keys.looks_like_one(bearer):
        return bearer
    return one(request.args, "api_key") or one(request.form, "api_key") or bearer
