"""A request as a client writes it down: a form, in the body alone, since addresses are logged
wherever they pass. Fields that cannot be read are told at once; what is lacking,
`requests_sent` tells.

What is not read is not kept: which device, and which account of the client's.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import orjson
from marshmallow import EXCLUDE, fields, post_load, validate
from werkzeug.datastructures import FileStorage, MultiDict

from app.http import MIB
from app.openapi import Schema, Text, latitude, longitude
from app.text import normalise, uuid_in
from reports.open311 import pictures
from reports.open311.asked import Given, one
from reports.open311.pictures import Pictures

MOST_WORDS = 4000
#: Of what must not cost the report: `requests_sent` cuts it, or leaves it out, and says so.
_ANY_LENGTH = MIB
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,60})\](?:\[\])?")
_WHO = ("name", "phone", "email")  # not part of what makes two requests the same


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRequest:
    """What a client sent. Prints nothing of who it is."""

    service_code: str
    description: str = ""
    lat: float | None = None  # degrees, WGS84
    long: float | None = None
    address_string: str = ""
    address_id: str = ""
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pictures: Pictures = field(default_factory=Pictures)
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)  # as it was written
    email: str = field(default="", repr=False)
    client_request_id: str = ""

    def digest(self) -> bytes:
        """SHA-256 of the content: what makes two the same. Without who sent it, since numbers are
        few enough to be guessed from a hash."""
        content: dict[str, Any] = {
            name: getattr(self, name) for name in self.__slots__ if name not in {*_WHO, "pictures"}
        }
        content["media_urls"] = self.pictures.urls
        content["files"] = [sha256(data).hexdigest() for data in self.pictures.files]
        return sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).digest()


class RequestIn(Schema):
    class Meta:
        unknown = EXCLUDE

    service_code = fields.String(load_default="", validate=validate.Length(max=60))
    description = Text(most=MOST_WORDS, load_default="")
    lat = latitude(load_default=None, in_address=True)
    long = longitude(load_default=None, in_address=True)
    address_string = Text(most=_ANY_LENGTH, lines=False, load_default="")
    address_id = Text(most=_ANY_LENGTH, lines=False, load_default="")
    first_name = Text(most=_ANY_LENGTH, lines=False, load_default="")
    last_name = Text(most=_ANY_LENGTH, lines=False, load_default="")
    phone = Text(most=_ANY_LENGTH, lines=False, load_default="")
    email = Text(most=_ANY_LENGTH, lines=False, load_default="")
    client_request_id = Text(most=100, lines=False, load_default="")

    @post_load
    def _plain(self, loaded: dict[str, Any], **_: Any) -> dict[str, Any]:
        """One name again: clients that ask for one cut it at its first space."""
        names = loaded.pop("first_name"), loaded.pop("last_name")
        if made := uuid_in(loaded["client_request_id"]):
            loaded["client_request_id"] = str(made)  # one UUID, however it was written
        return {**loaded, "name": " ".join(filter(None, names))}


_REQUEST_IN = RequestIn()  # made once


def read(given: Given, files: MultiDict[str, FileStorage]) -> SentRequest:
    """The request that these fields say. Raises ValidationError naming each field at fault, or
    TooManyPhotos."""
    written = {name: text for name in _REQUEST_IN.fields if (text := one(given, name))}
    loaded: dict[str, Any] = _REQUEST_IN.load(written)
    sent = pictures.read(given, files)
    sent.require_few()
    return SentRequest(**loaded, attributes=_attributes(given), pictures=sent)


def _attributes(given: Given) -> dict[str, tuple[str, ...]]:
    """`attribute[CODE]=v`, several times for several, with `[]` behind it or not."""
    found: dict[str, tuple[str, ...]] = {}
    for name in given:
        if named := _ATTRIBUTE.fullmatch(name or ""):  # a part may come without any name
            found[named[1]] = found.get(named[1], ()) + tuple(_values(given, name))
    return found


def _values(given: Given, name: str) -> Iterator[str]:
    return (text for value in given.getlist(name) if (text := normalise(value).strip()))
