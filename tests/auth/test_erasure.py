"""Being forgotten: words, photos, devices and the key go; what happened in the city stays."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app import audit, storage
from app.auth import accounts, tokens
from app.auth.models import Account, AuditEntry
from app.clock import now
from app.database import db
from notifications.models import Device, DeviceKind, Message
from reports import identity, ownership
from reports.city.models import Subscription
from reports.erasure import OfficialsStay, erase
from reports.models import Comment, Photo, Rating, Report, StatusChange
from reports.statuses import Role
from tests.auth.people import NUMBER, Phone, bearer
from tests.auth.street import AT, change_by, photo_of, report_of

WORDS = "Nhà tôi ở số 5 kiệt 12, gọi Lan 0905123456"


@pytest.fixture
def lan(app: Flask) -> Account:
    account = accounts.create_resident("vi")
    identity.remember(account.id, name="Nguyễn Thị Lan", phone=NUMBER)
    return account


@pytest.fixture
def life(lan: Account) -> Report:
    """A report, and everything else that a person may leave behind."""
    report = report_of(lan, WORDS)
    change_by(lan, report, WORDS)
    photo_of(lan, report)
    photo_of(lan)
    db.session.add_all(
        [
            Comment(id=uuid4(), report_id=report.id, account_id=lan.id, text=WORDS, at=AT),
            Rating(report_id=report.id, account_id=lan.id, stars=2, comment=WORDS, at=AT),
            Subscription(id=uuid4(), account_id=lan.id, lat=16.4, lng=107.5, radius_m=500),
            Message(
                change_id=uuid4(), account_id=lan.id, kind="accepted", subject="report", payload={},
                at=AT,
            ),
            Device(
                installation_id=uuid4(), account_id=lan.id, kind=DeviceKind.FCM_TOKEN,
                address="secret-address", address_sha256=b"a" * 32, locale="vi",
            ),
        ]
    )  # fmt: skip
    db.session.flush()
    return report


def everything() -> str:
    """All that the tables of people and reports hold, as text."""
    tables = (
        "report status_change comment rating photo subscription message device reporter_identity"
        " audit_entry"
    )
    rows = [
        db.session.execute(text(f"select t::text from {table} t")).scalars()
        for table in tables.split()
    ]
    return "\n".join(row for found in rows for row in found)


def test_nothing_they_wrote_is_left(lan: Account, life: Report) -> None:
    assert "kiệt 12" in everything()

    erase(lan.id, by=lan.id, at=now())

    left = everything()
    for trace in ("kiệt 12", "Lan", "0905123456", "secret-address"):
        assert trace not in left


def test_the_report_stays_with_its_id_place_and_digest(lan: Account, life: Report) -> None:
    kept = (life.id, life.code, life.digest, life.lat, life.lng, life.status, life.submitted_at)

    erase(lan.id, by=lan.id, at=now())

    db.session.refresh(life)
    assert kept == (
        life.id, life.code, life.digest, life.lat, life.lng, life.status, life.submitted_at,
    )  # fmt: skip
    assert life.erased_at
    assert (life.description, life.public_description, life.place_note) == ("", "", "")
    assert life.answers == {} and life.captured_at is None


def test_the_history_stays_without_their_notes(
    lan: Account, life: Report, official: Account
) -> None:
    theirs = change_by(official, life, "Đã nạo vét cống", Role.OFFICER)

    erase(lan.id, by=lan.id, at=now())

    db.session.expire_all()
    notes = dict(db.session.execute(select(StatusChange.role, StatusChange.note)).all())
    assert notes == {"reporter": "", "officer": "Đã nạo vét cống"}
    assert db.session.get_one(StatusChange, theirs.id).digest


def test_the_stars_stay_and_the_words_do_not(lan: Account, life: Report) -> None:
    erase(lan.id, by=lan.id, at=now())

    db.session.expire_all()
    rating = db.session.scalars(select(Rating)).one()
    comment = db.session.scalars(select(Comment)).one()
    assert (rating.stars, rating.comment) == (2, "")
    assert comment.text == "" and comment.hidden_at


def test_their_photos_are_gone_from_the_disk_once_committed(lan: Account, life: Report) -> None:
    keys = [k for p in db.session.scalars(select(Photo)) for k in (p.key, p.small_key)]
    for key in keys:
        storage.put(key, b"a picture")
    db.session.commit()

    erase(lan.id, by=lan.id, at=now())
    before = [storage.exists(key) for key in keys]
    db.session.commit()

    assert before == [True] * 4
    assert [storage.exists(key) for key in keys] == [False] * 4
    assert db.session.scalars(select(Photo)).all() == []


def test_a_rolled_back_erasure_loses_nothing(lan: Account, life: Report) -> None:
    key = db.session.scalars(select(Photo.key)).first()
    assert key
    storage.put(key, b"a picture")
    db.session.commit()

    erase(lan.id, by=lan.id, at=now())
    db.session.rollback()

    assert storage.exists(key)
    assert db.session.get_one(Report, life.id).description == WORDS


def test_the_phone_is_signed_out_and_its_number_free(
    client: FlaskClient, phone: Phone, lan: Account, life: Report
) -> None:
    headers = bearer(lan)

    assert client.delete("/api/v1/me", headers=headers).status_code == 204

    assert client.get("/api/v1/me", headers=headers).status_code == 401
    client.post("/api/v1/auth/otp", json={"phone": NUMBER})
    new = client.post("/api/v1/auth/otp/verify", json={"phone": NUMBER, "code": phone.code}).json
    assert UUID(new["account"]["id"]) != lan.id
    as_new = {"Authorization": f"Bearer {new['token']}"}
    assert client.get("/api/v1/me/export", headers=as_new).json["reports"] == []


def test_the_guests_they_once_were_are_forgotten_too(lan: Account, guest: Account) -> None:
    report = report_of(guest, WORDS)
    change_by(guest, report, WORDS)
    accounts.join_guest(guest.id, lan.id)
    assert db.session.get_one(Report, report.id, populate_existing=True).reporter_id == lan.id

    erase(lan.id, by=lan.id, at=now())

    assert "kiệt 12" not in everything()
    assert db.session.get_one(Account, guest.id, populate_existing=True).disabled_at


def test_other_people_keep_theirs(lan: Account, life: Report) -> None:
    other = accounts.create_resident("vi")
    identity.remember(other.id, name="Lê Văn Bình")
    theirs = report_of(other, "Đèn đường hỏng")
    token = tokens.issue(other)
    db.session.commit()

    erase(lan.id, by=lan.id, at=now())
    db.session.commit()

    db.session.refresh(theirs)
    assert theirs.description == "Đèn đường hỏng" and theirs.erased_at is None
    assert identity.own(other.id).name == "Lê Văn Bình"
    assert tokens.find(token)


def test_erasing_again_changes_nothing(lan: Account, life: Report) -> None:
    first = now()
    erase(lan.id, by=lan.id, at=first)
    erase(lan.id, by=None, at=now())

    assert db.session.get_one(Report, life.id, populate_existing=True).erased_at == first


def test_it_is_recorded_without_a_word_of_what_was_erased(lan: Account, life: Report) -> None:
    erase(lan.id, by=lan.id, at=now())

    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject) == ("person.erase", f"account:{lan.id}")
    assert set(entry.fields) >= {"name", "phone", "reports", "photos"}
    assert audit.verify_chain() == []


def test_an_officials_account_is_disabled_not_erased(
    client: FlaskClient, official: Account
) -> None:
    with pytest.raises(OfficialsStay):
        erase(official.id, by=None, at=now())

    answer = client.delete("/api/v1/me", headers=bearer(official))
    assert answer.status_code == 403
    assert "quản trị viên" in answer.json["detail"]


def test_erased_is_still_the_same_person_to_nobody(lan: Account, life: Report) -> None:
    erase(lan.id, by=lan.id, at=now())

    assert not ownership.is_same_person(lan.id, uuid4())


REWRITES = [
    "update status_change set note = 'khác'",
    "update status_change set at = now()",
    "delete from status_change",
    "truncate status_change cascade",
]


@pytest.mark.parametrize("rewrite", REWRITES)
def test_history_cannot_be_rewritten(life: Report, rewrite: str) -> None:
    with pytest.raises(DBAPIError, match="is append-only"):
        db.session.execute(text(rewrite))


@pytest.mark.parametrize("rewrite", REWRITES[1:])
def test_while_erasing_only_notes_may_change(life: Report, rewrite: str) -> None:
    db.session.execute(text("set local xom.erasing = 'on'"))

    with pytest.raises(DBAPIError, match="is append-only"):
        db.session.execute(text(rewrite))


def test_the_history_of_demo_reports_may_be_removed_with_them(life: Report) -> None:
    life.source = "demo"
    db.session.flush()
    with pytest.raises(DBAPIError, match="is append-only"), db.session.begin_nested():
        db.session.execute(text("delete from status_change"))
    db.session.execute(text("set local xom.erasing = 'on'"))

    db.session.execute(text("delete from status_change"))

    assert db.session.scalars(select(StatusChange)).all() == []


def test_after_an_erasure_history_is_closed_again(lan: Account, life: Report) -> None:
    erase(lan.id, by=lan.id, at=now())

    with pytest.raises(DBAPIError, match="is append-only"):
        db.session.execute(text(REWRITES[0]))


def test_i_can_download_what_is_kept_of_me(client: FlaskClient, lan: Account, life: Report) -> None:
    answer = client.get("/api/v1/me/export", headers=bearer(lan))

    mine: dict[str, Any] = answer.json
    assert mine["person"] == {"name": "Nguyễn Thị Lan", "phone": NUMBER, "email": None}
    assert [r["description"] for r in mine["reports"]] == [WORDS]
    assert mine["reports"][0]["category"] == "drain"
    assert [s["note"] for s in mine["steps"]] == [WORDS]
    assert [r["stars"] for r in mine["ratings"]] == [2]
    for kept in ("photos", "comments", "subscriptions", "devices", "messages"):
        assert len(mine[kept]) == (2 if kept == "photos" else 1), kept
    assert "attachment" in answer.headers["Content-Disposition"]


def test_a_download_holds_nothing_of_others(
    client: FlaskClient, lan: Account, life: Report
) -> None:
    other = accounts.create_resident("vi")
    change_by(other, life, "của người khác")

    answer = client.get("/api/v1/me/export", headers=bearer(other))

    assert WORDS not in answer.text and "Lan" not in answer.text
    assert answer.json["reports"] == []
    assert [s["note"] for s in answer.json["steps"]] == ["của người khác"]
