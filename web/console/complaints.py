"""Complaints about what is published: read beside what they are about, upheld or refused with an
answer.
"""

from typing import Any
from uuid import UUID

from flask import Response, request
from sqlalchemy import Row

from app import problems
from app.auth.guards import requires
from app.auth.models import Account
from app.clock import now
from app.database import db
from app.errors import NotFound, XomError
from app.limits import by_account, limit
from app.locale import current_locale, in_words
from app.text import normalise
from reports import codes, complaints, looking, presenting
from reports.city import snapshot
from reports.desk.models import Complaint
from reports.models import Comment, Photo, Report
from reports.permissions import Permission
from web.console.blueprint import blueprint
from web.console.drawing import go, me, page
from web.console.places import address_of
from web.console.wrong import wrong_in

_SAID = {
    "put_back": (
        "Đã thôi che. Lời báo vẫn chờ quyết định.",
        "Nothing is redacted for it now. The complaint still waits.",
    ),
    "hide": ("Đã ẩn, và báo cho người đã gửi lời báo.", "Hidden; whoever complained was told."),
    "refuse": ("Đã trả lời người đã báo.", "Whoever complained was answered."),
}


@blueprint.get("/complaints")
@requires(Permission.CENTRE)
def list_complaints() -> Response:
    """What nobody has decided yet, oldest first."""
    return _list()


@blueprint.post("/complaints/<uuid:complaint_id>/<any(hide, redact, put_back, refuse):act>")
@requires(Permission.CENTRE)
@limit("600 per hour", by=by_account)
def decide(complaint_id: UUID, act: str) -> Response:
    """Hide it, or leave it, each with an answer; go and redact a part, or think better of it."""
    about = _about(complaint_id)
    viewer, at = me(), now()
    answer = normalise(request.form.get("answer", "")).strip()
    try:
        if act == "hide":
            complaints.hide(complaint_id, answer, by=viewer, locale=current_locale(), at=at)
        elif act == "redact":
            complaints.begin_redaction(complaint_id, answer, by=viewer, at=at)
        elif act == "put_back":
            complaints.put_back(complaint_id)
        else:
            complaints.refuse(complaint_id, answer, by=viewer, at=at)
        db.session.commit()
    except XomError as error:
        db.session.rollback()
        sentence = " ".join(wrong_in(error, ()).values())
        response = _list({"at": complaint_id, "typed": answer, "sentence": sentence})
        response.status_code = problems.kind_of(type(error))[0]
        return response
    if act == "redact":
        return _to("console.redact", code=about)
    return _to("console.list_complaints", said=act)


def _about(complaint_id: UUID) -> str:
    """The code of the report that it is about, if that is this dispatcher's to steer."""
    complaint = db.session.get(Complaint, complaint_id)
    if complaint is None:
        raise NotFound
    shown, _ = looking.inside(str(complaint.report_id), me(), current_locale())
    return codes.spoken(shown.code)


def _list(wrong: dict[str, Any] | None = None) -> Response:
    said = _SAID.get(request.args.get("said", ""))
    return page(
        "console/complaints.html",
        waiting=[_told(row) for row in complaints.waiting(me())],
        said=in_words(*said) if said else None,
        wrong=wrong or {},
    )


def _told(row: Row[Complaint, Report]) -> dict[str, Any]:
    complaint, about = row
    comment = db.session.get(Comment, complaint.comment_id) if complaint.comment_id else None
    photo = db.session.get(Photo, complaint.photo_id) if complaint.photo_id else None
    begun_by = db.session.get(Account, complaint.begun_by) if complaint.begun_by else None
    category = presenting.category_name(snapshot.current(), about.category_id, current_locale())
    return {
        "id": complaint.id,
        "text": complaint.text,
        "at": complaint.at,
        "pseudonym": presenting.pseudonym(complaint.account_id),
        "code": codes.spoken(about.code),
        "words": about.public_description,
        "category": category["name"],
        "shown": about.shown,
        "comment": comment.text if comment else None,
        "photo": presenting.photo_out(photo) if photo else None,
        "begun_at": complaint.begun_at,
        "begun_by": begun_by.name if begun_by else None,
        "draft": complaint.draft,
    }


def _to(endpoint: str, **values: str) -> Response:
    return go(address_of(endpoint, {}, **values))
