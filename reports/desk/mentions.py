"""Officials who are named in an internal note (`@Nguyễn Văn An`), and hear of it: those alone who
may see the report. Names are known with and without diacritics; of two that fit, the longer.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.dialects.postgresql import insert

from app.auth.models import Account, AccountKind
from app.database import db
from notifications import outbox
from reports import announcements
from reports.assignments import joined_offices
from reports.city import snapshot
from reports.city.models import RoleGrant
from reports.city.snapshot import City
from reports.desk import office_accounts
from reports.desk.models import Mention
from reports.models import Note, Report
from reports.permissions import OFFICE_ROLES, Viewer, can_view_all_of
from reports.statuses import Role

SIGN = "@"


@dataclass(frozen=True, slots=True)
class Person:
    """An official who may be named: by which name, of which office."""

    account_id: UUID
    name: str
    office_id: int


@dataclass(frozen=True, slots=True)
class Named:
    """Where in a text somebody is named, the sign included; more than one who bear one name."""

    start: int
    end: int
    people: tuple[Person, ...]


def may_be_named(report: Report, *, at: datetime) -> list[Person]:
    """Officials of the offices at work on the report and of the centre, who may see it; by name."""
    city, joined = snapshot.current(), joined_offices(report.id)
    at_work = joined | ({report.office_id} if report.assigned_at else set())
    return [
        person
        for person, viewer in _officials(at_work, city, at)
        if can_view_all_of(viewer, report, joined, centre_id=city.centre.id)
    ]


def named_in(text: str, people: Collection[Person]) -> list[Named]:
    """Who of these is named, in order. `text` in NFC, as `plain` gives it."""
    folded, found, at = _folded(text), [], 0
    while (at := folded.find(SIGN, at)) >= 0:
        named = None if _is_within_a_word(folded, at) else _named_at(at, text, folded, people)
        if named:
            found.append(named)
        at = named.end if named else at + 1
    return found


def tell(note: Note, report: Report, *, at: datetime) -> None:
    """Keep who is named in a new note, and let them hear; not whoever wrote it. Flushes."""
    if SIGN not in note.text:
        return
    named = named_in(plain(note.text), may_be_named(report, at=at))
    accounts = {one.account_id for each in named for one in each.people} - {note.account_id}
    if not accounts:
        return
    rows = [{"note_id": note.id, "account_id": account_id} for account_id in sorted(accounts)]
    db.session.execute(insert(Mention).values(rows).on_conflict_do_nothing())
    outbox.tell(
        change_id=uuid5(note.id, "mentioned"),
        kind="mentioned",
        people=select(Mention.account_id).where(Mention.note_id == note.id),
        subject=f"report:{report.id}",
        payload=announcements.payload(report, snapshot.current()),
        at=at,
    )


def of_note(note_id: UUID) -> list[Person]:
    """Who was named in a note, under their present names."""
    rows = db.session.execute(
        select(Account.id, Account.name)
        .join(Mention, Mention.account_id == Account.id)
        .where(Mention.note_id == note_id, Account.name.is_not(None))
    )
    return [Person(account_id, name or "", 0) for account_id, name in rows]


def plain(text: str) -> str:
    """One sign a letter: what `named_in` counts in."""
    return unicodedata.normalize("NFC", text)


def _named_at(at: int, text: str, folded: str, people: Collection[Person]) -> Named | None:
    """The longest name that stands there; written with its diacritics, it fits better."""
    fitting = [one for one in people if _stands(_folded(plain(one.name)), folded, at + 1)]
    longest = max((len(plain(one.name)) for one in fitting), default=0)
    fitting = [one for one in fitting if len(plain(one.name)) == longest]
    end = at + 1 + longest
    exact = [one for one in fitting if plain(one.name).casefold() == text[at + 1 : end].casefold()]
    return Named(at, end, tuple(exact or fitting)) if fitting else None


def _stands(name: str, folded: str, at: int) -> bool:
    """Is this name there, and the word over with it?"""
    after = folded[at + len(name) : at + len(name) + 1]
    return bool(name) and folded.startswith(name, at) and not after.isalnum()


def _is_within_a_word(folded: str, at: int) -> bool:
    """As in an e-mail address."""
    return at > 0 and folded[at - 1].isalnum()


def _folded(text: str) -> str:
    """Small letters without diacritics, as many as there were."""
    return "".join(_bare(letter) for letter in text)


def _bare(letter: str) -> str:
    small = letter.lower()[:1]
    return "d" if small == "đ" else unicodedata.normalize("NFD", small)[:1]


def _officials(
    offices: Collection[int], city: City, at: datetime
) -> Iterator[tuple[Person, Viewer]]:
    """Whoever works in these offices or at the centre, with all that they hold."""
    mailed = [office_accounts.account_id_of(office) for office in offices]
    chosen: ColumnElement[bool] = or_(
        and_(RoleGrant.role.in_(OFFICE_ROLES), RoleGrant.office_id.in_(offices)),
        and_(RoleGrant.role == Role.HEAD, RoleGrant.office_id == city.centre.id),
        RoleGrant.role == Role.DISPATCHER,
    )
    found = db.session.execute(
        select(Account.id, Account.name, RoleGrant.office_id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(_valid(at), chosen, Account.disabled_at.is_(None), Account.id.not_in(mailed))
        .where(Account.kind == AccountKind.OFFICIAL)
        .order_by(Account.name, Account.id, RoleGrant.office_id)
    ).all()
    held = _held({row.id for row in found}, at)
    seen: set[UUID] = set()
    for account_id, name, office_id in found:
        if name and account_id not in seen:
            seen.add(account_id)
            yield Person(account_id, name, office_id), Viewer(account_id, held[account_id])


def _held(accounts: Collection[UUID], at: datetime) -> dict[UUID, frozenset[tuple[Role, int]]]:
    rows: Sequence[RoleGrant] = db.session.scalars(
        select(RoleGrant).where(RoleGrant.account_id.in_(accounts), _valid(at))
    ).all()
    held: defaultdict[UUID, set[tuple[Role, int]]] = defaultdict(set)
    for row in rows:
        held[row.account_id].add((Role(row.role), row.office_id))
    return {account_id: frozenset(roles) for account_id, roles in held.items()}


def _valid(at: datetime) -> ColumnElement[bool]:
    return and_(RoleGrant.since <= at, RoleGrant.until.is_(None) | (RoleGrant.until > at))
