"""The switch to the other language, and where it leads: nothing that one is at is lost by it.

- A page that was asked for is asked for again; what is typed in it goes along by `language.ts`.
- A page that answers a form, and can be drawn anew without doing anything, names where (`again=`)
  and gives its form the id `carried`: the switch is a button of that form, so all goes along.
- A page at a door stands at an address of its own (`instead=`).
- Any other answer to a form (one that was refused, a secret shown once) can be seen this once:
  there the switch is words that say so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from flask import request

from app.locale import current_locale

NAMES = {"vi": "Tiếng Việt", "en": "English"}


@dataclass(frozen=True, slots=True)
class Switch:
    """The other language, and how this page is had in it."""

    locale: str
    address: str = ""  # none: not now
    carries: bool = False  # a button of the page's form, not a link

    @property
    def name(self) -> str:
        return NAMES[self.locale]


def switch(*, again: str = "", instead: str = "") -> Switch:
    """For the page that is being drawn."""
    other = "en" if current_locale() == "vi" else "vi"
    if request.method in {"GET", "HEAD"}:
        return Switch(other, _in(other, request.path, request.args.items(multi=True)))
    if again:
        return Switch(other, _in(other, again), carries=True)
    return Switch(other, _in(other, instead) if instead else "")


def _in(locale: str, address: str, query: Iterable[tuple[str, str]] = ()) -> str:
    parts = urlsplit(address)
    kept = [(name, text) for name, text in query if name != "lang"]
    asked = urlencode([*kept, ("lang", locale)])
    return f"{parts.path}?{parts.query}&{asked}" if parts.query else f"{parts.path}?{asked}"
