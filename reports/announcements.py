"""Who hears of a change, and what: the table of news, and the plain facts that a message is written
from. `audiences` says who the people are; `notifications` does the rest.

A person hears of one change once: where two audiences meet, the first line of the table wins.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from app.database import db
from notifications import outbox
from reports import codes
from reports.audiences import Audience, News, people
from reports.city.snapshot import City
from reports.city.values import Office
from reports.desk import office_accounts
from reports.models import Report, StatusChange
from reports.orders import Move
from reports.recurrence import HEAD_HEARS_AT
from reports.statuses import Role

A = Audience
#: What is told when a step is taken. Steps that are not here are nobody's news.
NEWS: dict[str, tuple[News, ...]] = {
    "accept": (News("accepted", A.REPORTERS), News("new_work", A.OFFICERS)),
    "reject": (News("rejected", A.REPORTERS),),
    "reconsider": (News("reconsidered", A.CENTRE),),
    "start": (News("started", A.REPORTERS),),
    "assign": (News("assigned", A.ASSIGNEE),),
    "ask": (News("asked", A.REPORTER),),
    "answer": (News("answered", A.ASKER),),
    "resume": (News("resumed", A.REPORTER),),
    "return": (News("returned", A.CENTRE),),
    "forward": (News("forwarded", A.REPORTERS), News("new_work", A.OFFICERS)),
    "join": (News("new_work", A.JOINED),),
    "ask_extension": (News("extension_asked", A.CENTRE),),
    "grant_extension": (News("extended", A.REPORTERS), News("extended", A.OFFICERS)),
    "refuse_extension": (News("extension_refused", A.OFFICERS),),
    "resolve": (News("resolved", A.REPORTERS),),
    "send_back": (News("sent_back", A.OFFICERS),),
    "confirm": (News("closed", A.REPORTERS), News("closed", A.OFFICERS)),
    "reopen": (News("reopened", A.REPORTERS), News("reopened", A.OFFICERS)),
    "merge": (News("merged", A.REPORTERS),),
    "unmerge": (News("unmerged", A.REPORTERS),),
    "withdraw": (News("withdrawn", A.OFFICERS),),
    "publish": (),
}
#: … and instead, where the centre takes it: it need not be told of its own act.
NEWS_FROM_THE_CENTRE: dict[str, tuple[News, ...]] = {
    "reconsider": (News("taken_up_again", A.REPORTERS),),
}
_SHOWS = frozenset({"accept", "publish"})  # steps that may publish: subscribers hear


def announce(change: StatusChange, move: Move) -> None:
    """Tell everybody concerned of a step, in the same transaction."""
    report = move.report
    for news in _news_of(change):
        tell(change.id, news, report, move.city, at=move.at, but=change.account_id, move=move)
    if change.step in _SHOWS and report.published_at == move.at:
        nearby = News("published_nearby", A.SUBSCRIBERS)
        tell(change.id, nearby, report, move.city, at=move.at, but=report.reporter_id)
    _tell_followers(change, move)
    if report.urgent and _may_be_new_to_the_roster(change):
        urgent_arrived(report, move.city, at=move.at)
    if change.step == "accept" and report.recurrence >= HEAD_HEARS_AT:
        remind(report, move.city, News("recurring", A.HEADS), at=move.at)


def _news_of(change: StatusChange) -> tuple[News, ...]:
    if change.role == Role.DISPATCHER and change.step in NEWS_FROM_THE_CENTRE:
        return NEWS_FROM_THE_CENTRE[change.step]
    return NEWS.get(change.step, ())


def _tell_followers(change: StatusChange, move: Move) -> None:
    """Whoever followed the merged report follows its lead now, and hears which."""
    for follower in move.followers:
        change_id = uuid5(change.id, str(follower.id))
        tell(change_id, News("merged", A.REPORTERS), follower, move.city, at=move.at)


def urgent_arrived(report: Report, city: City, *, at: datetime) -> None:
    """The duty roster hears at once, quiet hours or not."""
    change_id = uuid5(report.id, "urgent")
    tell(change_id, News("submitted_urgent", A.ON_DUTY), report, city, at=at)


def remind(report: Report, city: City, news: News, *, at: datetime) -> None:
    """News that no step made: a deadline near or missed. Told once for what it is about."""
    about = _ABOUT.get(news.kind, "due_at")
    change_id = uuid5(report.id, f"{news.kind}:{getattr(report, about)}")
    tell(change_id, news, report, city, at=at)


def _may_be_new_to_the_roster(change: StatusChange) -> bool:
    """Urgent now, or with another office's roster; who heard already does not hear again."""
    return change.step in {"accept", "forward"} or "urgent" in change.facts


def tell(
    change_id: UUID,
    news: News,
    report: Report,
    city: City,
    *,
    at: datetime,
    but: UUID | None = None,
    move: Move | None = None,
) -> None:
    if outbox.is_silent():
        return  # before it is worked out who would have heard
    office = city.office(move.order.office) if move and move.order.office else None
    _ready_those_without_accounts(news.to, report, office, city, at)
    concerned = people(news.to, report, city, at, named_office=office.id if office else None)
    if but is not None:
        concerned = concerned.where(concerned.selected_columns[0] != but)
    outbox.tell(
        change_id=change_id,
        kind=news.kind,
        people=concerned,
        subject=f"report:{report.id}",
        payload=payload(report, city) | _besides(news.kind, report, city, move),
        urgent=report.urgent and news.to in _WOKEN,
        at=at,
    )


def _ready_those_without_accounts(
    to: Audience, report: Report, named: Office | None, city: City, at: datetime
) -> None:
    """An office that nobody signs in for hears by mail, through an account of its own."""
    if to in {A.OFFICERS, A.HEADS}:
        office_accounts.ready(city.offices_by_id[report.office_id], at=at)
    elif to is A.JOINED and named:
        office_accounts.ready(named, at=at)


#: What a reminder is about, where it is not the office's deadline.
_ABOUT = {"centre_late": "centre_due_at", "escalated": "assigned_at", "recurring": "accepted_at"}
_WOKEN = frozenset({A.ON_DUTY, A.OFFICERS, A.CENTRE_HEADS, A.HEADS})


def _besides(kind: str, report: Report, city: City, move: Move | None) -> dict[str, Any]:
    """What one kind of news tells besides."""
    if kind == "returned" and move and move.office_before:
        # By now the centre leads: the news is who handed it back, and by when the centre chooses.
        return {
            "office_vi": move.office_before.name_vi,
            "office_en": move.office_before.name_en,
            "due_at": _iso(report.centre_due_at),
        }
    if kind == "merged" and report.lead_id:
        lead = db.session.get_one(Report, report.lead_id)
        private = city.categories_by_id[lead.category_id].private
        return {"lead_code": None if private else codes.spoken(lead.code)}
    if kind == "extension_asked":
        return {"until_at": _iso(report.extension_until)}
    return {"reason": report.rejection} if kind == "rejected" else {}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def payload(report: Report, city: City) -> dict[str, Any]:
    """The plain facts that a message is written from: nothing personal, no free text."""
    category = city.categories_by_id[report.category_id]
    office = city.offices_by_id[report.office_id]
    area = city.area_by_id[report.area_id]
    return {
        "report_id": str(report.id),
        "code": codes.spoken(report.code),
        "private": category.private,
        "category_vi": category.name_vi,
        "category_en": category.name_en,
        "office_vi": office.name_vi,
        "office_en": office.name_en,
        "area_vi": area.name_vi,
        "area_en": area.name_en,
        "status": str(report.status),
        "outcome": report.outcome and str(report.outcome),
        "urgent": report.urgent,
        "due_at": _iso(report.due_at),
        "planned_for": _iso(report.planned_for),
        "recurrence": report.recurrence,
        "timezone": city.profile.timezone,
    }
