"""A report as Open311 tells it: every key always there, null where nothing is known, and nothing of
whoever sent it. What `extensions=true` adds: `extended`.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from app.config import Config
from app.database import reading
from reports import codes, public_reading, vocabulary
from reports.cards import Plain, cards
from reports.city.snapshot import City
from reports.models import Report
from reports.open311 import moments
from reports.open311.documents import Document
from reports.statuses import OPEN, Outcome, Status

_report = Report.__table__.c
_BESIDE = 3  # what a found row has beside a card's columns
_ENDED = frozenset({Status.RESOLVED, Status.CLOSED})  # with an outcome and a reply


def document(told: Sequence[Plain]) -> Document:
    return Document("service_requests", told)


def told(rows: Sequence[Any], city: City, locale: str) -> list[Plain]:
    """Found rows in the contract's words."""
    found = cards([row[:-_BESIDE] for row in rows], city, locale)
    ended = [row.id for row in rows if row.status in _ENDED]
    said, leads = public_reading.last_replies(ended, city), codes_of({row.lead_id for row in rows})
    speaker = _Speaker(city, locale, said, leads)
    return [speaker.request(row, card) for row, card in zip(rows, found, strict=True)]


def receipt(code: str, notice: str = "") -> Document:
    """What whoever sent a request is answered: its id at once, never a token."""
    return document(
        [{"service_request_id": code, "service_notice": notice or None, "account_id": None}]
    )


def of_token(token: str, request_id: str) -> Document:
    return document([{"service_request_id": request_id, "token": token}])


def codes_of(report_ids: set[UUID | None]) -> Mapping[UUID, str]:
    """The codes of those reports that everybody may see."""
    wanted = report_ids - {None}
    if not wanted:
        return {}
    query = select(_report.id, _report.code).where(_report.id.in_(wanted), _report.shown)
    with reading() as connection:
        return {report_id: codes.spoken(code) for report_id, code in connection.execute(query)}


def picture(path: str) -> str:
    """The whole address of one of the house's pictures."""
    config: Config = current_app.extensions["xom.config"]
    return f"{config.base_url.rstrip('/')}{path}"


class _Speaker:
    """Says one request after the other, in one city and language."""

    def __init__(
        self, city: City, locale: str, said: Mapping[UUID, str], leads: Mapping[UUID, str]
    ) -> None:
        self.city, self.locale = city, locale
        self.said, self.leads = said, leads
        self.zone = moments.zone_of(city)

    def request(self, row: Any, card: Plain) -> Plain:
        photo = card["photo"]
        return {
            "service_request_id": card["code"],
            "status": "open" if card["status"] in OPEN else "closed",
            "status_notes": self._status_notes(row),
            "service_name": card["category"]["name"],
            "service_code": card["category"]["code"],
            "description": card["description"],
            "agency_responsible": card["office"]["name"],
            "service_notice": None,
            "requested_datetime": moments.written(row.submitted_at, self.zone),
            "updated_datetime": moments.written(row.updated_at, self.zone),
            "expected_datetime": moments.written(row.due_at, self.zone),
            "address": self._address(card),
            "address_id": card["area"]["code"],
            "zipcode": None,
            "lat": card["lat"],
            "long": card["lng"],
            "media_url": picture(photo["large"]) if photo else None,
        }

    def _status_notes(self, row: Any) -> str:
        """Status and outcome in the town's words, then the office's reply."""
        words = vocabulary.status_name(Status(row.status), self.locale, inside=True)
        if row.lead_id in self.leads:
            return f"{words}: {self.leads[row.lead_id]}"
        if row.outcome is not None and row.status in _ENDED:
            outcome = vocabulary.said(vocabulary.OUTCOMES[Outcome(row.outcome)], self.locale)
            words = f"{words}: {outcome}"
        reply = self.said.get(row.id)
        return f"{words}. {reply}" if reply else words

    def _address(self, card: Plain) -> str:
        """Specific to general, as far as everybody may know: the ward and the city."""
        profile = self.city.profile
        city = vocabulary.said((profile.name_vi, profile.name_en), self.locale)
        return f"{card['area']['name']}, {city}"
