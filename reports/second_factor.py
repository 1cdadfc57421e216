"""Who must have a second factor: whoever holds one of the roles that the setting names."""

from uuid import UUID

from flask import Flask, current_app

from app.auth.guards import Caller
from app.auth.models import AccountKind
from app.clock import now
from app.config import Config, UnsafeConfig
from reports.permissions import roles_held, viewer_of
from reports.roles import HELD
from reports.statuses import Role

_ROLES = "xom.second_factor"


def init_second_factor(app: Flask, config: Config) -> None:
    """Raises UnsafeConfig for what is no role."""
    app.extensions[_ROLES] = _read(config.second_factor)


def is_demanded(account_id: UUID) -> bool:
    """Must this official have one? Costs nothing where the setting names nobody."""
    demanding: frozenset[Role] = current_app.extensions[_ROLES]
    if not demanding:
        return False
    return any(role in demanding for role, _ in roles_held(account_id, now()))


def holds_back(caller: Caller) -> bool:
    """Has this caller to set one up first? Costs no statement more: the roles are asked for once
    a request, and of those who have a second factor not even here."""
    demanding: frozenset[Role] = current_app.extensions[_ROLES]
    if not demanding or caller.second_factor or caller.kind is not AccountKind.OFFICIAL:
        return False
    return any(role in demanding for role, _ in viewer_of(caller, now()).held)


def _read(names: tuple[str, ...]) -> frozenset[Role]:
    names, known = tuple(name.strip() for name in names), {str(role) for role in HELD}
    for name in names:
        if name not in known:
            raise UnsafeConfig(f"XOM_SECOND_FACTOR={name} is none of {', '.join(map(str, HELD))}.")
    return frozenset(Role(name) for name in names)
