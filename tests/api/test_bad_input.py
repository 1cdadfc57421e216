"""What people and broken phones send, answered in both languages, and nothing is half stored."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from app.database import db
from reports.city import snapshot
from reports.models import Photo
from tests.api.callers import Town
from tests.api.test_sentences import VIETNAMESE
from tests.auth.conftest import other_ports
from tests.auth.people import Phone, wrong
from tests.conftest import inside_one_transaction
from tests.photos.jpegs import endless

PROBLEM = "application/problem+json"
#: What a refusal may leave behind: tries of a code are counted, whatever comes of them.
COUNTED = {"one_time_code", "counter", "token"}


@dataclass
class Sender:
    """Somebody's phone, in one of the two languages."""

    town: Town
    language: str
    who: str = "guest"
    photos: dict[str, str] = field(default_factory=dict)

    def __call__(self, method: str, path: str, **kwargs: Any) -> TestResponse:
        headers = {
            "Accept-Language": self.language,
            "Authorization": f"Bearer {self.town.token_of(self.who)}",
            **kwargs.pop("headers", {}),
        }
        db.session.commit()
        with self.town.app.app_context():
            client = FlaskClient(self.town.app, self.town.app.response_class)
            return client.open(f"/api/v1{path}", method=method, headers=headers, **kwargs)

    def sends(self, **changes: Any) -> TestResponse:
        body = {"id": str(uuid4()), "category": "khac", "description": "Cống nghẹt.",
                "lat": 16.4675, "lng": 107.5885, **changes}  # fmt: skip
        return self("POST", "/reports", json=body)

    def takes(self, number: int, step: str, version: int, **order: Any) -> TestResponse:
        body = {"id": str(uuid4()), "step": step, **order}
        path = f"/reports/{self.town.reports[number]}/steps"
        return self("POST", path, json=body, headers={"If-Match": f'"v{version}"'})


@pytest.fixture
def app(town: Town) -> Iterator[Flask]:
    """The town, undone after each test."""
    with inside_one_transaction(town.app):
        snapshot.forget()
        yield town.app
        snapshot.forget()


@pytest.fixture(params=["vi", "en"])
def sender(app: Flask, town: Town, request: pytest.FixtureRequest) -> Sender:
    return Sender(town, request.param)


def rows() -> dict[str, int]:
    """How many rows each table has, but for those that count tries."""
    tables = db.session.scalars(text("select tablename from pg_tables where schemaname = 'public'"))
    kept = {name: db.session.scalar(text(f'select count(*) from "{name}"')) for name in tables}
    db.session.commit()
    return {name: number or 0 for name, number in kept.items() if name not in COUNTED}


def a_far_place(sender: Sender) -> TestResponse:
    return sender.sends(lat=21.0278, lng=105.8342)  # Hà Nội


def swapped_coordinates(sender: Sender) -> TestResponse:
    return sender.sends(lat=107.5885, lng=16.4675)


def an_unknown_category(sender: Sender) -> TestResponse:
    return sender.sends(category="khong-co")


def nine_megabytes(sender: Sender) -> TestResponse:
    return sender.sends(description="ngập " * 1_900_000)


def too_many_words(sender: Sender) -> TestResponse:
    return sender.sends(description="ngập " * 1_001)


def a_broken_photo(sender: Sender) -> TestResponse:
    whole = endless(400, 300)
    headers = {"Content-Type": "image/jpeg"}
    return sender("PUT", f"/photos/{uuid4()}", data=whole[: len(whole) // 2], headers=headers)


def no_photo_at_all(sender: Sender) -> TestResponse:
    return sender("PUT", f"/photos/{uuid4()}", data=b"<html>Not a picture</html>")


def somebody_elses_photo(sender: Sender) -> TestResponse:
    return sender.sends(photos=[sender.photos["dispatcher's"]])


def a_photo_that_never_came(sender: Sender) -> TestResponse:
    return sender.sends(photos=[str(uuid4())])


def a_step_not_allowed(sender: Sender) -> TestResponse:
    return sender.takes(1, "confirm", 2)


def a_step_of_somebody_else(sender: Sender) -> TestResponse:
    return sender.takes(1, "start", 2)


def a_stale_version(sender: Sender) -> TestResponse:
    sender.who = "dispatcher"
    return sender.takes(1, "hide", 1, note="Thử.")


def no_version(sender: Sender) -> TestResponse:
    sender.who = "dispatcher"
    body = {"id": str(uuid4()), "step": "hide", "note": "Thử."}
    return sender("POST", f"/reports/{sender.town.reports[1]}/steps", json=body)


def a_step_without_what_it_needs(sender: Sender) -> TestResponse:
    sender.who = "dispatcher"
    return sender.takes(0, "reject", 1, note="Chưa rõ.")


def another_report_of_that_id(sender: Sender) -> TestResponse:
    return sender.sends(id=str(sender.town.reports[0]))


Wrong = Callable[[Sender], TestResponse]
#: What is sent, what is answered, the field that is named, and words of the sentence.
CASES: list[tuple[Wrong, int, str, str, str]] = [
    (a_far_place, 422, "lat", "ở ngoài thành phố, cách ranh giới", "outside the city, "),
    (swapped_coordinates, 422, "lat", "từ -90 đến 90", "from -90 to 90"),
    (an_unknown_category, 422, "category", "Không có lĩnh vực này", "no such category"),
    (nine_megabytes, 413, "", "quá lớn", "too large"),
    (too_many_words, 422, "description", "Quá dài", "Too long"),
    (a_broken_photo, 422, "", "Ảnh này hỏng", "photo is damaged"),
    (no_photo_at_all, 415, "", "không phải ảnh", "not a JPEG"),
    (somebody_elses_photo, 422, "photos", "chưa gửi lên được", "have not arrived"),
    (a_photo_that_never_came, 422, "photos", "chưa gửi lên được", "have not arrived"),
    (a_step_not_allowed, 403, "", "“Xong rồi” khi phản ánh đang", "“It is done” cannot be done"),
    (a_step_of_somebody_else, 403, "", "không thuộc quyền của bạn", "is not yours to do"),
    (a_stale_version, 412, "", "vừa thay đổi", "changed meanwhile"),
    (no_version, 428, "If-Match", "phiên bản đang xem", "version that you are looking at"),
    (a_step_without_what_it_needs, 422, "reason", "Chọn một lý do", "Choose a reason"),
    (another_report_of_that_id, 409, "", "đã dùng cho một phản ánh khác", "already belongs"),
]


@pytest.mark.parametrize(
    ("act", "status", "at", "vi", "en"), CASES, ids=[case[0].__name__ for case in CASES]
)
def test_it_is_refused_in_the_readers_language_and_nothing_is_half_stored(
    sender: Sender, act: Wrong, status: int, at: str, vi: str, en: str
) -> None:
    sender.photos["dispatcher's"] = a_photo_of(sender.town, "dispatcher")
    before = rows()

    answer = act(sender)

    assert answer.status_code == status, answer.text
    assert_said(answer, sender.language, vi, en)
    named = [error["field"] for error in answer.json.get("errors", [])]
    assert named == ([at] if at else [])
    assert rows() == before


def assert_said(answer: TestResponse, language: str, vi: str, en: str) -> None:
    """A problem whose every sentence is in the reader's language, one of them with these words."""
    assert answer.content_type == PROBLEM
    assert answer.headers["Content-Language"] == language
    sentences = [answer.json["detail"], *(e["detail"] for e in answer.json.get("errors", []))]
    assert any((vi if language == "vi" else en) in sentence for sentence in sentences), sentences
    for sentence in [answer.json["title"], *sentences]:
        # What people call a thing stays as it is: “…”.
        plain = re.sub("“[^”]*”|Huế|Xóm", "", sentence)
        assert bool(VIETNAMESE.search(plain)) == (language == "vi"), sentence


def a_photo_of(town: Town, who: str) -> str:
    photo_id = uuid4()
    db.session.add(Photo(id=photo_id, owner_id=town.accounts[who], sha256=b"x" * 32,
                         key=f"{photo_id}.jpg", small_key=f"{photo_id}-400.jpg", width=4, height=3,
                         thumbhash=b"", likeness=0))  # fmt: skip
    db.session.commit()
    return str(photo_id)


def test_what_hangs_on_a_step_is_refused_with_the_step(sender: Sender) -> None:
    """The step itself was right and would have moved the report: not a trace of it stays."""
    theirs = a_photo_of(sender.town, "dispatcher")
    sender.who = "dispatcher"
    sender.takes(0, "ask", 1, note="Ở đâu?")
    sender.who = "guest"
    before = rows()

    answer = sender.takes(0, "answer", 2, note="Sau nhà.", photos=[theirs])

    assert answer.status_code == 422
    assert answer.json["missing_photos"] == [theirs]
    assert_said(answer, sender.language, "chưa gửi lên được", "have not arrived")
    assert rows() == before
    assert db.session.get_one(Photo, theirs).change_id is None
    seen = sender("GET", f"/reports/{sender.town.reports[0]}").json
    assert (seen["status"], seen["version"]) == ("waiting", 2)


def test_six_wrong_codes_and_the_right_one_is_dead_too(sender: Sender) -> None:
    phone = Phone()
    with other_ports(sender.town.app, send_code=phone):
        sender("POST", "/auth/otp", json={"phone": "0905123456"})
        code, before = phone.code, rows()

        def tries(text_: str) -> TestResponse:
            body = {"phone": "0905 123 456", "code": text_}
            return sender("POST", "/auth/otp/verify", json=body)

        answers = [tries(wrong(code)) for _ in range(6)]
        right = tries(code)

    assert [answer.status_code for answer in answers] == [422] * 6
    for left, answer in zip((4, 3, 2, 1), answers, strict=False):
        assert_said(answer, sender.language, f"còn {left} lần thử", f"Tries left: {left}")
    for answer in (*answers[4:], right):
        assert answer.status_code == 422
        assert_said(answer, sender.language, "Hãy xin mã mới", "Ask for a new one")
    assert rows() == before
