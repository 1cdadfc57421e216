"""An update that a client sends, taken as what it means here: POST servicerequestupdates.

`updates_meaning` says what it means: steps, which `workflow.move` takes or refuses, or words. Words
are a comment: an office's is read at once, those of others wait for a person.

A client's `update_id` is an id for good: what it was used for is answered again, and something else
under it is refused.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import exists, select

from app import audit
from app.database import db
from reports import presenting, queries, voices, workflow
from reports.city import snapshot
from reports.errors import CannotMerge, NoSuchReport, SameIdOtherStep
from reports.models import Comment, Photo, Report, StatusChange
from reports.open311 import received
from reports.open311.updates_meaning import (
    BEGINNING,
    OUTCOMES,
    SentUpdate,
    Way,
    in_its_place,
    sent_it,
    way_of,
)
from reports.orders import StepOrder
from reports.permissions import Viewer
from reports.statuses import STEPS

TAKE_PHOTOS = frozenset(step.name for step in STEPS.values() if "photos" in step.takes)


def id_of(client_id: UUID, update_id: str) -> UUID:
    """What an update is known by here: nobody else's can be named with it."""
    return uuid5(client_id, f"open311-update:{update_id}")


@dataclass(frozen=True, slots=True)
class PhotosFor:
    """Whose photos become those that came with an update, and for which step of which report."""

    owner_id: UUID
    step: str
    report: Report


def is_known(update: SentUpdate) -> bool:
    """Was an update taken before under this id? Its pictures are then kept already, or never."""
    kinds = StatusChange, Comment
    return any(db.session.get(kind, update.id) is not None for kind in kinds)


def has_moved(update: SentUpdate) -> bool:
    """Did what was taken as this update change where its report stands? Else it is words alone."""
    ids = [update.id, *(uuid5(update.id, step) for step in BEGINNING)]
    moved = exists().where(StatusChange.id.in_(ids))
    return bool(db.session.scalar(select(moved)))


def photos_for(update: SentUpdate, *, by: Viewer) -> PhotosFor | None:
    """Asked before a picture is looked at: None where what the update means takes none."""
    report = queries.find(update.request_id)
    if report is None:
        return None
    way = way_of(update, report, by)
    step = next((one for one in way.steps if one in TAKE_PHOTOS), None)
    owner = way.by.account_id
    return PhotosFor(owner, step, report) if step and owner else None


def take(update: SentUpdate, *, by: Viewer, locale: str, at: datetime) -> UUID:
    """Do what the update means; the id by which it is told from others from now on. Flushes.

    Raises NoSuchReport, SameIdOtherStep, DuplicateOfWhat, or what the step's own rule says.
    """
    received.lock(update.id)  # the same id at once, for this report or for another
    report = _locked(update)
    if _is_known(update, report, by):
        return update.id
    seen = presenting.view_of(report, by, snapshot.current(), locale) is not None
    if not seen and not sent_it(report, by):
        raise NoSuchReport
    way = way_of(update, report, by)
    for step in way.steps:
        order = _order(update, step, last=step == way.steps[-1])
        workflow.move(report, order, by=way.by, at=at)
    if not way.speaks:
        voices.comment(report, update.id, update.words, by=by, at=at)
    _keep_on_record(report, way, by, at)
    return update.id


def _keep_on_record(report: Report, way: Way, by: Viewer, at: datetime) -> None:
    """Where a client stands in for a reporter, its history names the reporter: this tells who."""
    if way.steps and way.by is not by:
        subject, step = f"report:{report.id}", way.steps[-1]
        audit.record(
            "report.step_for",  # `received` finds it again by this word
            subject=subject,
            actor_id=by.account_id,
            reason=step,
            at=at,
        )


def _locked(update: SentUpdate) -> Report:
    """The report with its row locked, and the one that it is a duplicate of."""
    found = queries.find(update.request_id)
    other = queries.find(update.duplicate_of) if update.duplicate_of else None
    report = workflow.locked(found.id, *([other.id] if other else [])) if found else None
    if report is None:
        raise NoSuchReport
    return report


# Repeats ---------------------------------------------------------------------------------------


def _is_known(update: SentUpdate, report: Report, by: Viewer) -> bool:
    """Was this very update taken before? Raises SameIdOtherStep when its id said something else."""
    change = db.session.get(StatusChange, update.id)
    if change is not None:
        order = _order(update, change.step, last=True, photos=_photos_of(change))
        taker = by if change.account_id == by.account_id else in_its_place(report, by)
        return workflow.repeated(order, report.id, taker) is not None
    said = db.session.get(Comment, update.id)
    if said is not None:
        if said.report_id != report.id:
            raise SameIdOtherStep
        voices.comment(report, update.id, update.words, by=by, at=said.at)
    return said is not None


def _photos_of(change: StatusChange) -> tuple[UUID, ...]:
    query = select(Photo.id).where(Photo.change_id == change.id).order_by(Photo.position)
    return tuple(db.session.scalars(query))


def _order(
    update: SentUpdate, step: str, *, last: bool, photos: tuple[UUID, ...] | None = None
) -> StepOrder:
    """The step as an order; the last one that speaks has the update's own id and all it said."""
    if step in BEGINNING or not last:
        words = update.words if "note" in STEPS[step].needs else ""
        return StepOrder(id=uuid5(update.id, step), step=step, note=words)
    other = queries.find(update.duplicate_of or "") if step == "merge" else None
    if step == "merge" and other is None:
        raise CannotMerge  # as of one that the client may not see
    resolves = step == "resolve"
    kept = update.photos if photos is None else photos
    return StepOrder(
        id=update.id,
        step=step,
        note=update.words,
        outcome=OUTCOMES.get(update.told) if resolves else None,
        planned_for=update.planned_for if resolves else None,
        photos=kept if step in TAKE_PHOTOS else (),
        target=other.id if other else None,
    )
