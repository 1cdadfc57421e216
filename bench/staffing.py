"""The people of a benchmark's city: 160 offices, an officer and a head in each, three dispatchers,
a leader; and the tokens with which the measured requests sign in.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import cycle, islice
from uuid import UUID, uuid5

from sqlalchemy import insert, select, update

from app.auth import tokens
from app.auth.accounts import SYSTEM_ACCOUNT_ID
from app.auth.models import Account, AccountKind
from app.clock import now
from app.database import db
from bench.generate import TEAM
from bench.rows import Officials
from reports.city import snapshot
from reports.city.models import CityProfile, Office, OfficeKind, RoleGrant
from reports.models import Report
from reports.statuses import Role

OFFICES = 160
DISPATCHERS = 3
SINCE = datetime(2022, 1, 1, tzinfo=UTC)
_OURS = UUID("5e0a5e0a-0000-4000-8000-000000000000")


def add_teams() -> None:
    """Teams below the departments, utilities and committees, until there are 160 offices."""
    city = snapshot.current()
    parents = [one for one in city.office_by_code.values() if one.id != city.centre.id]
    missing = max(0, OFFICES - len(city.office_by_code))
    for number, parent in enumerate(islice(cycle(parents), missing), 1):
        db.session.add(
            Office(
                code=f"{TEAM}{number:03d}",
                name_vi=f"Tổ {number} – {parent.name_vi}"[:160],
                name_en=f"Team {number} – {parent.name_en}"[:160],
                kind=OfficeKind.DEPARTMENT,
                parent_code=parent.code,
                valid_from=parent.valid_from,
            )
        )
    profile = db.session.scalars(select(CityProfile)).one()
    profile.version += 1


def add_officials() -> Officials:
    """Everybody who takes steps, with their roles."""
    city = snapshot.current()
    posts = [(Role.DISPATCHER, city.centre.id, n) for n in range(DISPATCHERS)]
    posts += [(Role.LEADER, city.centre.id, 0)]
    posts += [(role, office, 0) for office in city.offices_by_id for role in _AT_AN_OFFICE]
    db.session.execute(insert(Account), [_account(*post) for post in posts])
    db.session.execute(insert(RoleGrant), [_grant(*post) for post in posts])
    return Officials(
        system=SYSTEM_ACCOUNT_ID.hex,
        dispatcher=official_id(Role.DISPATCHER, city.centre.id).hex,
        officer_of={one: official_id(Role.OFFICER, one).hex for one in city.offices_by_id},
    )


_AT_AN_OFFICE = (Role.OFFICER, Role.HEAD)


def official_id(role: Role, office_id: int, number: int = 0) -> UUID:
    return uuid5(_OURS, f"{role}:{office_id}:{number}")


def _account(role: Role, office_id: int, number: int) -> dict[str, object]:
    return {
        "id": official_id(role, office_id, number),
        "kind": AccountKind.OFFICIAL,
        "locale": "vi",
        "email": f"{role}-{office_id}-{number}@bench.invalid",
        "name": f"{role} {office_id}",
        "created_at": SINCE,
    }


def _grant(role: Role, office_id: int, number: int) -> dict[str, object]:
    account_id = official_id(role, office_id, number)
    return {"account_id": account_id, "office_id": office_id, "role": role, "since": SINCE}


def accused_leader(reports: Sequence[UUID]) -> UUID:
    """A leader who works for an office that these reports are about, and so counts none of them.
    The same one at every run. Flushes."""
    office_id = max(snapshot.current().offices_by_id)
    account_id = official_id(Role.LEADER, office_id)
    if db.session.get(Account, account_id) is None:
        db.session.execute(insert(Account), [_account(Role.LEADER, office_id, 0)])
        db.session.execute(insert(RoleGrant), [_grant(Role.LEADER, office_id, 0)])
    db.session.execute(
        update(Report).where(Report.id.in_(reports)).values(accused_office_id=office_id)
    )
    return account_id


def token_of(account_id: UUID) -> str:
    """A new bearer token. Flushes; the caller commits."""
    return tokens.issue(db.session.get_one(Account, account_id), at=now())


def some_residents(count: int) -> list[UUID]:
    """People who may submit, the same ones at every run."""
    query = select(Account.id).where(Account.kind == AccountKind.RESIDENT).order_by(Account.id)
    return list(db.session.scalars(query.limit(count)))
