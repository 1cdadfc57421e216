"""Notices: who gives them, who reads them, in which words, for which areas, and until when."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app.auth.models import AuditEntry
from app.clock import now
from app.database import db
from reports import notices
from reports.city import merger, snapshot
from reports.city.demo import notices as of_the_demo
from reports.city.models import Area, Notice, NoticeKind
from reports.city.planning import Plan
from reports.notices import Told, Wording
from reports.statuses import Role
from tests.reports.conftest import MONDAY, House
from tests.reports.test_api import Api, official

FLOODED = "Đang ngập đường Bà Triệu, trung tâm đã biết."


def wording(**changes: Any) -> Wording:
    facts: dict[str, Any] = {
        "kind": NoticeKind.FLOOD,
        "text_vi": FLOODED,
        "text_en": "",
        "areas": ("19789",),
        "starts_at": None,
        "ends_at": MONDAY + timedelta(hours=6),
    }
    return Wording(**{**facts, **changes})


def give(house: House, **changes: Any) -> Notice:
    notice, _ = notices.give(uuid4(), wording(**changes), house.city, by=None, at=MONDAY)
    db.session.commit()
    return notice


def live(at: datetime = MONDAY, locale: str = "vi") -> list[Told]:
    return notices.live(snapshot.current(), locale=locale, at=at)


def asked(**changes: Any) -> dict[str, Any]:
    soon = now() + timedelta(hours=6)
    return {"id": str(uuid4()), "kind": "flood", "text_vi": FLOODED, "areas": ["19789"],
            "ends_at": soon.isoformat(), **changes}  # fmt: skip


def actions() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def run(app: Flask, *words: str) -> Result:
    db.session.commit()
    return app.test_cli_runner().invoke(args=list(words))


@pytest.fixture
def dispatcher(app: Flask, house: House) -> Api:
    return official(app, house, Role.DISPATCHER)


@pytest.fixture
def anybody(app: Flask, house: House) -> Api:
    return Api(app, None)


def test_a_notice_is_told_to_anyone_until_it_ends(house: House) -> None:
    notice = give(house, starts_at=MONDAY + timedelta(hours=1))

    assert live() == []
    (told,) = live(MONDAY + timedelta(hours=1))
    assert told == Told(notice.id, NoticeKind.FLOOD, FLOODED, ("19789",),
                        MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=6))  # fmt: skip
    assert live(MONDAY + timedelta(hours=6)) == []


def test_a_notice_falls_back_to_the_other_language(house: House) -> None:
    give(house)
    give(house, text_vi="", text_en="No water tonight.", kind=NoticeKind.WATER)
    give(house, text_en="Bà Triệu is flooded.", kind=NoticeKind.ROAD)

    assert {one.kind: one.text for one in live(locale="en")} == {
        "flood": FLOODED, "water": "No water tonight.", "road": "Bà Triệu is flooded."
    }  # fmt: skip
    assert {one.text for one in live()} == {FLOODED, "No water tonight."}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"text_vi": ""}, notices.NoticeWordless),
        ({"ends_at": MONDAY}, notices.NoticeOver),
        ({"starts_at": MONDAY - timedelta(days=2), "ends_at": MONDAY - timedelta(1)},
         notices.NoticeOver),
        ({"ends_at": MONDAY + timedelta(days=30, seconds=1)}, notices.NoticeTooLong),
        ({"areas": ("19789", "00000")}, notices.UnknownArea),
    ],
)  # fmt: skip
def test_what_is_no_notice_is_refused(
    house: House, changes: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        give(house, **changes)


def test_a_merger_of_wards_takes_their_notices_along(house: House) -> None:
    give(house, areas=("19753", "19789"))
    give(house, areas=("19777",), kind=NoticeKind.WATER)
    plan = Plan(old=("19753", "19789"), into="19700", name_vi="Phường Kinh Thành", name_en="K")

    merger.merge_areas(plan, by=None, at=MONDAY)
    db.session.commit()

    told = {one.kind: one.areas for one in notices.live(snapshot.current(), locale="vi", at=MONDAY)}
    assert told == {"flood": ("19700",), "water": ("19777",)}
    assert give(house_of_today(), areas=("19753",)).areas == ["19700"]


def house_of_today() -> House:
    return House(snapshot.current())


def test_a_notice_for_an_area_that_is_gone_is_not_one_for_everybody(house: House) -> None:
    give(house)
    area = db.session.scalars(select(Area).where(Area.code == "19789")).one()
    area.valid_until = area.valid_from
    db.session.commit()
    snapshot.forget()

    assert live() == []


def test_the_centre_gives_a_notice_and_a_phone_reads_it(dispatcher: Api, anybody: Api) -> None:
    body = asked(text_en="Bà Triệu street is flooded.")

    given = dispatcher("POST", "/notices", json=body)
    read = anybody("GET", "/notices")

    assert given.status_code == 201, given.json
    assert read.json == {"items": [given.json], "next": None}
    assert given.json["id"] == body["id"]
    assert (given.json["kind"], given.json["text"]) == ("flood", FLOODED)
    assert given.json["areas"] == ["19789"]
    assert actions()[-1] == "notice.give"
    english = anybody("GET", "/notices", headers={"Accept-Language": "en"})
    assert english.json["items"][0]["text"] == "Bà Triệu street is flooded."


def test_a_phone_that_has_the_notices_is_told_that_nothing_changed(
    dispatcher: Api, anybody: Api
) -> None:
    empty = anybody("GET", "/notices")
    given = dispatcher("POST", "/notices", json=asked(areas=[]))
    full = anybody("GET", "/notices")
    again = anybody("GET", "/notices", headers={"If-None-Match": full.headers["ETag"]})

    assert empty.json == {"items": [], "next": None}
    assert given.json["areas"] == []
    assert full.headers["ETag"] != empty.headers["ETag"]
    assert full.headers["Cache-Control"] == "public, max-age=60"
    assert (again.status_code, again.data) == (304, b"")


def test_a_repeat_is_the_same_notice_and_other_words_are_not(dispatcher: Api) -> None:
    body = asked()
    first = dispatcher("POST", "/notices", json=body)

    again = dispatcher("POST", "/notices", json=body)
    other = dispatcher("POST", "/notices", json={**body, "text_vi": "Nước đã rút."})

    assert (again.status_code, again.json) == (200, first.json)
    assert other.status_code == 409
    assert actions().count("notice.give") == 1


def test_a_notice_is_ended_before_its_time(dispatcher: Api, anybody: Api) -> None:
    notice = dispatcher("POST", "/notices", json=asked()).json

    ended = dispatcher("DELETE", f"/notices/{notice['id']}")
    again = dispatcher("DELETE", f"/notices/{notice['id']}")
    unknown = dispatcher("DELETE", f"/notices/{uuid4()}")

    assert (ended.status_code, again.status_code, unknown.status_code) == (204, 204, 404)
    assert anybody("GET", "/notices").json["items"] == []
    assert actions().count("notice.end") == 1


@pytest.mark.parametrize(
    ("role", "office", "status"),
    [
        (Role.DISPATCHER, None, 201), (Role.HEAD, None, 201), (Role.ADMIN, None, 201),
        (Role.LEADER, None, 403), (Role.OFFICER, "ubnd-19789", 403),
        (Role.HEAD, "ubnd-19789", 403),
    ],
)  # fmt: skip
def test_the_centre_alone_speaks_for_the_city(
    app: Flask, house: House, role: Role, office: str | None, status: int
) -> None:
    official_ = official(app, house, role, office)

    answer = official_("POST", "/notices", json=asked())

    assert answer.status_code == status
    assert official_("DELETE", f"/notices/{uuid4()}").status_code == (404 if status == 201 else 403)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_at": None}, {"kind": "party"}, {"areas": ["x" * 21]}, {"text_vi": "x" * 301},
        {"text_vi": "  "}, {"ends_at": "2020-01-01T00:00:00Z"}, {"ends_at": "2050-01-01T00:00:00Z"},
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_field(dispatcher: Api, wrong: dict[str, Any]) -> None:
    answer = dispatcher("POST", "/notices", json=asked(**wrong))

    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"].split("/")[0] == next(iter(wrong))


def test_what_is_dangerous_is_told_first_and_then_the_newest(house: House) -> None:
    for hours, kind in enumerate([NoticeKind.FLOOD, NoticeKind.WATER, NoticeKind.POWER]):
        give(house, kind=kind, starts_at=MONDAY - timedelta(hours=3 - hours))

    assert [one.kind for one in live()] == ["flood", "power", "water"]


def test_one_phone_is_told_so_many_and_no_more(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "MOST_TOLD", 2)
    for area in ("19753", "19777", "19789"):
        give(house, areas=(area,), kind=NoticeKind.FLOOD if area == "19753" else NoticeKind.WATER)

    told = live()

    assert len(told) == 2 and told[0].areas == ("19753",)


def test_a_ward_has_room_for_five_and_the_city_for_five_of_its_own(
    dispatcher: Api, house: House
) -> None:
    body = asked(areas=["19789", "19777"])
    for each in (body, *(asked() for _ in range(4)), *(asked(areas=[]) for _ in range(5))):
        assert dispatcher("POST", "/notices", json=each).status_code == 201

    ward, city = (dispatcher("POST", "/notices", json=asked(areas=a)) for a in (["19789"], []))
    elsewhere = dispatcher("POST", "/notices", json=asked(areas=["19777"]))
    again = dispatcher("POST", "/notices", json=body)

    assert (ward.status_code, city.status_code) == (409, 409)
    assert ward.json["type"].endswith("enough-notices")
    assert (elsewhere.status_code, again.status_code) == (201, 200)
    dispatcher("DELETE", f"/notices/{body['id']}")
    assert dispatcher("POST", "/notices", json=asked()).status_code == 201


def test_the_operator_puts_a_notice_up_and_takes_it_down(app: Flask, house: House) -> None:
    added = run(app, "notices", "add", "flood", FLOODED, "--area", "19789", "--hours", "3")
    listed = run(app, "notices", "list")
    ended = run(app, "notices", "end", added.output.split()[-1])
    after = run(app, "notices", "list")

    assert added.exit_code == 0, added.output
    assert FLOODED in listed.output and "19789" in listed.output
    assert ended.exit_code == 0, ended.output
    assert after.output == "No notice stands.\n"
    assert actions()[-2:] == ["notice.give", "notice.end"]


def test_the_operators_notice_needs_its_end(app: Flask, house: House) -> None:
    assert run(app, "notices", "add", "flood", FLOODED).exit_code != 0
    planned = run(app, "notices", "add", "power", "Cắt điện.", "--from", "2050-01-01 08:00",
                  "--until", "2050-01-01 17:00")  # fmt: skip
    assert "It stands until 01/01 17:00" in planned.output
    assert "01/01 08:00 to 01/01 17:00  everywhere" in run(app, "notices", "list").output


def test_the_demos_notices_stand_anew_each_time_and_go_with_it(app: Flask, house: House) -> None:
    real = give(house)

    first = of_the_demo.put_up(at=MONDAY)
    later = MONDAY + timedelta(days=3)
    second = of_the_demo.put_up(at=later)
    db.session.commit()

    assert first == second == 2
    assert len(live(later)) == 2
    assert all(one.areas for one in live(later))
    of_the_demo.take_down()
    db.session.commit()
    assert [row.id for row in db.session.scalars(select(Notice))] == [real.id]
