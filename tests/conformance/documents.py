"""The documents of the contract."""

#: Every document that can be asked for: its path (with what the story has at hand), its parameters,
#: its schema, and its root in XML.
DOCUMENTS: list[tuple[str, dict[str, str], str, str]] = [
    ("discovery", {}, "discovery", "discovery"),
    ("services", {}, "services", "services"),
    ("services/{plain}", {}, "service_definition", "service_definition"),
    ("services/{asking}", {}, "service_definition", "service_definition"),
    ("requests", {}, "requests", "service_requests"),
    ("requests/{open}", {}, "requests", "service_requests"),
    ("requests", {"extensions": "true"}, "requests_extended", "service_requests"),
    ("requests/{photographed}", {"extensions": "true"}, "requests_extended", "service_requests"),
    ("tokens/{token}", {}, "token", "service_requests"),
    ("servicerequestupdates", {"start_date": "{month}"}, "updates", "service_request_updates"),
]
CONTENT_TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
