"""Words planted in every personal field turn up in no public answer, log, message, job or figure.

The negative control is in the same file: the same reading by a dispatcher finds them.
"""

import io
import json
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import text

from app.clock import now
from app.database import db
from bench.loopback import WebhookReceiver
from bench.loopback.serving import Answer, Request
from notifications.webhooks import delivery, endpoints
from notifications.webhooks.endpoints import Wish
from reports import identity, presenting
from reports.statuses import Role
from reports.webhook_events import reader_of
from tests.reports.conftest import keep_figures
from tests.rights.routes import expected
from tests.rights.world import OTHER_WARD, World

NAME, DIGITS, EMAIL = "Hoàng Yến Canary", "911222333", "yen-canary@example.vn"
HERE = {"lat": 16.4675, "lng": 107.5885}
AROUND = "107.56,16.45,107.61,16.49"
LEAD = "hue-ioc"  # whose work "khac" is
#: Nobody outside may read these, in whatever report they stand.
PERSONAL = (NAME, DIGITS, EMAIL)
SAID = ("canary-place", "canary-pole", "canary-dossier", "canary-inside", "canary-hide",
        "canary-asked", "canary-replied", "canary-reopen", "canary-comment", "canary-note",
        "canary-rating", "canary-reason")  # fmt: skip
UNSEEN = ("canary-new", "canary-private", "canary-against", "canary-hidden", "canary-auto")


@dataclass
class Story:
    """What was sent, and what was logged meanwhile."""

    world: World
    ids: dict[str, str] = field(default_factory=dict)  # canary → report
    codes: dict[str, str] = field(default_factory=dict)
    logged: str = ""
    neighbours: dict[str, str] = field(default_factory=dict)  # what webhooks told, by reader

    def sends(self, canary: str, category: str, **facts: Any) -> None:
        words = f"Chuyện {canary}, gọi 0{DIGITS}."
        body = {"id": str(uuid4()), "category": category, **HERE, "description": words,
                "place_note": "canary-place", **facts}  # fmt: skip
        sent = self.asks("Yến", "POST", "/reports", json=body)
        assert sent.status_code == 201, sent.text
        self.ids[canary], self.codes[canary] = sent.json["id"], sent.json["code"]

    def asks(self, who: str | UUID, method: str, path: str, **kwargs: Any) -> Any:
        account_id = self.world.house.person(who).account_id if isinstance(who, str) else who
        self.world.known(account_id)
        return self.world.requests.kept(account_id, method, f"/api/v1{path}", **kwargs)

    def takes(self, who: str | UUID, canary: str, step: str, **order: Any) -> None:
        path = f"/reports/{self.ids[canary]}"
        seen = self.asks(who, "GET", path).json
        headers = {"If-Match": f'"v{seen["version"]}"'}
        taken = {"id": str(uuid4()), "step": step, **order}
        done = self.asks(who, "POST", f"{path}/steps", headers=headers, json=taken)
        assert done.status_code == 200, (canary, step, done.text)

    def official(self, role: Role, office: str | None = None) -> UUID:
        return self.world.official(role, office)


@pytest.fixture(scope="module")
def story(world: World) -> Iterator[Story]:
    told = Story(world)
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        live_beside_neighbours(told)
        keep_figures()
    told.logged = out.getvalue()
    yield told


class Parrot(WebhookReceiver):
    """Answers with all that it was told, as a page of errors may; `refuses`: with 400."""

    def __init__(self, *, refuses: bool) -> None:
        super().__init__()
        self.refuses = refuses

    def answer(self, request: Request) -> Answer:
        answer = super().answer(request)
        answer.status = 400 if self.refuses else answer.status
        answer.body = request.body
        return answer


def live_beside_neighbours(story: Story) -> None:
    """Systems are told meanwhile: one of what anyone may read, one for each of two offices. Each
    says back what it was told, and one of them refuses it."""
    listening = {"public": None, "lead": LEAD, "refusing": LEAD, "another office": "so-du-lich"}
    receivers = {name: Parrot(refuses=name == "refusing").start() for name in listening}
    for name, office in listening.items():
        listen(story, receivers[name], office)
    live(story)
    db.session.commit()
    delivery.drain()
    for name, receiver in receivers.items():
        receiver.stop()
        story.neighbours[name] = "\n".join(
            json.dumps(one.body, ensure_ascii=False) for one in receiver.received
        )


def listen(story: Story, receiver: WebhookReceiver, office: str | None) -> None:
    reader = reader_of(story.world.house.office_id(office) if office else None)
    admin = story.official(Role.ADMIN)
    _, secret = endpoints.register(
        uuid4(), Wish(url=receiver.url), reader=reader, by=admin, at=now()
    )
    assert secret is not None
    receiver.secret = secret


def live(story: Story) -> None:
    """A resident's whole life with the house, her mistakes included."""
    account_id = story.world.house.person("Yến").account_id
    identity.remember(account_id, name=NAME, phone=f"+84{DIGITS}", email=EMAIL)
    story.asks("Yến", "PATCH", "/me", json={"name": NAME})
    for follower in ("Minh", "Hoa"):
        story.asks(follower, "PUT", f"/me/subscriptions/{uuid4()}", json={"area": "19789"})
    send_reports(story)
    blunder(story)
    let_officials_work(story)


def send_reports(story: Story) -> None:
    story.sends("canary-new", "khac")
    story.sends("canary-private", "thu-tuc", answers={"ma-ho-so": "canary-dossier"})
    story.sends("canary-against", "thai-do")
    story.sends("canary-hidden", "khac")
    pole = {"tinh-trang": "mot-bong", "so-tru": "canary-pole"}
    story.sends("canary-auto", "den-duong", answers=pole)
    story.sends("seen", "khac")


def blunder(story: Story) -> None:
    """What is refused is logged too."""
    wrong = {"id": "x", "category": NAME, "description": [f"0{DIGITS}"], "canary-place": 1}
    for body in (wrong, {**wrong, "description": f"0{DIGITS}" * 2000}):
        assert story.asks("Yến", "POST", "/reports", json=body).status_code == 422
    story.asks("Yến", "POST", "/reports", data=f'{{"description": "{NAME} {DIGITS}')
    story.asks("Yến", "GET", f"/reports?q={NAME}&no_such={DIGITS}")
    story.asks("Yến", "GET", f"/reports/{NAME}")
    story.asks("Yến", "POST", "/auth/otp/verify", json={"phone": f"0{DIGITS}", "code": "1"})
    story.asks("Yến", "POST", "/auth/password", json={"email": EMAIL, "password": NAME})


def let_officials_work(story: Story) -> None:
    centre = story.official(Role.DISPATCHER)
    for canary in ("canary-private", "canary-against", "canary-hidden", "seen"):
        story.takes(centre, canary, "accept", note="canary-inside")
    story.takes(centre, "canary-hidden", "hide", note="canary-hide")
    lead = story.asks(centre, "GET", f"/reports/{story.ids['seen']}").json["office"]["id"]
    officer = story.official(Role.OFFICER, lead)
    story.takes(officer, "seen", "ask", note="Ở đâu? canary-asked")
    story.takes("Yến", "seen", "answer", note="canary-replied")
    story.takes(officer, "seen", "start")
    story.takes(officer, "seen", "resolve", outcome="explained", note="Đã xong.")
    path = f"/reports/{story.ids['seen']}"
    story.asks("Yến", "PUT", f"{path}/rating", json={"stars": 2, "comment": "canary-rating"})
    story.takes("Yến", "seen", "reopen", note="canary-reopen")
    said = {"id": str(uuid4()), "text": "canary-comment"}
    story.asks("Minh", "POST", f"{path}/comments", json=said)
    noted = {"id": str(uuid4()), "text": "canary-note"}
    story.asks(officer, "POST", f"{path}/notes", json=noted)
    why = {"reason": "canary-reason: hỏi chỗ"}
    shown = story.asks(centre, "POST", f"{path}/reporter", json=why)
    assert shown.json["name"] == NAME


def readings(story: Story) -> Iterator[str]:
    """Every address that can be read, with every way to narrow a list."""
    for route in expected():
        if route.startswith("GET ") and "<" not in route:
            yield route.removeprefix("GET ")
    for canary, named in [*story.ids.items(), *story.codes.items()]:
        yield f"/api/v1/reports/{named}"
        yield f"/api/v1/reports/{named}/timeline"
        yield f"/api/v1/reports?q={named}"
        yield f"/api/v1/queue?status=all&q={canary}"
    yield "/ogc/collections/reports/items?limit=1000"
    yield "/console/queue.csv?status=all"
    lat, lng = HERE.values()
    narrowed = ["", "&status=all", "&status=open", "&status=submitted,accepted",
                "&area=19789", "&q=Chuyen", "&category=khac", "&category=thu-tuc",
                "&category=thai-do"]  # fmt: skip
    for more in narrowed:
        if "&q=" not in more:
            yield f"/api/v1/reports/points?bbox=107,16,108,17{more}"
            yield f"/api/v1/reports/points?bbox=107,16,108,17&limit=1{more}"
        for form in ("json", "geojson"):
            yield f"/api/v1/reports?limit=100&format={form}{more}"
            yield f"/api/v1/reports?near={lat},{lng}&radius=20000&format={form}{more}"
            yield f"/api/v1/reports?bbox=107,16,108,17&format={form}{more}"
    for category in ("khac", "thu-tuc", "thai-do", "den-duong"):
        yield f"/api/v1/reports/similar?lat={lat}&lng={lng}&category={category}"
        yield f"/api/v1/heatmap?resolution=10&bbox={AROUND}&category={category}"
        yield f"/api/v1/hotspots?category={category}"
        yield f"/api/v1/heatmap?resolution=6&format=geojson&category={category}"
        yield f"/api/v1/queue?status=all&category={category}"
    named = ",".join([*story.ids.values(), *story.codes.values()])
    for form in ("json", "xml"):
        for more in ("", "&q=Chuyen", "&service_code=thu-tuc,thai-do", "&status=closed"):
            yield f"/open311/v2/requests.{form}?extensions=true{more}"
        yield f"/open311/v2/requests.{form}?extensions=true&service_request_id={named}"
        yield f"/open311/v2/servicerequestupdates.{form}"


def read_by(story: Story, account_id: UUID | None) -> str:
    """All that somebody can read, headers included."""
    pages = []
    for path in readings(story):
        answer = story.world.requests(account_id, "GET", path)
        # Pictures too: whatever is in them, as letters.
        body = answer.get_data().decode("utf-8", "replace")
        pages.append(f"{answer.headers}\n{body}")
    return "\n".join(pages)


def found(words: tuple[str, ...], where: str) -> list[str]:
    return [word for word in words if word in where]


@pytest.mark.parametrize("who", ["nobody", "stranger", "admin", "accused head", "another office"])
def test_no_answer_to_others_holds_them(story: Story, who: str) -> None:
    stranger = story.world.resident("Tú", "other")
    account_id = {
        "nobody": None,
        "stranger": stranger,
        "admin": story.official(Role.ADMIN),
        "accused head": story.official(Role.HEAD, OTHER_WARD),
        "another office": story.official(Role.OFFICER, "so-du-lich"),
    }[who]
    unseen = [story.ids[canary] for canary in UNSEEN] + [story.codes[c] for c in UNSEEN]

    everything = read_by(story, account_id)

    assert story.ids["seen"] in everything  # it was read at all
    kept = {"canary-reason"} if who == "admin" else set()  # the audit log is theirs to read
    assert set(found((*PERSONAL, *SAID, *UNSEEN, *unseen), everything)) <= kept


def test_a_dispatcher_reads_them_by_the_same_addresses(story: Story) -> None:
    everything = read_by(story, story.official(Role.DISPATCHER))

    private = {"canary-rating", "canary-reason"}  # neither stands on a report's own page
    assert set(found((*SAID, *UNSEEN), everything)) == {*SAID, *UNSEEN} - private
    assert DIGITS in everything and NAME not in everything


def test_the_one_accused_learns_nothing_by_counting(story: Story) -> None:
    """Not by the map of heat either: with and without the accusation it looks the same."""
    head, theirs = (story.official(role, "ubnd-19789") for role in (Role.HEAD, Role.LEADER))
    leader = story.official(Role.LEADER)

    for narrowed in (f"resolution=10&bbox={AROUND}", "resolution=8", "resolution=6"):
        path = f"/heatmap?{narrowed}&category=thai-do"
        assert len(story.asks(leader, "GET", path).json["items"]) == 1
        for accused in (head, theirs):
            assert story.asks(accused, "GET", path).json["items"] == []
    everything = [story.asks(who, "GET", "/heatmap").json["items"] for who in (leader, theirs)]
    counts = [sum(cell["count"] for cell in cells) for cells in everything]
    assert counts[0] == counts[1] + 1


def test_no_log_holds_them(story: Story) -> None:
    assert "report" in story.logged and "status=422" in story.logged  # it was listened to
    assert found((*PERSONAL, *SAID, *UNSEEN), story.logged) == []


def test_no_message_nor_job_nor_audit_entry_holds_them(story: Story) -> None:
    kept = {
        table: "\n".join(db.session.execute(text(f"select t::text from {table} t")).scalars())
        for table in (
            *("message", "delivery", "webhook_event", "webhook_delivery"),
            *("procrastinate_jobs", "audit_entry", "token"),
        )
    }

    assert story.codes["seen"] in kept["message"]
    assert "identity.reveal" in kept["audit_entry"]
    kept["audit_entry"] = kept["audit_entry"].replace("canary-reason", "")  # why, in its own words
    for table, rows in kept.items():
        assert found((*PERSONAL, *SAID, *UNSEEN), rows) == [], table


def test_what_people_are_told_holds_nothing_either(story: Story) -> None:
    """The texts as the inbox shows them; a push says the same."""
    inboxes = {
        who: story.asks(who, "GET", "/me/messages?limit=100").text for who in ("Yến", "Minh", "Hoa")
    }

    assert story.codes["seen"] in inboxes["Minh"] and story.codes["seen"] in inboxes["Yến"]
    for who, said in inboxes.items():
        assert found((*PERSONAL, *SAID, *UNSEEN), said) == [], who
    others = inboxes["Minh"] + inboxes["Hoa"]
    hidden = story.codes["canary-hidden"]  # was public for a moment, so it was told
    assert [c for c in story.codes.values() if c in others] == [hidden, story.codes["seen"]]


@pytest.mark.parametrize("reader", ["public", "another office"])
def test_no_neighbour_is_told_them(story: Story, reader: str) -> None:
    told = story.neighbours[reader]

    assert found((*PERSONAL, *SAID, *UNSEEN), told) == []
    assert (story.ids["seen"] in told) == (reader == "public")


def test_the_office_is_told_by_its_webhook_what_it_reads_and_not_by_whom(story: Story) -> None:
    told = story.neighbours["lead"]

    assert "canary-place" in story.neighbours["refusing"]  # it had something to say back
    assert {"canary-place", "canary-replied", "canary-reopen"} <= set(found(SAID, told))
    reporter = story.world.house.person("Yến").account_id
    assert found((NAME, EMAIL, str(reporter), presenting.pseudonym(reporter)), told) == []


def test_no_figure_holds_them(story: Story, city_app: Flask) -> None:
    told = city_app.test_client().get("/metrics")

    assert told.status_code == 200 and "xom_reports_open" in told.text
    assert found((*PERSONAL, *SAID, *UNSEEN, *story.ids.values()), told.text) == []
