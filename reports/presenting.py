"""How a report looks from where somebody stands: the public, its reporter, an official.

One function a view, from a report to plain values. Names come from the city in memory. How it looks
in a list: `cards`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, exists, literal_column, select

from app.auth.models import Account
from app.database import db
from reports import codes, vocabulary, workflow
from reports.assignments import joined_offices, present
from reports.cards import Plain, card
from reports.city.naming import Named
from reports.city.snapshot import City
from reports.merging import merged_here
from reports.models import Assignment, Photo, Rating, Report, StatusChange, Support
from reports.permissions import Viewer, can_view_all_of
from reports.photos import photo_urls
from reports.statuses import Outcome, Role, Step

WITHHELD = frozenset({"description", "photos", "lat", "lng"})  # from those who only follow


@dataclass(frozen=True, slots=True)
class View:
    """From where a report is looked at, and in which language."""

    viewer: Viewer
    inside: bool  # as an official who works on it or steers it
    own: bool  # as the reporter
    locale: str
    #: Only as whoever sent a report merged into this one, which is not shown to the public: they
    #: hear how it goes on, and read nobody else's words.
    follows: bool = False

    @property
    def unmasked(self) -> bool:
        return self.inside or self.own


def view_of(report: Report, viewer: Viewer, city: City, locale: str) -> View | None:
    """How this viewer sees the report, or None when for them it is not there."""
    own = viewer.account_id == report.reporter_id
    inside = viewer.is_official and can_view_all_of(
        viewer, report, joined_offices(report.id), centre_id=city.centre.id
    )
    if own or inside or report.shown:
        return View(viewer, inside, own, locale)
    follows = viewer.account_id is not None and merged_here(report, viewer)
    return View(viewer, inside, own, locale, follows=True) if follows else None


def whole(
    report: Report,
    view: View,
    city: City,
    at: datetime,
    *,
    photos: list[Plain] | None = None,
    said: Plain | None = None,
) -> Plain:
    """A report by itself, with what this viewer may do now; `photos` and `said` (what this viewer
    said of it) where they are known."""
    shown = card(report, city, view.locale, inside=view.unmasked)
    shown |= {
        "status_name": vocabulary.status_name(report.status, view.locale, inside=view.inside),
        "photos": photos_of(report_id=report.id) if photos is None else photos,
        "accepted_at": report.accepted_at,
        "published_at": report.published_at,
        "planned_for": report.planned_for,
        "rejection": report.rejection,
        "reopened": report.reopened,
        "recurrence": report.recurrence,
        "lead": _lead(report, view, city),
        "steps": [step_out(step, report, city, view) for step in _steps(report, view, at)],
    }
    if view.viewer.account_id is not None:
        shown |= said or _said_by(view.viewer.account_id, report.id)
    if view.follows:
        return {name: value for name, value in shown.items() if name not in WITHHELD}
    if view.unmasked:
        shown |= _private_side(report, view, city)
    if view.inside:
        shown |= _inner_side(report, view, city)
    return shown


NOTHING_SAID: Plain = {"my_rating": None, "supported": False}


def _said_by(account_id: UUID, report_id: UUID) -> Plain:
    """What somebody themselves said of a report: told to them alone."""
    rating = and_(Rating.report_id == report_id, Rating.account_id == account_id)
    follows = exists().where(Support.report_id == report_id, Support.account_id == account_id)
    one = select(literal_column("1")).subquery()
    query = select(Rating.stars, Rating.comment, follows).select_from(one)
    stars, comment, supported = db.session.execute(query.outerjoin(Rating, rating)).one()
    rated = None if stars is None else {"stars": stars, "comment": comment}
    return {"my_rating": rated, "supported": supported}


def _private_side(report: Report, view: View, city: City) -> Plain:
    """What the reporter and the officials see, and the public does not."""
    return {
        "place_note": report.place_note,
        "answers": report.answers,
        "identity": report.identity,
        "captured_at": report.captured_at,
        "consent": report.consent,
        "published": report.shown,
        "mine": view.own,
    }


def _inner_side(report: Report, view: View, city: City) -> Plain:
    """What officials see: clocks, counts, and why it is where it is."""
    rows = present(report.id)
    return {
        "centre_due_at": report.centre_due_at,
        "waiting_since": report.waiting_since,
        "extension_until": report.extension_until,
        "asked": report.asked,
        "returned": report.returned,
        "held_back": report.held_back,
        "hidden": report.hidden,
        "outside_m": report.outside_m,
        "reporter": pseudonym(report.reporter_id),
        "assignee": _person(report.assignee_id),
        "assignments": [_assignment(row, city, view.locale) for row in rows],
        "recurs_from": report.recurs_from_id,
        "public_description": report.public_description,
    }


def _person(account_id: UUID | None) -> Plain | None:
    """An official by name, to officials alone."""
    account = db.session.get(Account, account_id) if account_id else None
    return {"id": account.id, "name": account.name or ""} if account else None


def _assignment(row: Assignment, city: City, locale: str) -> Plain:
    rule = city.rules_by_id.get(row.rule_id) if row.rule_id else None
    return {
        "office": office_name(city, row.office_id, locale),
        "part": row.part,
        "rule": rule.code if rule else None,
        "area": area_name(city, row.area_id, locale) if row.area_id else None,
        "reason": row.reason_vi if locale == "vi" else row.reason_en,
        "since": row.since,
    }


def _lead(report: Report, view: View, city: City) -> Plain | None:
    """The report that a merged one follows, by its public side."""
    if report.lead_id is None:
        return None
    lead = db.session.get_one(Report, report.lead_id)
    if not (view.own or sees_too(lead, view, city)):
        return None
    return {
        "id": lead.id,
        "code": codes.spoken(lead.code),
        "status": lead.status,
        "due_at": lead.due_at,
        "office": office_name(city, lead.office_id, view.locale),
    }


def sees_too(other: Report, view: View, city: City) -> bool:
    """Is another report there for this viewer? One that is about their own office is not."""
    return other.shown or (
        view.inside
        and can_view_all_of(view.viewer, other, joined_offices(other.id), centre_id=city.centre.id)
    )


def _steps(report: Report, view: View, at: datetime) -> Sequence[Step]:
    if view.viewer.account_id is None:
        return ()
    return workflow.allowed_steps(report, by=view.viewer, at=at)


def step_out(step: Step, report: Report, city: City, view: View) -> Plain:
    """A step that may be taken now: its name, and what it needs and takes."""
    by = Role.DISPATCHER if view.inside and not view.own else Role.REPORTER
    told: Plain = {
        "step": step.name,
        "name": _words(vocabulary.words_of_step(step.name, by=by), view.locale),
        "needs": list(step.needs),
        "takes": list(step.takes),
    }
    if step.name == "resolve":
        evidence = city.categories_by_id[report.category_id].evidence
        told["needs_by_outcome"] = {
            Outcome.PLANNED.value: ["planned_for"],
            **({Outcome.FIXED.value: ["photos"]} if evidence else {}),
        }
    return told


def change_out(change: StatusChange, city: City, locale: str) -> Plain:
    """What a step left behind, as answered to whoever took it."""
    return {
        "id": change.id,
        "step": change.step,
        "name": _words(vocabulary.words_of_step(change.step, by=change.role), locale),
        "before": change.before,
        "after": change.after,
        "at": change.at,
        "version": change.version,
    }


def photos_of(*, report_id: UUID | None = None, change_id: UUID | None = None) -> list[Plain]:
    where = Photo.report_id == report_id if report_id else Photo.change_id == change_id
    rows = db.session.scalars(select(Photo).where(where).order_by(Photo.position))
    return [photo_out(photo) for photo in rows]


def photos_by_change(change_ids: Iterable[UUID]) -> Mapping[UUID, list[Plain]]:
    """The photos of many steps at once."""
    rows = db.session.scalars(
        select(Photo).where(Photo.change_id.in_(list(change_ids))).order_by(Photo.position)
    )
    by_change: dict[UUID, list[Plain]] = {}
    for photo in rows:
        if photo.change_id is not None:
            by_change.setdefault(photo.change_id, []).append(photo_out(photo))
    return by_change


def photo_out(photo: Photo) -> Plain:
    return {
        "id": photo.id,
        "width": photo.width,
        "height": photo.height,
        "thumbhash": photo.thumbhash.hex(),
        **photo_urls(photo),
    }


def pseudonym(account_id: UUID) -> str:
    """What officials call a reporter: the same person, the same word, and nobody's name."""
    return f"NPA-{account_id.hex[-6:].upper()}"


def category_name(city: City, category_id: int, locale: str) -> Named:
    return city.names[locale].categories[category_id]


def area_name(city: City, area_id: int, locale: str) -> Named:
    return city.names[locale].areas[area_id]


def office_name(city: City, office_id: int, locale: str) -> Named:
    return city.names[locale].offices[office_id]


def _words(words: vocabulary.Words, locale: str) -> str:
    return words[0] if locale == "vi" else words[1]
