"""Putting a photo, taking a loose one back, showing one to whoever may see what it belongs to."""

from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, request

from app.auth.guards import anyone, caller, current, signed_in
from app.clock import now
from app.database import db
from app.http import body_up_to, json_answer
from app.limits import by_account, by_address, limit
from app.locale import current_locale
from app.openapi import Blueprint
from reports import looking, photos, presenting
from reports.api import schemas
from reports.city import snapshot
from reports.models import Photo
from reports.permissions import NOBODY, viewer_of

blueprint = Blueprint("photos", __name__, url_prefix="/api/v1", description="Pictures")
MOST_BYTES = 64 * 1024 * 1024
PICTURE = {
    "required": True,
    "content": {"image/*": {"schema": {"type": "string", "format": "binary"}}},
}


@blueprint.put("/photos/<uuid:photo_id>")
@signed_in
@limit("120 per hour", by=by_account)
@limit("4000 per hour", by=by_address)  # four for each report that may come from there
@body_up_to(MOST_BYTES)
@blueprint.doc(requestBody=PICTURE)
@blueprint.response(201, schemas.PutPhotoOut)
@blueprint.alt_response(200, schema=schemas.PutPhotoOut, description="It was here already")
@blueprint.problems(409, 413, 415, 422, 503, 507)
def put_photo(photo_id: UUID) -> Response:
    """Put the bytes of a picture. Again: 200. Other bytes under the same id: 409.

    Place and time from the picture are answered, to propose the pin, and kept nowhere.
    """
    stored = photos.store_photo(
        photo_id,
        owner_id=current().account_id,
        data=request.get_data(cache=False),
        at=now(),
        zone=ZoneInfo(snapshot.current().profile.timezone),
    )
    db.session.commit()
    body = presenting.photo_out(stored.photo) | {
        "taken_at": stored.taken_at,
        "lat": stored.lat,
        "lng": stored.lng,
    }
    return json_answer(body, 201 if stored.created else 200)


@blueprint.delete("/photos/<uuid:photo_id>")
@signed_in
@limit("120 per hour", by=by_account)
@blueprint.response(204)
@blueprint.problems(409)
def take_back(photo_id: UUID) -> None:
    """Take back a picture that nothing was made of yet; again is the same."""
    photos.take_back(photo_id, owner_id=current().account_id)
    db.session.commit()


@blueprint.get("/photos/<uuid:photo_id>.jpg")
@anyone
@blueprint.response(200, content_type="image/jpeg")
@blueprint.problems(404)
def large(photo_id: UUID) -> Response:
    """The picture, 1600 px at most."""
    return _picture(_visible(photo_id), small=False)


@blueprint.get("/photos/<uuid:photo_id>-400.jpg")
@anyone
@blueprint.response(200, content_type="image/jpeg")
@blueprint.problems(404)
def small(photo_id: UUID) -> Response:
    """The picture, 400 px at most."""
    return _picture(_visible(photo_id), small=True)


def _visible(photo_id: UUID) -> Photo:
    return looking.visible_photo(photo_id, viewer_of(caller(), now()), current_locale())


def _is_public(photo: Photo) -> bool:
    """Does it show to whoever comes without a token?"""
    return caller() is None or looking.sees_photo(photo, NOBODY, current_locale())


def _picture(photo: Photo, *, small: bool) -> Response:
    """What was published may be hidden again, so that no shared cache keeps a copy; and a phone
    keeps none of what its next user may not see. Pages of other sites show what everybody may."""
    data, is_public = photos.read(photo, small=small), _is_public(photo)
    # Of the stored file: the original's own hash would tell which picture was sent.
    tag = sha256(f"{photo.key}:{'small' if small else 'large'}".encode()).hexdigest()
    response = Response(data, mimetype="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=3600" if is_public else "no-store"
    if is_public:
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.vary.add("Authorization")
    response.set_etag(tag[:32])
    response.make_conditional(request)
    return response
