"""The contract as an OpenAPI description, made of its schemas, for machines that ask everything.

The house does not publish it: Open311 describes itself (docs/adr/0037).
"""

from typing import Any

from tests.conformance.contract import SCHEMAS, schema

Plain = dict[str, Any]
FILES = sorted(SCHEMAS.glob("*.json"))
TEXT: Plain = {"type": "string", "maxLength": 300}
MOMENT: Plain = {"type": "string", "format": "date-time"}
LAT: Plain = {"type": "number", "minimum": 16.2, "maximum": 16.7}
LONG: Plain = {"type": "number", "minimum": 107.3, "maximum": 107.9}
PAGING = {"page": {"type": "integer", "minimum": 0, "maximum": 1000},
          "page_size": {"type": "integer", "minimum": 1, "maximum": 1000}}  # fmt: skip
LIST: Plain = {
    "service_request_id": TEXT, "service_code": TEXT, "jurisdiction_id": TEXT, "q": TEXT,
    "start_date": MOMENT, "end_date": MOMENT, "updated_after": MOMENT, "updated_before": MOMENT,
    "status": {"enum": ["open", "closed", "open,closed"]}, "agency_responsible": TEXT,
    "has_photo": {"enum": ["true", "false"]}, "extensions": {"enum": ["true", "false"]},
    "bbox": {"enum": ["107.5,16.4,107.7,16.6"]}, "lat": LAT, "long": LONG,
    "radius": {"type": "number", "minimum": 1, "maximum": 20000}, **PAGING,
}  # fmt: skip
#: Path, parameters of the address, and the schema of what is answered, or several.
READS: list[tuple[str, Plain, str]] = [
    ("discovery", {"jurisdiction_id": TEXT}, "discovery"),
    ("services", {"jurisdiction_id": TEXT}, "services"),
    ("services/{code}", {}, "service_definition"),
    ("requests", LIST, "requests requests_extended"),
    ("requests/{id}", {"extensions": TEXT}, "requests requests_extended"),
    ("tokens/{token}", {}, "token"),
    ("servicerequestupdates", {"start_date": MOMENT, "end_date": MOMENT, "api_key": TEXT},
     "updates"),
]  # fmt: skip
REQUEST: Plain = {
    "service_code": TEXT, "lat": LAT, "long": LONG, "description": TEXT, "address_string": TEXT,
    "address_id": TEXT, "first_name": TEXT, "last_name": TEXT, "email": TEXT, "phone": TEXT,
    "device_id": TEXT, "account_id": TEXT, "media_url": TEXT, "client_request_id": TEXT,
}  # fmt: skip
UPDATE: Plain = {
    "service_request_id": TEXT, "update_id": TEXT, "status": TEXT, "updated_datetime": MOMENT,
    "description": TEXT, "first_name": TEXT, "media_url": TEXT, "service_code": TEXT,
}  # fmt: skip
WRITES = [
    ("requests", REQUEST, ["service_code", "description"], "created"),
    ("servicerequestupdates", UPDATE, list(UPDATE)[:5], "update_taken"),
]


def description(path: str, keys: list[str]) -> Plain:
    """Everything below `path`, in both forms; a write carries one of these keys."""
    paths: dict[str, Plain] = {}
    for form in ("json", "xml"):
        for name, asked, answered in READS:
            given = [_in("path", one) for one in ("code", "id", "token") if f"{{{one}}}" in name]
            given += [_in("query", one, kind) for one, kind in asked.items()]
            operation = {"parameters": given, "responses": _responses(form, answered)}
            paths.setdefault(f"{path}/{name}.{form}", {})["get"] = operation
        for name, fields, needed, answered in WRITES:
            body = {
                "type": "object",
                "properties": {**fields, "api_key": {"enum": keys}},
                "required": [*needed, "api_key"],
            }
            encodings = ("application/x-www-form-urlencoded", "multipart/form-data")
            paths[f"{path}/{name}.{form}"]["post"] = {
                "requestBody": {
                    "required": True,
                    "content": {encoding: {"schema": body} for encoding in encodings},
                },
                "responses": _responses(form, answered),
            }
    return {
        "openapi": "3.1.0",
        "info": {"title": "GeoReport v2", "version": "2"},
        "paths": paths,
        "components": {
            "schemas": {name: _local(schema(name), name) for name in (f.stem for f in FILES)}
        },
    }


def _in(place: str, name: str, kind: Plain | None = None) -> Plain:
    kind = kind or {"type": "string", "minLength": 1, "pattern": "^[A-Za-z0-9-]+$"}
    return {"in": place, "name": name, "required": place == "path", "schema": kind}


def _responses(form: str, answered: str) -> Plain:
    def told(name: str) -> Plain:
        if form == "xml":
            return {"description": name, "content": {"text/xml": {"schema": {}}}}
        refs = [{"$ref": f"#/components/schemas/{one}"} for one in name.split()]
        return {"description": name, "content": {"application/json": {"schema": {"anyOf": refs}}}}

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
