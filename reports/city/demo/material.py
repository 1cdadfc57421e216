"""What invented reports are made of: a city's own sentences, streets and well-known places.

Read from its folder (`demo.json`, `places.json`); a folder without them has no demo.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import ValidationError, fields, validate

from reports.city.faults import BadFile, Fault, from_messages
from reports.city.files import read_json
from reports.city.folder import KnownPlace, places_of
from reports.city.models import NoticeKind
from reports.city.schemas import Number, Strict

_words = fields.List(fields.String(), required=True, validate=validate.Length(min=1))


class CategoryWords(Strict):
    """What is said of one category: sentences with their answers, and what offices reply."""

    weight = Number(required=True, validate=validate.Range(0))
    rain = fields.Boolean(load_default=False)
    scene = fields.String(load_default=None)
    forward = fields.String(load_default=None)  # whose it turns out to be, now and then
    says = fields.List(fields.List(fields.Raw()), required=True, validate=validate.Length(min=1))
    replies = _words


class NoticeWords(Strict):
    """A notice that stands while the demo runs."""

    kind = fields.String(required=True, validate=validate.OneOf([str(kind) for kind in NoticeKind]))
    vi = fields.String(required=True)
    en = fields.String(required=True)
    areas = fields.List(fields.String(), load_default=list)
    hours = Number(required=True, validate=validate.Range(1, 24 * 30))  # from now


class FloodWords(Strict):
    """What the centre told in floods that are over."""

    vi = fields.String(required=True)
    en = fields.String(required=True)


class DemoFile(Strict):
    weights = fields.Dict(fields.String(), Number(), required=True)
    streets = fields.Dict(fields.String(), _words, required=True)
    place_notes = _words
    words = fields.Dict(fields.String(), fields.Raw(), required=True)
    categories = fields.Dict(fields.String(), fields.Nested(CategoryWords), required=True)
    notices = fields.List(fields.Nested(NoticeWords), load_default=list)
    flooded = fields.Nested(FloodWords, load_default=None)


@dataclass(frozen=True, slots=True)
class Material:
    weights: dict[str, float]  # area → how much is reported there
    streets: dict[str, list[str]]
    place_notes: list[str]
    words: dict[str, Any]  # what officials and residents say, by occasion
    categories: dict[str, dict[str, Any]]
    notices: list[dict[str, Any]]  # what the centre knows of already
    flooded: dict[str, str] | None  # what it told of past floods, vi and en
    places: list[KnownPlace]

    def said(self, occasion: str) -> list[str]:
        found = self.words[occasion]
        return found if isinstance(found, list) else [found]


def read_material(folder: Path) -> Material:
    """Raises BadFile where the folder holds no demo, or one that does not hold together."""
    path = folder / "demo.json"
    content = {key: value for key, value in read_json(path, "demo").items() if key != "format"}
    try:
        loaded = DemoFile().load(content)
    except ValidationError as error:
        found = from_messages(error.messages)
        raise BadFile([Fault(f.vi, f.en, path.name, field=f.field) for f in found]) from None
    return Material(places=places_of(folder), **loaded)
