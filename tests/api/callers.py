"""Who asks: a guest, the centre, somebody who is administrator, leader and head of an office, and
the office's system with a key of all scopes; each with what there is for them to ask about.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask

from app.auth import accounts, api_clients, issuing, tokens
from app.auth.issuing import KeyTerms
from app.auth.models import Account, AccountKind
from app.auth.scopes import Scope
from app.clock import now
from app.database import db
from notifications.webhooks import endpoints, replay
from notifications.webhooks.endpoints import Wish
from notifications.webhooks.models import PUBLIC
from reports import notices
from reports.city import snapshot
from reports.city.models import NoticeKind, RoleGrant
from reports.desk import clients
from reports.models import Report
from reports.notices import Wording
from reports.permissions import Viewer
from reports.statuses import Role
from reports.webhook_events import reader_of
from tests.api.machine import Words
from tests.reports.conftest import House, keep_figures

WARD = "ubnd-19789"
HERE = "http://127.0.0.1:9/xom"  # nothing is sent there: no worker runs
CALLERS = ("guest", "dispatcher", "head", "neighbour")
TERMS = KeyTerms(scopes=frozenset(Scope), per_minute=6000, per_day=1_000_000)
Ids = list[str]


@dataclass
class Town:
    """The app, who may be asked as, and what there is to ask for."""

    app: Flask
    accounts: dict[str, UUID] = field(default_factory=dict)
    reports: list[UUID] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    key: str = ""  # the neighbour's
    words: dict[str, dict[str, Ids]] = field(default_factory=dict)  # of some callers alone

    def token_of(self, who: str) -> str:
        """A fresh token; the neighbour's one key."""
        if who == "neighbour":
            return self.key
        with self.app.app_context():
            token = tokens.issue(db.session.get_one(Account, self.accounts[who]))
            db.session.commit()
        return token

    def words_for(self, who: str) -> Words:
        ids = [str(report_id) for report_id in self.reports]
        known = {"path.report_id": ids, "path.named": ids + self.codes, "body.target": ids}
        return known | self.words.get(who, {})


def settle(app: Flask) -> Town:
    """People, and reports of the guest's in several states. Commits."""
    house, town = House(snapshot.current(), at=now()), Town(app)
    _report(house, town)
    _appoint(house, town)
    _connect(town)
    _announce(town)
    db.session.commit()
    keep_figures()
    db.session.commit()
    return town


def _report(house: House, town: Town) -> None:
    town.accounts["guest"] = _id(house.person("guest", AccountKind.GUEST).account_id)
    town.accounts["dispatcher"] = _id(house.official(Role.DISPATCHER).account_id)
    db.session.commit()  # roles are read beside the transaction
    dispatcher = house.official(Role.DISPATCHER)
    made: list[Report] = []
    for steps in ((), ("accept",), ("accept", "hide")):
        report = house.submits("guest")
        for step in steps:
            house.takes(dispatcher, step, report, **({"note": "Thử."} if step == "hide" else {}))
        made.append(report)
    made.append(house.submits("somebody else"))
    house.takes(dispatcher, "accept", made[-1])
    made.append(_answered(house, dispatcher))
    town.reports, town.codes = [one.id for one in made], [one.code for one in made]
    often = [str(report_id) for report_id in [*town.reports, *[made[-1].id] * len(made)]]
    town.words["guest"] = {"path.report_id": often}  # an answered one is rated, or reopened


def _answered(house: House, dispatcher: Viewer) -> Report:
    """The guest's, resolved by its office."""
    report = house.submits("guest")
    house.takes(dispatcher, "accept", report)
    office = house.city.offices_by_id[report.office_id].code
    house.official(Role.OFFICER, office)
    db.session.commit()
    officer = house.official(Role.OFFICER, office)
    house.takes(officer, "start", report)
    house.takes(officer, "resolve", report, outcome="explained", note="Đã giải thích.")
    return report


def _id(account_id: UUID | None) -> UUID:
    assert account_id
    return account_id


def _appoint(house: House, town: Town) -> None:
    """Administrator, leader, and head of a ward; with the city's webhooks and a client's keys."""
    head = town.accounts["head"] = _id(house.official(Role.ADMIN).account_id)
    since = datetime(2020, 1, 1, tzinfo=UTC)
    for role, office_id in (
        (Role.HEAD, house.office_id(WARD)),
        (Role.LEADER, house.city.centre.id),
    ):
        db.session.add(RoleGrant(account_id=head, office_id=office_id, role=role, since=since))
    client_id, key_ids = uuid4(), [uuid4() for _ in range(4)]
    api_clients.make(client_id, "Phần mềm của phường", "it@phuong.example", by=head, at=now())
    for key_id in key_ids:
        issuing.issue(client_id, key_id, TERMS, by=head, at=now())
    town.words["head"] = {
        **_listening(PUBLIC, by=head),
        "path.client_id": [str(client_id)],
        "path.key_id": [str(key_id) for key_id in key_ids],
    }


def _connect(town: Town) -> None:
    """A system of the ward's, with webhooks of its own."""
    client_id = uuid4()
    api_clients.make(client_id, "Phần mềm điều hành", "it@hue.example", by=None, at=now())
    clients.work_for(client_id, WARD, city=snapshot.current(), by=None, at=now())
    _, text = issuing.issue(client_id, uuid4(), TERMS, by=None, at=now())
    assert text
    ward = snapshot.current().office(WARD)
    assert ward
    town.key = text
    town.words["neighbour"] = _listening(reader_of(ward.id), by=client_id)


def _announce(town: Town) -> None:
    """Notices of the centre's, which may be taken down."""
    at, made = now(), [uuid4() for _ in range(3)]
    wording = Wording(
        kind=NoticeKind.FLOOD,
        text_vi="Nước lên ở các phường ven sông.",
        text_en="The water rises along the river.",
        areas=(),
        starts_at=None,
        ends_at=at + timedelta(days=1),
    )
    for notice_id in made:
        notices.give(notice_id, wording, snapshot.current(), by=None, at=at)
    town.words["dispatcher"] = {"path.notice_id": [str(one) for one in made]}


def _listening(reader: str, *, by: UUID) -> dict[str, Ids]:
    """Webhooks that somebody keeps, and what waits to be sent to them."""
    made, sent = [], []
    for _ in range(3):
        endpoint, _ = endpoints.register(uuid4(), Wish(url=HERE), reader=reader, by=by, at=now())
        sent.append(replay.test(endpoint, at=now()))
        made.append(endpoint)
    db.session.flush()
    return {
        "path.webhook_id": [str(one.id) for one in made],
        "path.delivery_id": [str(one.id) for one in sent],
    }


class SignedIn:
    """The app, to a caller who never runs out of tokens: two operations end the sign-in itself."""

    ENDINGS = (("DELETE", "/api/v1/auth/token"), ("DELETE", "/api/v1/me"))

    def __init__(self, town: Town, who: str) -> None:
        self.town, self.who = town, who
        self.token = town.token_of(who)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        asked = (environ["REQUEST_METHOD"], environ["PATH_INFO"])
        if asked in self.ENDINGS and environ.get("HTTP_AUTHORIZATION") == f"Bearer {self.token}":
            environ["HTTP_AUTHORIZATION"] = f"Bearer {self._another()}"
        environ.pop("HTTP_ACCEPT_ENCODING", None)  # whoever checks the answers unpacks nothing
        return self.town.app(environ, start)

    def _another(self) -> str:
        if self.who != "guest":
            return self.town.token_of(self.who)
        with self.town.app.app_context():
            token = tokens.issue(accounts.create_guest("vi"))
            db.session.commit()
        return token
