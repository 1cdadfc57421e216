"""FixMyStreet, as its own client asks and sends (the contract's §8): in XML alone."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx

from app.clock import now
from tests.conformance.conftest import Town, moment
from tests.conformance.contract import from_xml

HOURS_2 = timedelta(hours=2)


def polled(town: Town, key: str = "app", **span: str) -> list[dict[str, Any]]:
    """As it asks each time: the last two hours, with its key and its jurisdiction."""
    until = now() + timedelta(seconds=1)
    span = {"start_date": moment(until - HOURS_2), "end_date": moment(until)} | span
    sent = {"jurisdiction_id": "hue", "api_key": town.keys[key], **span}
    root, found = town.xml("servicerequestupdates", **sent)
    assert root == "service_request_updates"
    return list(found)


def of(code: str, found: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    return [
        (one["status"], one["description"]) for one in found if one["service_request_id"] == code
    ]


def send(town: Town, **differs: str) -> str:
    """A problem as its client sends it; the id that it keeps."""
    fields = {
        "jurisdiction_id": "hue",
        "api_key": town.keys["app"],
        "service_code": town.plain,
        "description": "title: Đèn tắt\n\ndetail: Tắt cả đoạn.\n\nurl: https://fms.example/report/7"
        "\n\nSubmitted via FixMyStreet\n",
        "first_name": "Lan",
        "last_name": "Trần Thị",
        "email": "lan@example.org",
        "lat": "16.467500",
        "long": "107.588500",
        "deviceid": "fms",
        "attribute[easting]": "529000",
        "attribute[northing]": "179000",
        "attribute[fixmystreet_id]": "7",
    } | differs
    answer = town.post("requests.xml", data={n: v for n, v in fields.items() if v})
    assert answer.status_code == 200, answer.text
    root, told = from_xml(answer.content)
    assert root == "service_requests"
    return str(told[0]["service_request_id"])


def comment(town: Town, code: str, status: str, /, **differs: Any) -> httpx.Response:
    """A comment as its client sends it."""
    fields = {
        "jurisdiction_id": "hue",
        "api_key": town.keys["app"],
        "service_request_id": code,
        "service_request_id_ext": "7",
        "update_id": str(uuid4().int % 10**9),
        "updated_datetime": "2026-11-21T10:00:00+07:00",
        "status": status,
        "description": "Vẫn còn tắt.",
        "first_name": "Lan",
        "last_name": "Trần Thị",
        "title": "",
        "email": "lan@example.org",
        "public_anonymity_required": "TRUE",
        "email_alerts_requested": "FALSE",
    } | differs
    return town.post("servicerequestupdates.xml", data=fields)


def taken(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    root, told = from_xml(answer.content)
    assert root == "service_request_updates"
    return str(told[0]["update_id"])


def resolve(town: Town, code: str, outcome: str = "fixed") -> None:
    site, report_id = town.site, town.report_id(code)
    officer = site.officer_of(report_id)
    site.takes(officer, "start", report_id)
    site.takes(officer, "resolve", report_id, outcome=outcome, note="Đã thay bóng.")
