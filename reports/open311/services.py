"""Categories as Open311's services, and their own questions as typed attributes.

What a law sends elsewhere is not offered. What concerns a private person or home is, and its
requests are never listed: FixMyStreet reads that from the word `private`.
"""

from typing import Any

from reports.cards import Plain
from reports.city.snapshot import City
from reports.city.values import Category
from reports.city.words import AS_WRITTEN, AT_THE_BEGINNING
from reports.open311.documents import Document
from reports.open311.errors import NoSuchService
from reports.vocabulary import said

PRIVATE = "private"
YES, NO = "true", "false"
DATATYPES = {
    "choice": "singlevaluelist",
    "choices": "multivaluelist",
    "text": "text",
    "number": "number",
    "yes_no": "singlevaluelist",
}
_HINTS = {
    "choice": ("Chọn một.", "Choose one."),
    "choices": ("Chọn một hoặc nhiều.", "Choose one or more."),
    "text": ("Tối đa 500 ký tự.", "At most 500 characters."),
    "number": ("Một con số.", "A number."),
    "yes_no": ("Có hoặc không.", "Yes or no."),
}
_YES_NO = ((YES, "Có", "Yes"), (NO, "Không", "No"))


def document(services: list[Plain]) -> Document:
    return Document("services", services)


def offered(city: City, locale: str) -> list[Plain]:
    """All that can be asked for today, in the city's own order."""
    return [_service(one, city, locale) for one in _offered(city)]


def definition(code: str, city: City, locale: str) -> Document:
    """One service's attributes, none for one that asks nothing. Raises NoSuchService."""
    category = next((one for one in _offered(city) if one.code == code), None)
    if category is None:
        raise NoSuchService(field="service_code")
    asked = [_attribute(one, place, locale) for place, one in enumerate(questions(category), 1)]
    return Document("service_definition", {"service_code": category.code, "attributes": asked})


def questions(category: Category) -> list[dict[str, Any]]:
    """What is still asked."""
    return [one for one in category.questions if not one.get("retired")]


def keywords(category: Category) -> list[str]:
    """As they are told, the word for private ones first."""
    words = [word.lstrip(AS_WRITTEN + AT_THE_BEGINNING) for word in category.keywords]
    return [PRIVATE, *words] if category.private else words


def _offered(city: City) -> list[Category]:
    return [one for one in city.offered_categories() if not one.legal_channel]


def _service(category: Category, city: City, locale: str) -> Plain:
    group = city.profile.settings.get("groups", {}).get(category.group, {})
    return {
        "service_code": category.code,
        "service_name": said((category.name_vi, category.name_en), locale),
        "description": said((category.help_vi, category.help_en), locale),
        "metadata": bool(questions(category)),
        "type": "realtime",
        "keywords": ",".join(keywords(category)),
        "group": group.get(locale, category.group),
    }


def _attribute(question: dict[str, Any], place: int, locale: str) -> Plain:
    kind = question["kind"]
    return {
        "variable": True,
        "code": question["code"],
        "datatype": DATATYPES[kind],
        "required": bool(question.get("required")),
        "datatype_description": said(_HINTS[kind], locale),
        "order": place,
        "description": said((question["text_vi"], question["text_en"]), locale),
        "values": _values(question, locale),
    }


def _values(question: dict[str, Any], locale: str) -> list[Plain]:
    named = _YES_NO if question["kind"] == "yes_no" else [
        (one["code"], one["vi"], one["en"])
        for one in question.get("options", ())
        if not one.get("retired")
    ]  # fmt: skip
    return [{"key": key, "name": said((vi, en), locale)} for key, vi, en in named]
