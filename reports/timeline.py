"""A report's history as it may be read: officials see every step and word, the reporter what was
said to them, the public what happened and the office's replies. Pictures go with the words:
nobody has looked at a resident's before everybody does. Of a reply from which words were left out
only officials read all.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select, true

from app.database import db
from reports import presenting, vocabulary
from reports.cards import Plain
from reports.city import contacts
from reports.city.snapshot import City
from reports.desk.models import RedactedReply
from reports.models import Comment, Note, Report, StatusChange
from reports.presenting import View

#: Steps that the public reads of; the rest is the house's own business.
PUBLIC_STEPS = frozenset(
    {"submit", "accept", "start", "forward", "resolve", "confirm", "reopen"}
    | {"merge", "unmerge", "reject", "reconsider", "withdraw"}
)
#: … and whose words it reads: the office's replies.
PUBLIC_NOTES = frozenset({"resolve"})
#: Steps whose words are said to the reporter, or by them.
REPORTER_STEPS = PUBLIC_STEPS | {
    "ask",
    "answer",
    "resume",
    "grant_extension",
    "moved",
    "recomputed",
}
REPORTER_NOTES = frozenset(
    {"resolve", "ask", "answer", "reject", "reconsider", "reopen", "confirm", "withdraw"}
)


#: Steps after which everybody reads a report as before: whose desk it lies on, and who asked whom.
UNSEEN_STEPS = frozenset({"assign", "join", "unjoin", "ask_extension", "refuse_extension"})


def timeline(report: Report, view: View, city: City) -> list[Plain]:
    """Steps, comments and (for officials) notes, oldest first."""
    entries = [*_changes(report, view, city), *_comments(report, view, city)]
    if view.inside:
        entries += _notes(report, view, city)
    return sorted(entries, key=lambda entry: entry["at"])


def _changes(report: Report, view: View, city: City) -> list[Plain]:
    rows = db.session.scalars(
        select(StatusChange)
        .where(StatusChange.report_id == report.id)
        .order_by(StatusChange.version)
    ).all()
    told = [row for row in rows if tells_step(row.step, view)]
    heard = [row.id for row in told if tells_words(row.step, report, view, city)]
    photos, left = presenting.photos_by_change(heard), redacted_replies(report.id)
    return [
        _change(row, view, city, heard=row.id in heard, left=left.get(row.id))
        | {"photos": photos.get(row.id, [])}
        for row in told
    ]


def entry(change: StatusChange, report: Report, view: View, city: City) -> Plain | None:
    """One step as this viewer reads of it; None when they do not hear that it was taken."""
    if not tells_step(change.step, view):
        return None
    heard = tells_words(change.step, report, view, city)
    photos = presenting.photos_by_change([change.id]) if heard else {}
    left = redacted_replies(report.id).get(change.id)
    told = _change(change, view, city, heard=heard, left=left)
    return told | {"photos": photos.get(change.id, [])}


def redacted_replies(report_id: UUID) -> dict[UUID, str]:
    """What the public reads of those replies to this report from which words were left out."""
    query = (
        select(RedactedReply.change_id, RedactedReply.words)
        .join(StatusChange, StatusChange.id == RedactedReply.change_id)
        .where(StatusChange.report_id == report_id)
    )
    return {row.change_id: row.words for row in db.session.execute(query)}


def tells_step(step: str, view: View) -> bool:
    """Does the viewer hear that this step was taken?"""
    return view.inside or step in (REPORTER_STEPS if view.own else PUBLIC_STEPS)


def tells_words(step: str, report: Report, view: View, city: City) -> bool:
    """… and what was said and shown with it?"""
    told = tells_words_of(step, inside=view.inside, own=view.own)
    return told and (view.inside or not _is_between_others(report, view, city))


def tells_words_of(step: str, *, inside: bool, own: bool) -> bool:
    """Are the words of this step for officials, for the reporter, for everybody?"""
    return inside or step in (REPORTER_NOTES if own else PUBLIC_NOTES)


def words_told(note: str, left: str | None, city: City, *, inside: bool, own: bool) -> str:
    """Words as they are read: by officials whole, by the reporter without what was left out
    (`left` is the rest, None where nothing was), by everybody without people's numbers too."""
    said = note if inside or left is None else left
    return said if inside or own else contacts.mask_all_but_offices(said, city)


def _is_between_others(report: Report, view: View, city: City) -> bool:
    """A private matter is answered to its reporter alone, not to those merged into it."""
    return view.follows and city.categories_by_id[report.category_id].private


def _change(row: StatusChange, view: View, city: City, *, heard: bool, left: str | None) -> Plain:
    words = vocabulary.words_of_step(row.step, by=row.role)
    entry: Plain = {
        "id": row.id,
        "kind": "step",
        "step": row.step,
        "name": words[0] if view.locale == "vi" else words[1],
        "status": row.after,
        "at": row.at,
        "by": row.role,
        "office": presenting.office_name(city, row.office_id, view.locale)
        if row.office_id
        else None,
        "note": words_told(row.note, left, city, inside=view.inside, own=view.own) if heard else "",
    }
    if not view.inside:
        return entry
    public = {} if left is None else {"public_note": left}
    return entry | {"facts": _facts(row, view, city)} | public


def _facts(row: StatusChange, view: View, city: City) -> Plain:
    """Without whom it was about, and without the report that it was merged into, where that one is
    not theirs to see."""
    facts: Plain = {name: fact for name, fact in row.facts.items() if name != "accused"}
    if target := facts.get("target"):
        other = db.session.get(Report, UUID(target))
        if other is None or not presenting.sees_too(other, view, city):
            del facts["target"]
    return facts


def _comments(report: Report, view: View, city: City) -> list[Plain]:
    visible: ColumnElement[bool] = true()
    if not view.inside:
        visible = Comment.published_at.is_not(None) & Comment.hidden_at.is_(None)
    if _is_between_others(report, view, city):
        visible = false()
    mine = Comment.account_id == view.viewer.account_id
    rows = db.session.scalars(
        select(Comment).where(Comment.report_id == report.id, or_(visible, mine))
    )
    return [_comment(row, view, city) for row in rows]


def _comment(row: Comment, view: View, city: City) -> Plain:
    """An office speaks as an office, a resident under no name at all."""
    return {
        "id": row.id,
        "kind": "comment",
        "at": row.at,
        "office": presenting.office_name(city, row.office_id, view.locale)
        if row.office_id
        else None,
        "mine": row.account_id == view.viewer.account_id,
        "published": row.published_at is not None and row.hidden_at is None,
        "hidden": row.hidden_at is not None,
        "note": words_told(row.text, None, city, inside=view.inside, own=view.own),
    }


def _notes(report: Report, view: View, city: City) -> list[Plain]:
    rows = db.session.scalars(select(Note).where(Note.report_id == report.id))
    return [
        {
            "id": row.id,
            "kind": "note",
            "at": row.at,
            "office": presenting.office_name(city, row.office_id, view.locale)
            if row.office_id
            else None,
            "mine": row.account_id == view.viewer.account_id,
            "note": row.text,
        }
        for row in rows
    ]
