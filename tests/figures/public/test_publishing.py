"""A month is published once and for ever; what anyone is told of it adds up."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from app.database import db
from reports.figures.periods import month
from reports.figures.public import published, publishing, tasks
from reports.figures.public.models import PublicMonth, PublicNote
from reports.figures.public.publishing import MonthNotOver, publish
from reports.models import Report
from reports.statuses import Outcome, Status
from tests.figures.public.conftest import APRIL, MARCH, Town, keep_figures

FIRST = month(2026, 3)


def asks(app: Flask, path: str) -> Any:
    db.session.commit()
    return app.test_client().get(f"/api/v1{path}", headers={"Accept-Language": "vi"})


def told(app: Flask, path: str) -> Any:
    answer = asks(app, path)
    assert answer.status_code == 200, answer.text
    return answer.json


@pytest.fixture
def march(town: Town) -> Town:
    """Two wards with crowds (one also of private matters), one with a single report of each."""
    for number in range(12):
        town.sends(number, at=MARCH, area="19789")
        town.sends(number, at=MARCH + timedelta(days=1), area="20044", category="rac-thai")
    for number in range(20, 29):
        town.sends(number, at=MARCH, area="19789", category="thu-tuc")
    town.sends(40, at=MARCH, area="19753")
    town.sends(41, at=MARCH, area="19753", category="thu-tuc")
    town.settle()
    return town


def test_before_anything_is_published_the_public_is_told_so(app: Flask, town: Town) -> None:
    heat, figures = told(app, "/heatmap"), told(app, "/indicators")

    assert (heat["items"], heat["published"], heat["public"]) == ([], [], True)
    assert figures["published"] == [] and figures["total"]["sums"]["received"] is None
    assert told(app, "/open-data")["items"] == []


def test_totals_equal_their_parts_and_count_what_nobody_may_read(app: Flask, march: Town) -> None:
    publish(FIRST, at=APRIL)

    by_area = told(app, "/indicators?by=area")
    heat = told(app, "/heatmap?resolution=6")

    total = by_area["total"]["sums"]
    assert (total["received"], total["published"], total["not_public"]) == (35, 25, 10)
    for name in ("published", "not_public"):
        assert sum(group["sums"][name] or 0 for group in by_area["groups"]) == total[name]
    assert sum(item["count"] for item in heat["items"]) + heat["elsewhere"] == total["received"]
    assert [one["month"] for one in heat["published"]] == ["2026-03"]
    assert "Số của một ô là ít nhất" in heat["note"]
    assert "Số của một ô" not in by_area["note"]


def test_a_lonely_report_stands_in_no_ward_cell_or_category_of_its_own(
    app: Flask, march: Town
) -> None:
    publish(FIRST, at=APRIL)

    by_area = told(app, "/indicators?by=area")
    groups = {group["code"]: group["sums"] for group in by_area["groups"]}

    assert "19753" not in groups
    # Its ward joins the rest, which takes a second ward along, since it would be one person.
    assert groups["rest"]["published"] == 13
    assert set(groups) == {"rest", "19789"} or set(groups) == {"rest", "20044"}
    # The nine that nobody may read would give the tenth away.
    assert all(sums["not_public"] in {None, 10} for sums in groups.values())


def test_what_happens_later_changes_no_published_month(app: Flask, march: Town) -> None:
    publish(FIRST, at=APRIL)
    paths = ("/heatmap?resolution=8", "/indicators?by=category", "/open-data/2026-03-groups.csv",
             "/open-data/2026-03.csv")  # fmt: skip
    before = [asks(app, path).data for path in paths]

    march.sends(60, at=MARCH, area="19789")
    march.settle()
    db.session.execute(update(Report).values(status=Status.RESOLVED, outcome=Outcome.FIXED))
    keep_figures()

    assert publish(FIRST, at=APRIL + timedelta(days=9)) is False
    assert [asks(app, path).data for path in paths] == before


def test_the_database_itself_keeps_what_was_published(march: Town) -> None:
    publish(FIRST, at=APRIL)

    for what in ("update public_atom set reports = 1", "delete from public_row",
                 "update public_month set as_of = now()"):  # fmt: skip
        with pytest.raises(DBAPIError, match="what was published stays"), db.session.begin_nested():
            db.session.execute(text(what))


def test_a_month_is_published_on_the_day_its_figures_are_settled_and_not_before(
    march: Town,
) -> None:
    eve, day = datetime(2026, 4, 4, 22, 59, tzinfo=UTC), datetime(2026, 4, 4, 23, tzinfo=UTC)

    with pytest.raises(MonthNotOver) as refusal:
        publish(FIRST, at=eve)

    assert "2026-04-05" in refusal.value.sentence("vi")
    assert publishing.due(at=eve) == []
    assert publishing.due(at=day) == [FIRST]
    assert publish(FIRST, at=day) is True
    assert publishing.due(at=day) == []


def test_the_job_publishes_every_month_that_is_settled_and_nothing_twice(march: Town) -> None:
    db.session.commit()

    first, again = tasks.publish_due(), tasks.publish_due()

    assert first > 0 and again == 0
    assert db.session.get(PublicMonth, FIRST.since) is not None


def test_a_month_is_published_by_command_once(app: Flask, march: Town) -> None:
    db.session.commit()
    command = app.test_cli_runner()

    said = [command.invoke(args=["figures", "publish", month]) for month in ("2026-03", "2026-03")]
    refused = command.invoke(args=["figures", "publish", "2026-Q1"])

    assert [one.output for one in said] == ["2026-03 is published.\n", "Nothing new to publish.\n"]
    assert refused.exit_code == 2 and "no month such as 2026-10" in refused.output


def test_a_month_without_reports_is_published_like_one_with_few(app: Flask, march: Town) -> None:
    publish(FIRST, at=APRIL)
    march.sends(3, at=APRIL - timedelta(days=3), area="19789")
    march.settle()
    publish(month(2026, 4), at=APRIL + timedelta(days=30))
    publish(month(2026, 5), at=APRIL + timedelta(days=60))

    one, none = (
        told(app, f"/indicators?from=2026-{m:02}-01&to=2026-{m + 1:02}-01") for m in (4, 5)
    )

    assert one["total"] == none["total"]
    assert one["total"]["sums"]["received"] is None


@pytest.mark.parametrize(
    ("path", "code", "field"),
    [
        ("/heatmap?from=2026-03-02", "whole-months-only", "from"),
        ("/heatmap?from=2026-03-01&to=2026-03-15", "whole-months-only", "to"),
        ("/heatmap?from=2026-04-01&to=2026-03-01", "no-such-period", "to"),
        ("/heatmap?status=open", "not-in-public-figures", "status"),
        ("/heatmap?office=ubnd-19789", "not-in-public-figures", "office"),
        ("/heatmap?frames=day", "not-in-public-figures", "frames"),
        ("/heatmap?resolution=10", "too-fine-for-public", "resolution"),
        ("/indicators?by=day", "not-in-public-figures", "by"),
        ("/indicators?by=office&area=19789", "one-at-a-time", "by"),
        ("/indicators?office=ubnd-19789&area=19789", "one-at-a-time", "office"),
    ],
)
def test_what_the_groups_do_not_carry_is_refused_in_a_sentence(
    app: Flask, march: Town, path: str, code: str, field: str
) -> None:
    publish(FIRST, at=APRIL)

    answer = asks(app, path)

    assert answer.status_code == 422
    assert answer.json["type"].endswith(code)
    assert answer.json["errors"][0]["field"] == field


def test_what_became_of_reports_is_told_of_those_that_anyone_may_read(
    app: Flask, march: Town
) -> None:
    publish(FIRST, at=APRIL)
    rows = [*csv.DictReader(io.StringIO(asks(app, "/open-data/2026-03.csv").text.lstrip("\ufeff")))]

    by_office = told(app, "/indicators?by=office")

    assert by_office["total"]["sums"]["open"] == len(rows) == 25  # ten more are private
    assert by_office["groups"]
    for group in by_office["groups"]:
        public = [row for row in rows if row["office"] == group["code"]]
        if group["code"] != "rest":
            assert group["sums"]["published"] == group["sums"]["open"] == len(public)
        assert (group["sums"]["received"], group["sums"]["not_public"]) == (None, None)


def test_of_a_month_that_was_cut_by_the_first_rules_only_the_groups_are_told(
    app: Flask, march: Town
) -> None:
    publish(FIRST, at=APRIL)
    db.session.execute(text("set local xom.erasing = 'on'"))
    db.session.execute(text("alter table public_month disable trigger user"))
    db.session.execute(text("update public_month set told = told || '{\"rules\": 1}'"))
    db.session.execute(text("alter table public_month enable trigger user"))

    for by in ("area", "category", "office"):
        answer = told(app, f"/indicators?by={by}")

        assert answer["total"]["sums"]["received"] == 35
        for group in (*answer["groups"], answer["total"]):
            assert group["sums"]["open"] is group["sums"]["resolved"] is None


def test_a_ward_through_the_months(app: Flask, march: Town) -> None:
    publish(FIRST, at=APRIL)
    for number in range(7):
        march.sends(number, at=APRIL, area="19789")
    march.settle()
    publish(month(2026, 4), at=APRIL + timedelta(days=30))

    ward = told(app, "/indicators?area=19789&by=month&from=2026-03-01&to=2026-05-01")

    assert [group["code"] for group in ward["groups"]] == ["2026-03-01", "2026-04-01"]
    assert ward["groups"][1]["sums"]["published"] == 7


def test_the_files_hold_what_anyone_may_read_and_nothing_else(app: Flask, march: Town) -> None:
    publish(FIRST, at=APRIL)

    catalogue = told(app, "/open-data")["items"][0]
    rows = [*csv.DictReader(io.StringIO(asks(app, "/open-data/2026-03.csv").text.lstrip("\ufeff")))]
    features = json.loads(asks(app, "/open-data/2026-03.geojson").data)["features"]
    bulk = json.loads(asks(app, "/open-data/2026-03-georeport.json").data)
    xml = ET.fromstring(asks(app, "/open-data/2026-03-georeport.xml").data)  # noqa: S314 (ours)
    groups = asks(app, "/open-data/2026-03-groups.csv").text.lstrip("\ufeff")

    assert len(rows) == len(features) == len(bulk) == len(xml) == catalogue["rows"] == 25
    assert {row["category"] for row in rows}.isdisjoint({"thu-tuc"})
    assert sum(int(row["reports"]) for row in csv.DictReader(io.StringIO(groups))) == 35
    assert catalogue["received"] == 35
    assert [child.tag for child in xml[0]][:3] == [
        "service_request_id", "requested_datetime", "updated_datetime"
    ]  # fmt: skip
    assert bulk[0]["requested_datetime"] == "2026-03-09T10:00:00+07:00"
    everything = asks(app, "/open-data/2026-03.csv").text + json.dumps(bulk)
    assert "Cống trước trường" not in everything  # the words of the report
    assert not any(str(person) in everything for person in march.people)


def test_a_report_that_is_erased_or_hidden_leaves_the_files_and_the_etag_tells(
    app: Flask, march: Town
) -> None:
    publish(FIRST, at=APRIL)
    before = asks(app, "/open-data/2026-03.csv")
    code = before.text.splitlines()[1].split(",")[0]

    db.session.execute(
        update(Report).where(Report.code == code.replace("-", "")).values(erased_at=APRIL)
    )
    published.forget()  # five minutes later
    after = asks(app, "/open-data/2026-03.csv")

    assert code in before.text and code not in after.text
    assert before.headers["ETag"] != after.headers["ETag"]
    assert told(app, "/indicators")["total"]["sums"]["published"] == 25


def test_a_file_that_a_caller_has_is_not_sent_again(app: Flask, march: Town) -> None:
    publish(FIRST, at=APRIL)
    first = asks(app, "/open-data/2026-03.csv")

    again = app.test_client().get(
        "/api/v1/open-data/2026-03.csv",
        headers={"Accept-Language": "vi", "If-None-Match": first.headers["ETag"]},
    )

    assert (again.status_code, again.data) == (304, b"")


def test_a_file_that_there_is_not_is_a_sentence(app: Flask, march: Town) -> None:
    publish(FIRST, at=APRIL)

    for name in ("2026-04.csv", "2026-03.xlsx", "x", "2026-03-groups.xml"):
        answer = asks(app, f"/open-data/{name}")

        assert answer.status_code == 404
        assert answer.json["type"].endswith("no-such-open-data")


def test_changes_are_noted_in_fives_and_only_of_enough_people(app: Flask, march: Town) -> None:
    publish(FIRST, at=APRIL)
    senders = db.session.query(Report).filter(Report.area_id == march.city.area_by_code["20044"].id)
    for report in senders.limit(4):
        a_step(report, at=APRIL + timedelta(days=20))

    assert publishing.note_changes(at=APRIL + timedelta(days=29)) == 0
    for report in senders:
        a_step(report, at=APRIL + timedelta(days=30))
    assert publishing.note_changes(at=APRIL + timedelta(days=31)) == 1

    assert told(app, "/open-data")["items"][0]["changed_since"] == 10
    assert db.session.query(PublicNote).count() == db.session.query(PublicMonth).count() == 1


def test_steps_of_reports_that_nobody_may_read_are_noted_nowhere(march: Town) -> None:
    publish(FIRST, at=APRIL)
    private = db.session.query(Report).filter(Report.published_at.is_(None)).all()
    for report in private:
        a_step(report, at=APRIL + timedelta(days=20))

    assert len(private) == 10
    assert publishing.note_changes(at=APRIL + timedelta(days=29)) == 0


def a_step(report: Report, *, at: datetime) -> None:
    db.session.execute(
        text(
            "insert into status_change (id, report_id, version, step, after, at, account_id, role,"
            " note, facts, digest) values (gen_random_uuid(), :id, (select coalesce(max(version),"
            " 0) + 1 from status_change where report_id = :id), 'amend', :after, :at, :who,"
            " 'system', '', '{}', '')"
        ),
        {"id": report.id, "after": report.status, "at": at, "who": report.reporter_id},
    )
