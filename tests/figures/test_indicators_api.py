"""The figures over HTTP: whose they are, in which shape, as a table, and under a permanent link."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.auth.models import AccountKind
from app.database import db
from reports.api.figure_schemas import AnswerOut, DefinitionsOut, FrozenOut, NewsOut, TrendOut
from reports.figures.definitions import FIGURES, VERSION
from reports.roles import grant
from reports.statuses import Role
from tests.figures.conftest import Counted
from tests.figures.story import ANIMALS, HEALTH, TOURISM
from tests.reports.test_api import Api

MARCH = "from=2026-03-01&to=2026-04-01"


def of(house_app: Flask, story: Counted, role: Role | None, office: str | None = None) -> Api:
    if role is None:
        return Api(house_app, None)
    return Api(house_app, story.official(role, office).account_id)


@pytest.fixture
def leader(house_app: Flask, story: Counted) -> Api:
    return of(house_app, story, Role.LEADER)


@pytest.fixture
def head(house_app: Flask, story: Counted) -> Api:
    return of(house_app, story, Role.HEAD, TOURISM)


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_json()


def fits(schema: Any, answered: Any) -> bool:
    """Does the answer hold what the description says, and nothing else?"""
    return schema().validate(answered) == {}


def test_a_leader_reads_all_figures_of_a_month(leader: Api) -> None:
    answer = ok(leader("GET", f"/indicators?{MARCH}"))

    assert fits(AnswerOut, answer)
    assert answer["period"] == {
        "from": "2026-03-01", "to": "2026-04-01", "name": "tháng 3/2026", "unfinished": False,
    }  # fmt: skip
    assert answer["as_of"] == "2026-04-01T05:00:00+00:00"
    assert set(answer["total"]["figures"]) == {figure.key for figure in FIGURES}
    on_time = answer["total"]["figures"]["on_time"]
    assert (on_time["value"], on_time["unit"], on_time["sample"]) == (0.55, "share", 20)
    assert on_time["change"]["state"] == "no_past"


@pytest.mark.parametrize("by", ["office", "area", "category", "day", "week", "month"])
def test_each_way_to_divide_them_fits_the_description(leader: Api, by: str) -> None:
    answer = ok(leader("GET", f"/indicators?{MARCH}&by={by}"))

    assert fits(AnswerOut, answer)
    assert sum(group["sums"]["received"] for group in answer["groups"]) == 31
    assert ("ranking" in answer, "marks" in answer) == (by == "office", by not in {
        "office", "area", "category",
    })  # fmt: skip


def test_every_office_is_ranked_or_listed_with_the_reason_why_not(
    leader: Api, story: Counted
) -> None:
    ranking = ok(leader("GET", f"/indicators?{MARCH}&by=office"))["ranking"]

    assert ranking["ranked"] == []  # twenty answers are wanted, and nobody had as many
    few = {one["code"] for one in ranking["too_few"]}
    nothing = {one["code"] for one in ranking["nothing"]}
    assert few == {HEALTH, TOURISM, story.city.centre.code}
    assert few | nothing == set(story.city.office_by_code)


def test_figures_are_narrowed_and_chosen(leader: Api) -> None:
    path = f"/indicators?{MARCH}&category={ANIMALS}&office={TOURISM}&figures=received,on_time"

    answer = ok(leader("GET", path))

    assert answer["scope"] == {"area": None, "category": ANIMALS, "office": TOURISM}
    assert list(answer["total"]["figures"]) == ["received", "on_time"]
    assert answer["total"]["figures"]["received"]["value"] == 6


def test_the_head_of_an_office_reads_the_figures_of_their_own_alone(head: Api) -> None:
    own = ok(head("GET", f"/indicators?{MARCH}&by=office"))
    others = head("GET", f"/indicators?{MARCH}&office={HEALTH}")

    assert own["scope"]["office"] == TOURISM
    assert [group["code"] for group in own["groups"]] == [TOURISM]
    assert own["total"]["sums"]["received"] == 7
    assert ok(others, 403)["type"].endswith("figures-of-your-office")


def test_nobody_counts_a_report_about_an_office_of_their_own(
    house_app: Flask, story: Counted, leader: Api
) -> None:
    about_the_centre = {"office": story.city.centre.id}
    accuse = text("update report set accused_office_id = :office where urgent")
    db.session.execute(accuse, about_the_centre)

    of_the_centre = ok(leader("GET", f"/indicators?{MARCH}&by=category"))
    another = of(house_app, story, Role.LEADER, HEALTH)
    elsewhere = ok(another("GET", f"/indicators?{MARCH}&by=category"))
    db.session.execute(accuse, {"office": None})

    assert of_the_centre["total"]["sums"]["received"] == 30
    assert elsewhere["total"]["sums"]["received"] == 31


def with_roles(house_app: Flask, story: Counted, *posts: tuple[Role, str]) -> Api:
    """Somebody who holds several roles."""
    name = " and ".join(f"{role} of {office}" for role, office in posts)
    account_id = story.person(name, AccountKind.OFFICIAL).account_id
    for role, code in posts:
        office = story.city.office(code)
        assert office is not None
        grant(account_id, role, office, by=None, at=story.at)  # type: ignore[arg-type]
    return Api(house_app, account_id)


def received(who: Api, path: str) -> int:
    return int(ok(who("GET", path))["total"]["sums"]["received"])


def on_the_map(who: Api) -> int:
    return sum(cell["count"] for cell in ok(who("GET", f"/heatmap?{MARCH}"))["items"])


def test_a_head_who_is_a_dispatcher_too_is_no_leader(house_app: Flask, story: Counted) -> None:
    """Seeing every report in the queue is one thing, the figures of the whole city another."""
    centre = story.city.centre.code
    both = with_roles(house_app, story, (Role.HEAD, TOURISM), (Role.DISPATCHER, centre))

    assert received(both, f"/indicators?{MARCH}") == on_the_map(both) == 7
    assert ok(both("GET", f"/indicators?{MARCH}&office={HEALTH}"), 403)
    assert ok(both("GET", f"/heatmap?{MARCH}&office={HEALTH}"), 403)
    assert ok(both("GET", "/figure-reports"), 403)


def test_a_head_who_works_for_the_one_accused_too_counts_the_same_on_page_and_map(
    house_app: Flask, story: Counted
) -> None:
    both = with_roles(house_app, story, (Role.HEAD, TOURISM), (Role.OFFICER, HEALTH))

    with accused("report.id in (select report_id from report_fact where urgent)", story, HEALTH):
        assert received(both, f"/indicators?{MARCH}") == on_the_map(both) == 6


def test_an_office_s_figures_hold_no_time_with_a_report_that_turned_out_to_be_about_it(
    leader: Api, head: Api, story: Counted
) -> None:
    """It led the report first; now nobody is told so who looks at the office."""
    path = f"/indicators?{MARCH}&office={TOURISM}"
    before = ok(head("GET", path))["total"]["sums"]["held_reports"]

    with accused("office_id <> :office and status = 'returned'", story, TOURISM):
        told = [ok(who("GET", path))["total"]["sums"]["held_reports"] for who in (head, leader)]

    assert told == [before - 1, before - 1]


@contextmanager
def accused(which: str, story: Counted, code: str) -> Iterator[None]:
    """As if these reports were about an office."""
    office = story.office_id(code)
    accuse = f"update report set accused_office_id = :office where {which}"
    db.session.execute(text(accuse), {"office": office})
    yield
    db.session.execute(text("update report set accused_office_id = null"))


def test_everybody_else_is_answered_what_was_published_alone(
    house_app: Flask, story: Counted
) -> None:
    """No month was published here: nothing is told, least of all a number."""
    for role in (None, Role.OFFICER, Role.DISPATCHER):
        api = of(house_app, story, role)

        answer = ok(api("GET", "/indicators?from=2026-03-01&to=2026-04-01"), 422)

        assert answer["type"] == "/problems/month-not-published"
        assert set(answer) == {"type", "title", "status", "detail", "instance", "errors"}


def test_wishes_that_cannot_be_met_are_told_in_the_readers_language(leader: Api) -> None:
    english = {"Accept-Language": "en"}
    cases = {
        "from=2026-03-02&to=2026-03-02": "empty-period",
        "from=2024-01-01&to=2026-01-02": "period-too-long",
        "figures=received,beauty": "unknown-figure",
        "by=colour": "invalid",
        "category=nothing-of-the-kind": "unknown-category",
    }

    for query, kind in cases.items():
        answer = leader("GET", f"/indicators?{query}", headers=english)
        assert ok(answer, 422)["type"].endswith(kind)
        assert answer.get_json()["detail"].isascii() or "“" in answer.get_json()["detail"]


def test_every_figure_has_its_definition_one_request_away(house_app: Flask, story: Counted) -> None:
    for language, name in (("vi", "Đúng hạn"), ("en", "On time")):
        answer = ok(Api(house_app, None, language)("GET", "/indicators/definitions"))

        assert fits(DefinitionsOut, answer)
        told = {item["key"]: item for item in answer["items"]}
        assert told["on_time"]["name"] == name
        assert all(item["definition"] and item["source"] for item in told.values())


def test_a_line_of_thirteen_months_has_tet_marked(leader: Api) -> None:
    answer = ok(leader("GET", "/indicators/trend?until=2026-03-15&figures=received,on_time"))

    assert fits(TrendOut, answer)
    received = [month["figures"]["received"]["value"] for month in answer["months"]]
    assert received == [0] * 11 + [1, 31]
    assert answer["months"][0]["code"] == "2025-03-01"
    tet = {"kind": "tet", "from": "2026-02-16", "to": "2026-02-21", "name": "Tết 2026"}
    assert answer["marks"] == [tet]
    assert not answer["period"]["unfinished"]


def test_of_a_city_without_a_past_no_news_can_be_told(leader: Api) -> None:
    answer = ok(leader("GET", f"/indicators/news?{MARCH}"))

    assert fits(NewsOut, answer)
    assert answer == {"compared": False, "items": []}


# As a table -------------------------------------------------------------------------------------


def test_any_table_is_given_as_csv_with_the_numbers_of_the_api(leader: Api) -> None:
    told = ok(leader("GET", f"/indicators?{MARCH}&by=office"))

    answer = leader("GET", f"/indicators?{MARCH}&by=office&format=csv")

    assert answer.status_code == 200
    assert answer.content_type == "text/csv; charset=utf-8"
    assert "indicators-2026-03-office.csv" in answer.headers["Content-Disposition"]
    body = answer.get_data()
    assert body.startswith(b"\xef\xbb\xbf")  # by which a spreadsheet knows UTF-8
    heads, *rows = csv.reader(io.StringIO(body.decode("utf-8-sig")))
    assert heads[:3] == ["Mã", "Đơn vị", "Phản ánh gửi đến"]
    assert len(rows) == len(told["groups"]) + 1
    for row, group in zip(rows, [*told["groups"], told["total"]], strict=True):
        assert row[0] == (group["code"] or "")
        told_cells = [
            figure[name]
            for figure in group["figures"].values()
            for name in ("value", "sample")[: 1 if figure["unit"] == "count" else 2]
        ]
        assert [float(cell) if cell else None for cell in row[2:]] == told_cells


def test_a_table_speaks_the_readers_language(leader: Api) -> None:
    english = {"Accept-Language": "en"}

    answer = leader("GET", f"/indicators?{MARCH}&format=csv&figures=on_time", headers=english)

    assert answer.get_data(as_text=True).splitlines() == [
        "\ufeffCode,Scope,On time (share of 1),On time: sample", ",All together,0.55,20",
    ]  # fmt: skip


# Permanent links --------------------------------------------------------------------------------


@contextmanager
def a_hundred_more() -> Iterator[None]:
    """As if a hundred reports more had been received in every group."""
    for by in (100, -100):
        db.session.execute(text("update figure_group set received = received + :by"), {"by": by})
        if by > 0:
            yield


def kept(leader: Api, **asked: Any) -> str:
    body = {"from": "2026-03-01", "to": "2026-04-01", **asked}
    return str(ok(leader("POST", "/figures/links", json=body), 201)["token"])


def test_a_permanent_link_gives_the_same_bytes_whatever_becomes_of_the_reports(
    leader: Api, story: Counted
) -> None:
    token = kept(leader, by="office")
    first = leader("GET", f"/figures/links/{token}").get_data()

    with a_hundred_more():
        assert ok(leader("GET", f"/indicators?{MARCH}"))["total"]["sums"]["received"] == 131
        again = leader("GET", f"/figures/links/{token}").get_data()

    assert again == first
    answer = ok(leader("GET", f"/figures/links/{token}"))
    assert fits(FrozenOut, answer)
    assert answer["total"]["figures"]["on_time"] | {"change": None} == {
        "value": 0.55, "unit": "share", "sample": 20, "change": None,
    }  # fmt: skip
    assert answer["as_of"] == "2026-04-01T05:00:00+00:00"  # its cut-off
    assert {one["key"] for one in answer["definitions"]} == {figure.key for figure in FIGURES}
    assert answer["definitions_version"] == VERSION


def test_a_link_keeps_the_language_and_the_figures_that_it_was_made_with(
    house_app: Flask, story: Counted, leader: Api
) -> None:
    token = kept(leader, figures="on_time", category=ANIMALS)
    english = Api(house_app, story.official(Role.LEADER).account_id, "en")

    answer = ok(english("GET", f"/figures/links/{token}"))

    assert answer["language"] == "vi"
    assert [one["name"] for one in answer["definitions"]] == ["Đúng hạn"]
    assert answer["asked"]["category"] == ANIMALS


def test_a_link_is_read_by_whoever_may_read_its_figures(
    house_app: Flask, story: Counted, leader: Api, head: Api
) -> None:
    of_all, of_tourism = kept(leader), kept(leader, office=TOURISM)

    assert ok(head("GET", f"/figures/links/{of_tourism}"))["scope"]["office"] == TOURISM
    assert ok(head("GET", f"/figures/links/{of_all}"), 404)["type"].endswith("no-such-figure-link")
    assert ok(leader("GET", "/figures/links/there-is-none"), 404)
    for role, status in ((None, 401), (Role.OFFICER, 403), (Role.DISPATCHER, 403)):
        reader = of(house_app, story, role)
        assert reader("GET", f"/figures/links/{of_all}").status_code == status


def test_a_link_is_not_read_by_whom_a_report_in_it_is_about(
    house_app: Flask, story: Counted, leader: Api
) -> None:
    token, of_april = kept(leader), kept(leader, **{"from": "2026-04-01", "to": "2026-05-01",
                                                    "compare": "none"})  # fmt: skip
    theirs = of(house_app, story, Role.LEADER, HEALTH)
    assert ok(theirs("GET", f"/figures/links/{token}"))

    with accused("report.id in (select report_id from report_fact where urgent)", story, HEALTH):
        answer = theirs("GET", f"/figures/links/{token}")
        assert ok(answer, 404)["type"].endswith("no-such-figure-link")
        assert ok(theirs("GET", f"/figures/links/{of_april}"))  # it was sent in March
        assert ok(leader("GET", f"/figures/links/{token}"))
        without = kept(theirs)
        assert ok(theirs("GET", f"/figures/links/{without}"))["total"]["sums"]["received"] == 30


def test_a_link_is_not_read_where_what_it_is_compared_with_holds_a_report_about_the_reader(
    house_app: Flask, story: Counted, leader: Api
) -> None:
    token = kept(leader, **{"from": "2026-04-01", "to": "2026-05-01"})
    theirs = of(house_app, story, Role.LEADER, HEALTH)

    with accused("report.id in (select report_id from report_fact where urgent)", story, HEALTH):
        assert ok(theirs("GET", f"/figures/links/{token}"), 404)


def test_what_the_head_of_an_office_freezes_is_the_office_s(head: Api) -> None:
    token = kept(head, by="category")

    answer = ok(head("GET", f"/figures/links/{token}"))

    assert answer["scope"]["office"] == TOURISM
    assert answer["total"]["sums"]["received"] == 7


def test_a_link_is_not_sent_twice_to_whoever_has_it(leader: Api) -> None:
    path = f"/figures/links/{kept(leader)}"
    first = leader("GET", path)

    again = leader("GET", path, headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert first.headers["Cache-Control"] == "private, no-cache"


def test_the_database_itself_refuses_to_change_a_link(leader: Api) -> None:
    token = kept(leader)

    for statement in (
        "update figure_link set answer = '' where token = :token",
        "delete from figure_link where token = :token",
    ):
        with pytest.raises(DBAPIError, match="append"), db.session.begin_nested():
            db.session.execute(text(statement), {"token": token})
