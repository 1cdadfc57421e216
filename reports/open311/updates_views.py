"""servicerequestupdates over HTTP, as FixMyStreet asks for it and sends it (docs/open311.md)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid5

from flask import Blueprint, Response, request

from app.auth import api_keys
from app.auth.api_keys import ApiCaller
from app.auth.guards import anyone, caller, needs_scope
from app.auth.scopes import Scope
from app.clock import now
from app.database import db
from app.http import body_up_to
from app.limits import by_address, limit
from app.locale import current_locale, in_words
from reports import codes, covers, evidence, photos
from reports.city import snapshot
from reports.errors import EvidenceMissing
from reports.open311 import (
    discovery,
    forms,
    keys,
    moments,
    pictures,
    requests,
    updates,
    updates_in,
    updates_sent,
)
from reports.open311.answering import answer, form_of, public
from reports.open311.asked import one
from reports.open311.documents import Document, Plain
from reports.open311.pictures import Kept
from reports.open311.updates import Update
from reports.open311.updates_meaning import SentUpdate, Told
from reports.open311.updates_sent import PhotosFor
from reports.permissions import NOBODY, Viewer, viewer_of

#: Of an update whose status nobody here took a step for: it may be for others to take, or not yet.
NOT_MOVED = (
    "Trạng thái của phản ánh không đổi; lời gửi kèm được ghi lại thành bình luận.",
    "The status of the request stays as it is; the words are kept as a comment.",
)

blueprint = Blueprint("open311_updates", __name__, url_prefix=discovery.PATH)


@blueprint.get("/servicerequestupdates.<string:form>")
@anyone
@needs_scope(Scope.UPDATES_READ)  # in the header; in the address it is looked at below
@limit("60 per minute", by=by_address)
def list_updates(form: str) -> Response:
    """What has become of requests, oldest first: of everybody's, and with a key of one's own."""
    form, city, at = form_of(form), snapshot.current(), now()
    reader = _reader(at)
    asked = updates_in.span(request.args, moments.zone_of(city), at=at)
    found = updates.read(*asked.span, viewer=reader, city=city, newest=asked.newest)
    told = Document("service_request_updates", _told(found))
    return public(form, told, version=city.version) if reader is NOBODY else answer(form, told)


@blueprint.post("/servicerequestupdates.<string:form>")
@anyone  # who has a key of this scope
@body_up_to(forms.MOST_BYTES)
def send_update(form: str) -> Response:
    """How work goes on, or what is said of it. The same update again is answered alike."""
    form, at = form_of(form), now()
    forms.require_form()
    client, zone = keys.client(Scope.UPDATES_WRITE), moments.zone_of(snapshot.current())
    update = updates_in.read(request.form, client_id=client.account_id, zone=zone)
    by = viewer_of(client, at)
    kept = _pictures(update, by=by, at=at)
    update = replace(update, photos=kept.ids)
    try:
        taken = updates_sent.take(update, by=by, locale=current_locale(), at=at)
    except EvidenceMissing as fault:
        raise kept.with_notices(fault) from None
    words_alone = update.told is not Told.UNCHANGED and not updates_sent.has_moved(update)
    db.session.commit()
    return answer(form, _receipt(taken, kept, words_alone=words_alone))


def _receipt(taken: UUID, kept: Kept, *, words_alone: bool) -> Document:
    """A client that believes that a request has moved on is told when it has not."""
    told, notices = {"update_id": str(taken)}, [in_words(one.vi, one) for one in kept.notices]
    if words_alone:
        notices.insert(0, in_words(*NOT_MOVED))
    if notices:  # a key of requests' answers: those of updates have none for it
        told["service_notice"] = " ".join(notices)
    return Document("service_request_updates", [told])


def _pictures(update: SentUpdate, *, by: Viewer, at: datetime) -> Kept:
    """Those of an update taken in, one by one and with no transaction open, where a step takes
    them. Their ids follow from what they are: again is the same."""
    sent = pictures.read(request.form, request.files)
    if not sent or updates_sent.is_known(update):
        return Kept()
    meant = updates_sent.photos_for(update, by=by)
    db.session.commit()
    if meant is None:
        return pictures.UNWANTED
    sent.require_few()
    return pictures.keep(sent, lambda data: _stored(data, update, meant, at))


def _stored(data: bytes, update: SentUpdate, meant: PhotosFor, at: datetime) -> UUID:
    photo_id, zone = uuid5(update.id, sha256(data).hexdigest()), moments.zone_of(snapshot.current())
    stored = photos.store_photo(photo_id, owner_id=meant.owner_id, data=data, at=at, zone=zone)
    if meant.step == "resolve":
        evidence.keep(stored, meant.report)
    db.session.commit()
    return photo_id


def _reader(at: datetime) -> Viewer:
    """Whom an answer is for: with a key of that scope its client, else nobody in particular."""
    key = one(request.args, "api_key")
    sent = api_keys.admit(key, Scope.UPDATES_READ, at=at) if key else caller()
    entered = isinstance(sent, ApiCaller) and sent.entered_by is not None
    return viewer_of(sent, at) if entered else NOBODY


def _told(found: Sequence[Update]) -> list[Plain]:
    zone = moments.zone_of(snapshot.current())
    return [
        {
            "update_id": str(update.id),
            "service_request_id": codes.spoken(update.code),
            "status": update.status,
            "updated_datetime": moments.written(update.at, zone),
            "description": update.words,
            "media_url": _picture(update),
            "external_status_code": update.detail or None,
        }
        for update in found
    ]


def _picture(update: Update) -> str | None:
    """The first one: a document has one place for it."""
    if not update.photos:
        return None
    return requests.picture(covers.addresses(update.photos[0])["large"])
