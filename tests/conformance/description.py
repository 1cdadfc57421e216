"""The contract as an OpenAPI description, made of its schemas, for machines that ask everything.

The house does not publish it: Open311 describes itself (docs/adr/0037). It is so exact that what
does not fit it is refused: an empty parameter is as good as none, a code that nothing has finds
nothing, and what is not known is left alone.
"""

from typing import Any

from tests.conformance.contract import SCHEMAS, schema

Plain = dict[str, Any]
FILES = sorted(SCHEMAS.glob("*.json"))
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
KEY = {"api_key": {"type": "apiKey", "in": "query", "name": "api_key"}}

ANY: Plain = {"type": "string"}
EMPTY: Plain = {"type": "string", "maxLength": 0}
_DAY = r"(19|20|21)\d\d-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])"
_TIME = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[+-]0\d:[0-5]\d)"
MOMENT: Plain = {"type": "string", "pattern": f"^{_DAY}(T{_TIME})?$"}
MOMENT_OR_NONE: Plain = {"type": "string", "pattern": f"^({_DAY}(T{_TIME})?)?$"}
FLAG: Plain = {
    "type": "string",
    "pattern": "^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[Yy][Ee][Ss]|[Nn][Oo]|1|0)?$",
}
STATUS: Plain = {
    "type": "string",
    "pattern": "^(([Oo][Pp][Ee][Nn]|[Cc][Ll][Oo][Ss][Ee][Dd])?(,|$))*$",
}
SAID: Plain = {"type": "string", "pattern": r"\S"}
UPDATE_STATUS: Plain = {
    "enum": ["OPEN", "CLOSED", "FIXED", "IN_PROGRESS", "PLANNED", "ACTION_SCHEDULED",
             "INVESTIGATING", "DUPLICATE", "NOT_COUNCILS_RESPONSIBILITY", "NO_FURTHER_ACTION",
             "INTERNAL_REFERRAL", "FOR_TRIAGE", "CANCELLED", "REOPEN", "UNCHANGED"],
}  # fmt: skip


def between(least: int, most: int, kind: str = "number") -> Plain:
    """A number, or nothing."""
    return {"anyOf": [{"type": kind, "minimum": least, "maximum": most}, EMPTY]}


def at_most(letters: int, **more: Any) -> Plain:
    return {"type": "string", "maxLength": letters, **more}


LIST: Plain = {
    "service_code": ANY, "jurisdiction_id": ANY, "agency_responsible": ANY, "q": at_most(100),
    "start_date": MOMENT_OR_NONE, "end_date": MOMENT_OR_NONE, "updated_after": MOMENT_OR_NONE,
    "updated_before": MOMENT_OR_NONE, "status": STATUS, "has_photo": FLAG, "extensions": FLAG,
    "bbox": {"enum": ["107.5,16.4,107.7,16.6", ""]},
    "lat": between(-85, 85), "long": between(-180, 180),
    "page": between(0, 10**9, "integer"), "page_size": between(1, 1000, "integer"),
}  # fmt: skip
#: Ids override all else, so that beside them nothing is wrong: asked for on their own.
BY_IDS: Plain = {"service_request_id": ANY, "extensions": FLAG, "jurisdiction_id": ANY}
#: Path, parameters of the address, and the schema of what is answered, or several.
READS: list[tuple[str, Plain, str]] = [
    ("discovery", {"jurisdiction_id": ANY}, "discovery"),
    ("services", {"jurisdiction_id": ANY, "lat": between(-85, 85), "long": between(-180, 180)},
     "services"),
    ("services/{code}", {}, "service_definition"),
    ("requests", LIST, "requests requests_extended"),
    ("requests/{id}", {"extensions": FLAG}, "requests requests_extended"),
    ("tokens/{token}", {}, "token"),
    ("servicerequestupdates", {"start_date": MOMENT_OR_NONE, "end_date": MOMENT_OR_NONE},
     "updates"),
]  # fmt: skip
REQUEST: Plain = {
    "service_code": at_most(60, minLength=1), "description": at_most(4000),
    "lat": between(-90, 90), "long": between(-180, 180),
    "address_string": ANY, "address_id": ANY, "first_name": ANY, "last_name": ANY, "email": ANY,
    "phone": ANY, "device_id": ANY, "account_id": ANY, "media_url": ANY,
    "client_request_id": at_most(100),
}  # fmt: skip
UPDATE: Plain = {
    "service_request_id": at_most(255, **SAID), "update_id": at_most(255, **SAID),
    "status": UPDATE_STATUS, "updated_datetime": MOMENT, "description": at_most(4000, **SAID),
    "first_name": ANY, "media_url": ANY, "service_code": ANY,
}  # fmt: skip
WRITES = [
    ("requests", REQUEST, ["service_code", "description", "lat", "long"], "created"),
    ("servicerequestupdates", UPDATE, list(UPDATE)[:5], "update_taken"),
]


def whole(path: str, *, lists: Plain = LIST, right: Plain | None = None) -> Plain:
    """Everything below `path`, in both forms; lists of requests are asked for by `lists`, and what
    is sent has a `right` one as its example."""
    paths: dict[str, Plain] = {}
    for form in ("json", "xml"):
        for name, asked, answered in READS:
            told = _read(form, name, lists if asked is LIST else asked, answered)
            paths.setdefault(f"{path}/{name}.{form}", {})["get"] = told
        for name, fields, needed, answered in WRITES:
            told = _write(form, fields, needed, answered, (right or {}).get(name))
            paths[f"{path}/{name}.{form}"]["post"] = told
    schemas = {name: _local(schema(name), name) for name in (file.stem for file in FILES)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "GeoReport v2", "version": "2"},
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": KEY},
    }


def _read(form: str, name: str, asked: Plain, answered: str) -> Plain:
    given = [_in("path", one) for one in ("code", "id", "token") if f"{{{one}}}" in name]
    given += [_in("query", one, kind) for one, kind in asked.items()]
    return {"parameters": given, "responses": _responses(form, answered)}


def _write(
    form: str, fields: Plain, needed: list[str], answered: str, right: Plain | None
) -> Plain:
    body = {"type": "object", "properties": fields, "required": needed}
    media = {"schema": body} | ({"example": right} if right else {})
    return {
        "security": [{"api_key": []}],
        "requestBody": {"required": True, "content": dict.fromkeys(FORMS, media)},
        "responses": _responses(form, answered),
    }


def _in(place: str, name: str, kind: Plain | None = None) -> Plain:
    kind = kind or {"type": "string", "minLength": 1, "pattern": "^[A-Za-z0-9-]+$"}
    return {"in": place, "name": name, "required": place == "path", "schema": kind}


def _responses(form: str, answered: str) -> Plain:
    def told(names: str) -> Plain:
        if form == "xml":  # held to the same schemas, once it is read (tests.conformance.contract)
            return {"description": names, "content": {"text/xml": {"schema": {}}}}
        refs = [{"$ref": f"#/components/schemas/{one}"} for one in names.split()]
        return {"description": names, "content": {"application/json": {"schema": {"anyOf": refs}}}}

    return {"200": told(answered)} | {
        str(status): told("errors") for status in (400, 403, 404, 405, 429, 503)
    }


def _local(part: Any, within: str) -> Any:
    """References between files, and within one, as references within one document."""
    if isinstance(part, list):
        return [_local(one, within) for one in part]
    if not isinstance(part, dict):
        return part
    found = {name: _local(value, within) for name, value in part.items() if name != "$schema"}
    if isinstance(ref := found.get("$ref"), str):
        file, _, inner = ref.partition("#")
        found["$ref"] = f"#/components/schemas/{file.removesuffix('.json') or within}{inner}"
    return found
