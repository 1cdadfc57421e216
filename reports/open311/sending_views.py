"""Sending over Open311: a request with its pictures, and the id of one whose answer got lost."""

from datetime import datetime
from uuid import UUID, uuid4

from flask import Blueprint, Response, request

from app.auth.api_keys import ApiCaller
from app.auth.guards import anyone
from app.auth.scopes import Scope
from app.clock import now
from app.database import db
from app.http import body_up_to
from app.limits import by_address, limit
from app.locale import current_locale, in_words
from app.sentences import Both
from reports import photos
from reports.city import snapshot
from reports.open311 import (
    discovery,
    forms,
    keys,
    moments,
    pictures,
    received,
    requests,
    requests_in,
    requests_sent,
)
from reports.open311.answering import answer, form_of
from reports.open311.errors import NoSuchToken

blueprint = Blueprint("open311_sending", __name__, url_prefix=discovery.PATH)


@blueprint.post("/requests.<string:form>")
@anyone  # who has a key of this scope
@body_up_to(forms.MOST_BYTES)
def create_request(form: str) -> Response:
    """Send a request, with its pictures; again under the same `client_request_id` is the same."""
    form = form_of(form)
    forms.require_form()
    client, at, locale = keys.client(Scope.REPORTS_CREATE), now(), current_locale()
    sent = requests_in.read(request.form, request.files)
    if known := requests_sent.repeated(sent, client.account_id):
        return answer(form, requests.receipt(known.code, _said(requests_sent.REPEATED)))
    meant = requests_sent.understand(sent, by=client, city=snapshot.current(), locale=locale)
    kept = pictures.keep(sent.pictures, lambda data: _stored(data, client, at))
    code, repeated = requests_sent.receive(sent, meant, kept, by=client, locale=locale, at=at)
    db.session.commit()
    notices = (requests_sent.REPEATED,) if repeated else (*meant.notices, *kept.notices)
    return answer(form, requests.receipt(code, _said(*notices)))


@blueprint.get("/tokens/<string:token>.<string:form>")
@anyone
@limit("120 per minute", by=by_address)
def read_token(token: str, form: str) -> Response:
    """The id of the request that was sent under this `client_request_id`."""
    form, request_id = form_of(form), received.id_of_token(token)
    if request_id is None:
        raise NoSuchToken
    return answer(form, requests.of_token(token, request_id))


def _said(*notices: Both) -> str:
    return " ".join(in_words(one.vi, one) for one in notices)


def _stored(data: bytes, client: ApiCaller, at: datetime) -> UUID:
    """Loose, until the request is stored."""
    photo_id, zone = uuid4(), moments.zone_of(snapshot.current())
    photos.store_photo(photo_id, owner_id=client.account_id, data=data, at=at, zone=zone)
    db.session.commit()
    return photo_id
