"""Officials of a demo have addresses under `.demo`, a top-level domain that nobody can own.

Their one password is printed for whoever tries the program, so a real city lets none of them in: no
password of theirs, no token. `/readyz` tells that they are there.
"""

from flask import current_app
from sqlalchemy import ColumnElement, func

from app.auth.models import Account
from app.config import Config

DOMAIN = ".demo"


def is_shut_out(account: Account) -> bool:
    """Is this a demo's official, in a real city?"""
    return is_real_city() and (account.email or "").lower().endswith(DOMAIN)


def is_real_city() -> bool:
    config: Config = current_app.extensions["xom.config"]
    return config.is_production


def is_nobody_of_a_demo(email: ColumnElement[str | None]) -> ColumnElement[bool]:
    """The same, asked in SQL; residents have no address."""
    return func.lower(func.coalesce(email, "")).not_like(f"%{DOMAIN}")
