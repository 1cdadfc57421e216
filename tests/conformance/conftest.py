"""A city that speaks Open311 on a port of its own: reports at every stage, three clients."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from PIL import Image

from app.auth import api_clients, issuing
from app.auth.issuing import KeyTerms
from app.auth.scopes import Scope
from app.clock import now
from app.config import Config
from app.database import db
from app.factory import create_app
from reports import codes
from reports.city import snapshot
from reports.city.models import RoleGrant
from reports.models import Report
from reports.statuses import Role
from tests.conformance.contract import assert_valid, from_xml
from tests.conftest import config_for, new_database
from tests.reports.conftest import House
from tests.web.site import Site, served

PATH = "/open311/v2"
#: What no reader of XML may stumble over: markup, quotes, a section's end, a vertical tab.
HOSTILE = "Cống <b>nghẹt</b> & \"ngập\" 'sâu' ]]> <!-- \x0b gọi 0905 123 456."
TOLD = "Cống <b>nghẹt</b> & \"ngập\" 'sâu' ]]> <!-- "
HERE = {"lat": "16.4675", "long": "107.5885"}


@dataclass
class Town:
    """The served city: asked over HTTP as a neighbour asks."""

    site: Site
    keys: dict[str, str] = field(default_factory=dict)  # of `app`, `office`, `reader`, `seldom`
    codes: dict[str, str] = field(default_factory=dict)  # reports by what became of them
    offices: dict[str, str] = field(default_factory=dict)  # … and who has them
    token: str = field(default_factory=lambda: str(uuid4()))  # of a request that the `app` sent

    @property
    def endpoint(self) -> str:
        return f"{self.site.url}{PATH}"

    def get(self, path: str, **params: Any) -> httpx.Response:
        with httpx.Client(trust_env=False, timeout=30) as client:
            return client.get(f"{self.endpoint}/{path}", params=params)

    def post(self, path: str, *, params: Any = None, **body: Any) -> httpx.Response:
        with httpx.Client(trust_env=False, timeout=30) as client:
            return client.post(f"{self.endpoint}/{path}", params=params, **body)

    def json(self, path: str, schema: str, **params: Any) -> Any:
        """What is answered in JSON, held against its schema."""
        answer = self.get(f"{path}.json", **params)
        assert answer.status_code == 200, answer.text
        assert_valid(schema, answer.json())
        return answer.json()

    def xml(self, path: str, **params: Any) -> tuple[str, Any]:
        answer = self.get(f"{path}.xml", **params)
        assert answer.status_code == 200, answer.text
        return from_xml(answer.content)

    def requests(self, **params: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.json("requests", "requests", **params)
        return found

    def ids(self, **params: Any) -> list[str]:
        return [one["service_request_id"] for one in self.requests(**params)]

    def updates(self, **params: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.json("servicerequestupdates", "updates", **params)
        return found

    def sends(self, **fields: Any) -> dict[str, Any]:
        """A request through the `app`'s key, by form; what was answered."""
        data = {"api_key": self.keys["app"], "service_code": self.plain, "lat": "16.4675",
                "long": "107.5885", "description": "Đèn tắt cả đoạn đường.", **fields}  # fmt: skip
        answer = self.post("requests.json", data=data)
        assert answer.status_code == 200, answer.text
        assert_valid("created", answer.json())
        created: dict[str, Any] = answer.json()[0]
        return created

    def update(self, code: str, status: str, *, key: str = "app", **fields: Any) -> httpx.Response:
        data = {"api_key": self.keys[key], "service_request_id": code, "update_id": str(uuid4()),
                "status": status, "updated_datetime": "2026-11-21T10:00:00Z",
                "description": "Đội thi công đã đến.", **fields}  # fmt: skip
        return self.post("servicerequestupdates.json", data=data)

    @property
    def plain(self) -> str:
        """A service without attributes that are required, and without privacy."""
        with self.site.app.app_context():
            return House(snapshot.current()).plain_category()

    def accepts(self, code: str, **order: Any) -> None:
        """A dispatcher accepts a request, which publishes it."""
        self.site.accepted(self.report_id(code), **order)

    def report_id(self, code: str) -> str:
        found = self.site.scalar("select id from report where code = :code", code=plain(code))
        return str(found)

    def status(self, code: str) -> str:
        query = "select status from report where code = :code"
        return str(self.site.scalar(query, code=plain(code)))


def picture(colour: str = "grey") -> bytes:
    """A JPEG as a telephone takes it."""
    held = BytesIO()
    Image.new("RGB", (640, 480), colour).save(held, "JPEG")
    return held.getvalue()


def plain(code: str) -> str:
    """A code as it is stored."""
    known = codes.read_code(code)
    assert known is not None, code
    return known


def moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture(scope="session")
def town(
    server_url: str, city_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    files = tmp_path_factory.mktemp("files")
    with new_database(server_url, city_template, f"{city_template}_open311") as url:
        app = create_app(config_for(url, storage_url=files.as_uri()))
        with served(app) as site:
            config: Config = app.extensions["xom.config"]
            app.extensions["xom.config"] = replace(config, base_url=site.url)
            town = Town(site)
            with app.app_context():
                snapshot.forget()
                house = House(snapshot.current(), at=now() - timedelta(days=20))
                _tell_a_story(town, house)
                _give_keys(town, house)
                db.session.commit()
            _send_with_a_photo(town)
            town.sends(client_request_id=town.token)
            yield town
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _tell_a_story(town: Town, house: House) -> None:
    """Reports that came by telephone and app, at every stage."""
    house.official(Role.DISPATCHER)
    db.session.commit()  # roles are read beside the transaction
    dispatcher = house.official(Role.DISPATCHER)

    def kept(name: str, report: Report) -> Report:
        town.codes[name] = codes.spoken(report.code)
        town.offices[name] = house.city.offices_by_id[report.office_id].code
        return report

    def officer(report: Report) -> Any:
        office = house.city.offices_by_id[report.office_id].code
        house.official(Role.OFFICER, office)
        db.session.commit()
        return house.official(Role.OFFICER, office)

    def accepted(name: str, **facts: Any) -> Report:
        report = kept(name, house.submits(name, **facts))
        house.takes(dispatcher, "accept", report)
        return report

    house.at -= timedelta(days=80)
    accepted("old")
    house.at += timedelta(days=80)
    kept("new", house.submits("new"))
    open_one = accepted("open", description=HOSTILE)
    house.takes(officer(open_one), "start", open_one)
    for name, outcome in (("fixed", "fixed"), ("explained", "explained")):
        report = accepted(name)
        house.takes(officer(report), "start", report)
        house.takes(officer(report), "resolve", report, outcome=outcome, note="Đã nạo vét.")
    refused = accepted("refused")
    house.takes(dispatcher, "reject", refused, reason="outside_scope", note="Của tỉnh.")
    double = accepted("double")
    house.takes(dispatcher, "merge", double, target=open_one.id)
    hidden = accepted("hidden")
    house.takes(dispatcher, "hide", hidden, note="Lộ mặt người.")
    accepted("private", category=private_category(house))
    db.session.commit()


def private_category(house: House) -> str:
    return next(
        kind.code
        for kind in house.city.offered_categories()
        if kind.private and not kind.about_officials and not kind.legal_channel
        and not any(question.get("required") for question in kind.questions)
    )  # fmt: skip


def _give_keys(town: Town, house: House) -> None:
    """An app that sends requests; an office's own system; one that only reads."""
    writes = {Scope.REPORTS_CREATE, Scope.UPDATES_READ, Scope.UPDATES_WRITE}
    town.keys["app"], _ = _key("FixMyStreet", writes)
    town.keys["reader"], _ = _key("Bản đồ mở", set())
    town.keys["seldom"], _ = _key("Ứng dụng nhỏ", {Scope.REPORTS_CREATE}, per_day=1)
    town.keys["office"], office = _key("Phần mềm điều hành", writes - {Scope.REPORTS_CREATE})
    grant = RoleGrant(
        account_id=office,
        office_id=house.office_id(town.offices["open"]),
        role=Role.OFFICER,
        since=datetime(2020, 1, 1, tzinfo=UTC),
    )
    db.session.add(grant)


def _key(name: str, scopes: set[Scope], *, per_day: int = 100_000) -> tuple[str, UUID]:
    client, _ = api_clients.make(uuid4(), name, "it@hue.example", by=None, at=now())
    terms = KeyTerms(scopes=frozenset(scopes), per_minute=5000, per_day=per_day)
    _, text = issuing.issue(client.account.id, uuid4(), terms, by=None, at=now())
    assert text
    return text, client.account.id


def _send_with_a_photo(town: Town) -> None:
    """As a phone does."""
    token = town.site.resident()
    photo = town.site.photo(token, picture())
    sent = town.site.submits(token, photos=[photo])
    town.accepts(sent["code"])
    town.codes["photographed"] = sent["code"]


@pytest.fixture(scope="session")
def at_hand(town: Town) -> dict[str, str]:
    """What stands for the names in braces."""
    services = town.json("services", "services")
    asking = next(one["service_code"] for one in services if one["metadata"])
    month = moment(now() - timedelta(days=30))
    return {
        "plain": town.plain,
        "asking": asking,
        "token": town.token,
        "month": month,
        **town.codes,
    }
