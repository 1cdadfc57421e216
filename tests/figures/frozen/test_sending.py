"""Letters with a report: to leaders who chose it and to addresses outside, each once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import update

from app.auth.models import Account
from app.config import Config
from app.database import db
from bench.loopback import SmtpSink
from reports import roles
from reports.city.models import RoleGrant
from reports.figures.frozen import publishing, readers, sending
from reports.figures.frozen.models import FigureLetter, FigureReader, FigureReport, LetterState
from reports.figures.frozen.readers import Wish
from reports.figures.frozen.sending import LEASE, send_due
from reports.statuses import Role
from tests.figures.frozen.conftest import AFTER, MARCH
from tests.reports.conftest import House

pytestmark = pytest.mark.usefixtures("march")


@pytest.fixture
def sink(app: Flask) -> Iterator[SmtpSink]:
    """A mail server on loopback, which the app's letters go to."""
    with SmtpSink() as sink:
        config: Config = app.extensions["xom.config"]
        app.extensions["xom.config"] = with_mail(config, sink.url)
        yield sink
        app.extensions["xom.config"] = config


def with_mail(config: Config, url: str) -> Config:
    return replace(config, smtp_url=url, base_url="https://xom.hue.vn")


def government(**changes: object) -> FigureReader:
    wish = Wish(**{  # type: ignore[arg-type]
        "id": uuid4(), "name": "Văn phòng UBND tỉnh", "email": "Bao-Cao@Tinh.vn", "locale": "vi",
        "months": True, "quarters": True, **changes,
    })  # fmt: skip
    return readers.add(wish, account_id=None, by=None, at=AFTER)[0]


def leading(house: House) -> FigureReader:
    """A leader with a mailbox who chose to get reports, in English."""
    leader = house.official(Role.LEADER)
    assert leader.account_id
    account = db.session.get_one(Account, leader.account_id)
    account.email, account.name = "leader@hue.vn", "Trần Thị Mai"
    wish = Wish(id=uuid4(), name="", email=None, locale="en", months=True, quarters=False)
    return readers.add(wish, account_id=leader.account_id, by=leader.account_id, at=AFTER)[0]


def published() -> FigureReport:
    return publishing.publish(MARCH, by=None, at=AFTER)[0]


def letter_to(report: FigureReport, reader: FigureReader) -> FigureLetter:
    return db.session.get_one(FigureLetter, (report.id, reader.id), populate_existing=True)


def attachments(message: EmailMessage) -> dict[str, bytes]:
    return {
        part.get_filename() or "": part.get_payload(decode=True)  # type: ignore[misc]
        for part in message.iter_attachments()
    }


def test_the_government_above_gets_the_report_with_its_files(house: House, sink: SmtpSink) -> None:
    reader = government()
    report = published()

    sent = send_due(now=AFTER)

    ((recipient, message),) = sink.received
    assert (sent, recipient) == (1, "bao-cao@tinh.vn")
    assert "Tháng 3/2026" in message["Subject"]
    assert message["Message-ID"].startswith(f"<{report.id}.{reader.id}@")
    text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Kính gửi Văn phòng UBND tỉnh" in text
    assert "người dân gửi 5 phản ánh" in text
    assert "/dashboard" not in text  # they cannot sign in
    files = attachments(message)
    assert files["bao-cao-2026-03.pdf"] == publishing.file_of(report, "vi", "pdf")
    assert files["bao-cao-2026-03.xlsx"] == publishing.file_of(report, "vi", "xlsx")
    letter = letter_to(report, reader)
    assert (letter.state, letter.email) == (LetterState.SENT, "bao-cao@tinh.vn")


def test_a_leader_who_chose_it_gets_it_in_their_language_with_a_link(
    house: House, sink: SmtpSink
) -> None:
    leading(house)
    published()

    send_due(now=AFTER)

    ((recipient, message),) = sink.received
    text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert recipient == "leader@hue.vn"
    assert text.startswith("Dear Trần Thị Mai,")
    assert "residents sent 5 reports" in text
    assert "https://xom.hue.vn/dashboard" in text


def test_nobody_is_told_twice(house: House, sink: SmtpSink) -> None:
    government()
    published()

    for minutes in (0, 5, 60, 2_000):
        publishing.publish(MARCH, by=None, at=AFTER)
        send_due(now=AFTER + timedelta(minutes=minutes))

    assert len(sink.received) == 1


def test_who_wants_quarters_gets_no_month(house: House, sink: SmtpSink) -> None:
    government(months=False)
    published()

    assert send_due(now=AFTER) == 0
    assert sink.received == []


def test_a_server_that_is_busy_is_asked_again_later(house: House, sink: SmtpSink) -> None:
    reader, report = government(), published()
    sink.refuse("RCPT", "451 come back later")

    send_due(now=AFTER)
    sink.recover()
    at_once = send_due(now=AFTER + timedelta(minutes=1))
    later = send_due(now=AFTER + timedelta(minutes=6))

    assert (at_once, later) == (0, 1)
    assert letter_to(report, reader).tries == 2
    assert len(sink.received) == 1


def test_a_refused_address_is_on_record_and_is_not_tried_again(
    house: House, sink: SmtpSink
) -> None:
    reader, report = government(), published()
    sink.refuse("RCPT", "550 no such mailbox")

    send_due(now=AFTER)
    sink.recover()
    send_due(now=AFTER + timedelta(days=1))

    letter = letter_to(report, reader)
    assert (letter.state, letter.note) == (LetterState.REFUSED, "smtp 550")
    assert sink.received == []


def test_a_letter_whose_worker_died_is_told_as_unsure_and_not_sent_again(
    house: House, sink: SmtpSink
) -> None:
    reader, report = government(), published()
    assert sending._claimed(AFTER) is not None  # and here the worker is killed

    soon = send_due(now=AFTER + timedelta(minutes=1))
    later = send_due(now=AFTER + LEASE + timedelta(minutes=1))

    assert (soon, later) == (0, 0)
    assert letter_to(report, reader).state is LetterState.UNSURE
    assert sink.received == []


def test_who_leads_no_more_but_heads_an_office_and_is_at_the_centre_gets_no_more(
    house: House, sink: SmtpSink
) -> None:
    """Together these roles see all reports, and figures: not those of the whole city."""
    reader, report = leading(house), published()
    take_the_role_away(reader, AFTER)
    assert reader.account_id
    for role, code in ((Role.DISPATCHER, house.city.centre.code), (Role.HEAD, "so-y-te")):
        office = house.city.office_by_code[code]
        roles.grant(reader.account_id, role, office, by=None, at=AFTER)  # type: ignore[arg-type]

    send_due(now=AFTER)

    assert letter_to(report, reader).state is LetterState.REFUSED
    assert sink.received == []


def test_who_leads_no_more_gets_no_more(house: House, sink: SmtpSink) -> None:
    reader, report = leading(house), published()
    take_the_role_away(reader, AFTER)

    send_due(now=AFTER)

    assert letter_to(report, reader).state is LetterState.REFUSED
    assert sink.received == []


def take_the_role_away(reader: FigureReader, at: datetime) -> None:
    assert reader.account_id
    until = at - timedelta(days=1)
    db.session.execute(
        update(RoleGrant).where(RoleGrant.account_id == reader.account_id).values(until=until)
    )


def test_who_left_the_list_gets_no_more(house: House, sink: SmtpSink) -> None:
    reader = government()
    readers.end(reader.id, at=AFTER)
    published()

    assert send_due(now=AFTER) == 0
    assert sink.received == []


def test_an_id_that_is_anothers_is_not_answered_with_them(house: House) -> None:
    reader = leading(house)

    with pytest.raises(readers.ReaderThere):
        government(id=reader.id)


def test_the_same_address_stands_on_the_list_once(house: House) -> None:
    government()

    with pytest.raises(readers.ReaderThere):
        government(email="bao-cao@tinh.vn")
