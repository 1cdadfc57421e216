"""Sending over Open311: a request with its pictures, and the id of one whose answer got lost."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from flask import Blueprint, Response, current_app, request

from app.auth.api_keys import ApiCaller
from app.auth.guards import anyone
from app.auth.scopes import Scope
from app.clock import now
from app.config import Config
from app.database import db
from app.http import MIB, body_up_to
from app.limits import by_address, limit
from app.locale import current_locale
from app.sentences import Both
from reports import photos
from reports.city import snapshot
from reports.open311 import (
    discovery,
    keys,
    media,
    moments,
    received,
    requests,
    requests_in,
    requests_sent,
)
from reports.open311.answering import answer, form_of
from reports.open311.errors import NoSuchToken, NotAForm
from reports.open311.requests_in import SentRequest
from reports.photos import BadPhoto, PhotoKindRefused, PhotoTooLarge

MOST_BYTES = 64 * MIB  # of a request with its pictures
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
NOT_FETCHED = Both(
    "Có {count} ảnh không lấy được từ địa chỉ đã gửi. Hãy gửi ảnh kèm theo (multipart/form-data).",
    "{count} pictures could not be fetched from their addresses. Send them along instead "
    "(multipart/form-data).",
)

blueprint = Blueprint("open311_sending", __name__, url_prefix=discovery.PATH)


@blueprint.post("/requests.<string:form>")
@anyone  # who has a key of this scope
@body_up_to(MOST_BYTES)
def create_request(form: str) -> Response:
    """Send a request, with its pictures; again under the same `client_request_id` is the same."""
    form = form_of(form)
    if request.mimetype not in FORMS and request.content_length:
        raise NotAForm
    client, at, locale = keys.client(Scope.REPORTS_CREATE), now(), current_locale()
    sent = requests_in.read(request.form, request.files)
    if known := requests_sent.repeated(sent, client.account_id):
        return answer(form, requests.receipt(known.code))
    meant = requests_sent.understand(sent, by=client, city=snapshot.current(), locale=locale)
    stored, missed = _pictures(sent, client, at)
    code = requests_sent.receive(sent, meant, stored, by=client, locale=locale, at=at)
    db.session.commit()
    notices = (*meant.notices, *missed)
    told = [notice.vi if locale == "vi" else str(notice) for notice in notices]
    return answer(form, requests.receipt(code, " ".join(told)))


@blueprint.get("/tokens/<string:token>.<string:form>")
@anyone
@limit("120 per minute", by=by_address)
def read_token(token: str, form: str) -> Response:
    """The id of the request that was sent under this `client_request_id`."""
    form, request_id = form_of(form), received.id_of_token(token)
    if request_id is None:
        raise NoSuchToken
    return answer(form, requests.of_token(token, request_id))


def _pictures(
    sent: SentRequest, client: ApiCaller, at: datetime
) -> tuple[list[UUID], Sequence[Both]]:
    """What came along and what could be fetched, each put into the darkroom and kept, loose until
    the request is stored; and what to say of those that could not be had."""
    config: Config = current_app.extensions["xom.config"]
    stored = [_stored(data, client, at) for data in sent.files]
    for data in media.fetch(sent.media_urls, config):
        try:
            stored.append(_stored(data, client, at))
        except (BadPhoto, PhotoKindRefused, PhotoTooLarge):
            continue
    missed = len(sent.files) + len(sent.media_urls) - len(stored)
    said = Both(NOT_FETCHED.vi.format(count=missed), NOT_FETCHED.format(count=missed))
    return stored, [said] if missed else []


def _stored(data: bytes, client: ApiCaller, at: datetime) -> UUID:
    zone = moments.zone_of(snapshot.current())
    kept = photos.store_photo(uuid4(), owner_id=client.account_id, data=data, at=at, zone=zone)
    db.session.commit()
    return kept.photo.id
