"""The demo city's sign-ins: one for each post of the city, all with one generated password.

They cannot exist in production. Leaves real officials to `flask accounts` and `flask roles`.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
from flask import current_app
from sqlalchemy import select

from app.auth import passwords
from app.auth.models import Account, AccountKind
from app.clock import now
from app.config import ROOT, Config
from app.database import db
from app.errors import Conflict
from reports.city import snapshot
from reports.city.demo.names import invented_name
from reports.city.models import CityProfile, Office, OfficeKind
from reports.roles import grant
from reports.statuses import Role

SIGN_INS = ROOT / "var" / "demo.json"


class NoDemoInProduction(Conflict):
    code = "no-demo-in-production"
    vi = "Đây là hệ thống thật (XOM_ENV=production): không tạo tài khoản thử ở đây."
    en = "This is a real city (XOM_ENV=production): demo sign-ins cannot be made here."


class SignIn(NamedTuple):
    """A demo account: its address, its role, the code of the office it is held for."""

    email: str
    role: Role
    office: str


def ensure_demo_accounts(password: str) -> list[SignIn]:
    """Make the sign-ins that are missing, and let `password` open all. Flushes.

    Raises NoDemoInProduction, WeakPassword, and NoCity when no city is loaded.
    """
    config: Config = current_app.extensions["xom.config"]
    if config.is_production:
        raise NoDemoInProduction
    wanted = list(_posts())
    known = {account.email: account for account in _accounts(wanted)}
    secret = _shared_hash(known, password)
    offices = {office.code: office for office in db.session.scalars(select(Office))}
    for post in wanted:
        account = known.get(post.email) or _new_account(post)
        if account.password_hash != secret:
            account.password_hash = secret
        db.session.flush()
        grant(account.id, post.role, offices[post.office], by=None, at=now())
    return wanted


def _posts() -> Iterator[SignIn]:
    """Who works for this city: four people at the centre, an officer and a head elsewhere."""
    city = snapshot.current()
    domain = f"{db.session.scalars(select(CityProfile.folder)).one()}.demo"
    for role in (Role.DISPATCHER, Role.LEADER, Role.ADMIN):
        yield SignIn(f"{role}@{domain}", role, city.centre.code)
    yield SignIn(f"{Role.HEAD}@{domain}", Role.HEAD, city.centre.code)
    areas = sorted(city.area_by_code)
    posts = {code: office for code in areas if (office := city.committee_of(code))}
    for office in city.office_by_code.values():
        if office.kind not in {OfficeKind.CENTRE, OfficeKind.COMMITTEE}:
            posts[office.code.lower()] = office
    # Whom the rules send most comes first: there is work to be seen.
    sent = Counter(rule.office_code for rule in city.rules_by_id.values())
    for code, office in sorted(posts.items(), key=lambda post: -sent[post[1].code]):
        for role in (Role.OFFICER, Role.HEAD):
            yield SignIn(f"{role}-{code}@{domain}", role, office.code)


def _accounts(wanted: list[SignIn]) -> Iterator[Account]:
    emails = [post.email for post in wanted]
    yield from db.session.scalars(select(Account).where(Account.email.in_(emails)))


def _shared_hash(known: dict[str | None, Account], password: str) -> str:
    """One hash for all: made once, since each costs 30 ms and they all say the same."""
    present = next((account.password_hash for account in known.values()), None)
    if present and passwords.matches(present, password):
        return present
    return passwords.hashed(password)


def _new_account(post: SignIn) -> Account:
    account = Account(
        kind=AccountKind.OFFICIAL, email=post.email, name=invented_name(post.email), locale="vi"
    )
    db.session.add(account)
    return account


@click.command("demo-accounts")
def demo_accounts_command() -> None:
    """Make the demo sign-ins; addresses and password are kept in var/demo.json."""
    password = _saved_password(SIGN_INS) or passwords.generated()
    made = ensure_demo_accounts(password)
    db.session.commit()
    _save(SIGN_INS, password, made)
    click.echo(f"{len(made)} demo sign-ins, all with the password {password} (also in {SIGN_INS}).")


def _saved_password(path: Path) -> str | None:
    try:
        password: str = json.loads(path.read_text())["password"]
    except (OSError, ValueError, KeyError):
        return None
    return password if len(password) >= passwords.LEAST else None


def _save(path: Path, password: str, sign_ins: list[SignIn]) -> None:
    """Readable by this user alone, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    rows = [sign_in._asdict() for sign_in in sign_ins]
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"password": password, "accounts": rows}, file, indent=2)
        file.write("\n")
    fresh.replace(path)
