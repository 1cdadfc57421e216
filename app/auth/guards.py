"""Who may enter: every view carries one of three marks, and one without a mark is refused.

`@anyone`, `@signed_in` (guests too) or `@requires("queue")`. What a permission is, and who holds
it, the factory hands in; which report may then be touched is for the view to ask. An API client's
key enters what is open to all, and of the rest only the views that name a scope which it has:
`@needs_scope(Scope.OFFICES_READ)` beside the mark, whose permissions its client must hold too.

Whoever must set up a second factor first is nobody until then, but to the views of that.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

import structlog
from flask import Flask, current_app, has_request_context, request

from app.auth import api_keys, tokens
from app.auth.api_keys import ApiCaller
from app.auth.errors import SecondFactorDemanded
from app.auth.key_errors import (
    KeyLimitReached,
    KeyNotLive,
    KeyRefused,
    NotForKeys,
    ScopeMissing,
)
from app.auth.ports import ports
from app.auth.scopes import Scope
from app.auth.tokens import Caller
from app.clock import now
from app.config import Config, Environment
from app.database import db
from app.errors import Forbidden, Unauthenticated, XomError
from app.locale import remember_caller_locale

__all__ = [
    "Caller",
    "anyone",
    "caller",
    "current",
    "install_guards",
    "may_enter",
    "needs_scope",
    "requires",
    "signed_in",
]

log = structlog.get_logger()

View = TypeVar("View", bound=Callable[..., Any])
Permits = Callable[[Caller, str], bool]

#: `app.extensions` holds here what finds the token of a page's visitor (in a cookie); "" for none.
TOKEN_OF_PAGE = "xom.token_of_page"
#: … and the endpoints that are open to whoever has to set up a second factor first.
SETTING_UP = "xom.setting_up"
_MARK = "xom_mark"
_SCOPE = "xom_scope"
_CALLER = "xom.caller"
_HELD_BACK = "xom.held_back"


class UnmarkedView(Exception):
    """A view that does not say who may enter. Tests see it as an error, strangers as a refusal."""


@dataclass(frozen=True, slots=True)
class Mark:
    signed_in: bool
    permissions: tuple[str, ...] = ()


def anyone(view: View) -> View:
    """Open to all; a caller is looked up only when the view asks for one."""
    return _marked(view, Mark(signed_in=False))


def signed_in(view: View) -> View:
    """Open to whoever has a live token, a guest's included."""
    return _marked(view, Mark(signed_in=True))


def requires(*permissions: str) -> Callable[[View], View]:
    """Open to callers who hold each of these permissions."""

    def mark(view: View) -> View:
        return _marked(view, Mark(signed_in=True, permissions=permissions))

    return mark


def needs_scope(scope: Scope) -> Callable[[View], View]:
    """Open to keys of this scope too, within what the view's mark asks; in any order with it."""

    def mark(view: View) -> View:
        setattr(view, _SCOPE, scope)
        return view

    return mark


def _marked(view: View, mark: Mark) -> View:
    setattr(view, _MARK, mark)  # wrappers made by functools.wraps carry it along
    return view


def caller() -> Caller | None:
    """Who sent this request, or nobody. One statement, asked once a request."""
    if not has_request_context():
        return None
    # Kept with the request itself: `g` outlives it where a test has pushed an app context.
    if _CALLER not in request.environ:
        request.environ[_CALLER] = _find()
    found: Caller | None = request.environ[_CALLER]
    return found


def current() -> Caller:
    """Who sent this request; raises Unauthenticated for nobody, SecondFactorDemanded for whoever
    has to set one up first, KeyNotLive and KeyLimitReached for a key."""
    found = caller()
    if found is None:
        raise _held_back() or Unauthenticated()
    return found


def _held_back() -> XomError | None:
    """Why somebody is nobody to this request, though they proved something."""
    found: XomError | None = request.environ.get(_HELD_BACK)
    return found


def install_guards(app: Flask, permits: Permits) -> None:
    """Refuse every request that its view's mark does not let in."""
    app.extensions["xom.permits"] = permits
    app.before_request(_guard)


def unmarked(app: Flask) -> list[str]:
    """The endpoints that do not say who may enter."""
    return sorted(name for name, view in app.view_functions.items() if _mark_of(view) is None)


def _mark_of(view: Callable[..., Any]) -> Mark | None:
    return getattr(view, _MARK, None)


def _scope_of(view: Callable[..., Any]) -> Scope | None:
    return getattr(view, _SCOPE, None)


def _find() -> Caller | None:
    token = _token_of_header()
    if api_keys.looks_like_one(token):
        return _find_by_key(token)
    token = token or _token_of_page()
    found = tokens.find(token) if token else None
    if found:
        remember_caller_locale(found.locale)
        if request.endpoint not in _open_while_setting_up() and ports().holds_back(found):
            config: Config = current_app.extensions["xom.config"]
            address = f"{config.base_url.rstrip('/')}/console"
            request.environ[_HELD_BACK] = SecondFactorDemanded(address=address)
            return None
    return found


def _find_by_key(key: str) -> ApiCaller | None:
    """The client, by the scope that this view names."""
    view = current_app.view_functions.get(request.endpoint or "")
    try:
        found = api_keys.admit(key, _scope_of(view) if view else None)
    except KeyRefused:
        request.environ[_HELD_BACK] = KeyNotLive()
        return None
    except KeyLimitReached as reached:
        request.environ[_HELD_BACK] = reached
        return None
    remember_caller_locale(found.locale)
    return found


def _open_while_setting_up() -> Collection[str]:
    endpoints: Collection[str] = current_app.extensions.get(SETTING_UP, ())
    return endpoints


def _token_of_header() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _token_of_page() -> str:
    """On a page, what its cookie carries. The API never takes a cookie, and no cookie a key."""
    of_page: Callable[[], str] | None = current_app.extensions.get(TOKEN_OF_PAGE)
    return of_page() if of_page else ""


def may_enter(endpoint: str) -> bool:
    """Would the caller of this request be let into that view? For what a page offers."""
    mark = _mark_of(current_app.view_functions[endpoint])
    if mark is None:
        return False
    found = caller()
    if found is None or isinstance(found, ApiCaller):
        return not mark.signed_in
    permits: Permits = current_app.extensions["xom.permits"]
    return all(permits(found, permission) for permission in mark.permissions)


def _guard() -> None:
    if request.url_rule is None or _is_automatic_options():
        return  # no such path or method: Flask's own answer says so
    mark = _mark_of(current_app.view_functions[request.url_rule.endpoint])
    if mark is None:
        _refuse_unmarked(request.url_rule.endpoint)
    elif mark.signed_in:
        _let_in(mark)
    elif api_keys.looks_like_one(_token_of_header()):
        current()  # open to all; but whoever sends a key is told when it does not work


def _is_automatic_options() -> bool:
    rule = request.url_rule
    return request.method == "OPTIONS" and getattr(rule, "provide_automatic_options", False)


def _let_in(mark: Mark) -> None:
    found = current()
    if isinstance(found, ApiCaller) and found.entered_by is None:
        _refuse_key()
    permits: Permits = current_app.extensions["xom.permits"]
    if not all(permits(found, permission) for permission in mark.permissions):
        raise Forbidden
    at = now()
    if tokens.is_past_half(found, at):
        tokens.renew(found, at)
        db.session.commit()  # before the view begins: nothing else is in this transaction


def _refuse_key() -> NoReturn:
    """A key without the scope of this view, or of a view that names none."""
    scope = _scope_of(current_app.view_functions[request.endpoint or ""])
    raise ScopeMissing(scope=str(scope)) if scope else NotForKeys


def _refuse_unmarked(endpoint: str) -> None:
    log.error("a view without a mark was refused", endpoint=endpoint)
    if current_app.extensions["xom.config"].environment is Environment.TEST:
        raise UnmarkedView(endpoint)
    raise Forbidden
