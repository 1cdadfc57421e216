"""Which of the two languages the reader wants: Vietnamese first, English on request."""

from flask import has_request_context, request
from werkzeug.datastructures import LanguageAccept

LOCALES = ("vi", "en")
_CALLER = "xom.caller_locale"  # with the request: `g` may outlive it in tests
_ASKED = "xom.asked_locale"  # read once a request: a list of names asks a hundred times


def current_locale() -> str:
    """`vi` or `en`: what the request asks for, else the signed-in caller's, else Vietnamese.

    Never asks the database, so that it also serves when that is away. Outside requests: `vi`.
    """
    if not has_request_context():
        return "vi"
    kept = request.environ
    if _ASKED not in kept:
        asked: LanguageAccept = request.accept_languages
        kept[_ASKED] = asked.best_match(LOCALES)
    locale: str = kept[_ASKED] or kept.get(_CALLER, "vi")
    return locale


def remember_caller_locale(locale: str) -> None:
    """Tell who reads: called once the caller of this request is known."""
    request.environ[_CALLER] = locale if locale in LOCALES else "vi"


def ask_for(locale: str) -> None:
    """This request's reader has chosen `vi` or `en`, by other means than the browser's setting."""
    request.environ[_ASKED] = locale


def in_words(vi: str, en: str) -> str:
    """The sentence for this request's reader."""
    return vi if current_locale() == "vi" else en
