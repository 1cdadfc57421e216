"""Officials as the pages of accounts need them: with an address and a password."""

from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

import pyotp

from app.auth import accounts, tokens, totp
from app.auth.models import Account
from app.clock import now
from app.database import db
from reports.city import snapshot
from reports.city.models import RoleGrant
from reports.statuses import Role
from tests.console.conftest import Browser, Desk
from web.console.session import COOKIE, HOME

PASSWORD = "bốn từ rất ngẫu nhiên"
_number = count(1)


def appoint(
    desk: Desk, role: Role | None, office: str | None = None, *, name: str = "Trần Thị An"
) -> tuple[UUID, str]:
    """A new official with an address: account, address."""
    with desk.app.app_context():
        email = f"an{next(_number)}@hue.example"
        account = accounts.create_official(email, name, PASSWORD)
        if role:
            city = snapshot.current()
            held = city.office(office) if office else city.centre
            assert held is not None, office
            since = datetime(2020, 1, 1, tzinfo=UTC)
            db.session.add(
                RoleGrant(account_id=account.id, office_id=held.id, role=role, since=since)
            )
        db.session.commit()
        return account.id, email


def signed_in(desk: Desk, account_id: UUID, *, lang: str = "vi") -> Browser:
    """A browser in which they are signed in."""
    client = desk.app.test_client()
    with desk.app.app_context():
        token = tokens.issue(db.session.get_one(Account, account_id))
        db.session.commit()
    client.set_cookie(COOKIE, token, path=HOME)
    client.set_cookie("lang", lang)
    return Browser(client, account_id)


def with_second_factor(desk: Desk, account_id: UUID) -> tuple[str, list[str]]:
    """Set it up for them: the key, and the recovery codes."""
    with desk.app.app_context():
        account = db.session.get_one(Account, account_id)
        totp.begin(account)
        key = totp.begun_key(account) or ""
        before = now() - timedelta(seconds=totp.SECONDS)  # the code of now is still unused
        codes = totp.confirm(account, code_of(key, before), address=None, at=before)
        db.session.commit()
        return key, codes


def code_of(key: str, at: datetime | None = None) -> str:
    """What the authenticator shows."""
    return pyotp.TOTP(key).at(at or now())


def audited(desk: Desk, action: str) -> int:
    """How often something stands in the audit log."""
    return int(
        desk.scalar("select count(*) from audit_entry where action = :action", action=action)
    )
