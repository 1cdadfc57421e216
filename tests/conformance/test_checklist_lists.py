"""The contract's checklist (its §10), of lists: lines 10 to 12 and 15."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.clock import now
from app.database import db
from app.factory import create_app
from reports.city import snapshot
from reports.models import Report
from reports.statuses import Role
from tests.conformance.conftest import Town, moment
from tests.conftest import config_for, new_database
from tests.reports.conftest import House

# 10 Ninety days or a thousand --------------------------------------------------------------------


def test_10_without_dates_the_last_ninety_days_are_told(town: Town) -> None:
    assert town.codes["old"] not in town.ids()

    since = moment(now() - timedelta(days=101))
    assert town.codes["old"] in town.ids(start_date=since)
    assert town.codes["open"] not in town.ids(end_date=moment(now() - timedelta(days=95)))


@pytest.fixture
def crowded(server_url: str, city_template: str) -> Iterator[Flask]:
    """A city of a thousand and one shown requests."""
    with new_database(server_url, city_template, f"{city_template}_crowd") as url:
        app = create_app(config_for(url))
        with app.app_context():
            snapshot.forget()
            house = House(snapshot.current(), at=now() - timedelta(days=3))
            house.official(Role.DISPATCHER)
            db.session.commit()
            first = house.submits()
            house.takes(house.official(Role.DISPATCHER), "accept", first)
            db.session.commit()
            _copy(first.id, 1000)
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _copy(report_id: Any, times: int) -> None:
    """The same report, so often, a minute apart, with its last step."""
    generated = {"act_by", "shown", "id", "code", "submitted_at"}
    same = ", ".join(c.name for c in Report.__table__.columns if c.name not in generated)
    copied = f"""
        with made as (
            insert into report (id, code, submitted_at, {same})
            select gen_random_uuid(), lpad(n::text, 9, '0') || 'X',
                   submitted_at + n * interval '1 minute', {same}
              from report, generate_series(1, {times}) as n where id = :id
            returning id
        )
        insert into status_change
               (id, report_id, version, step, before, after, at, account_id, role, note, facts,
                digest)
        select gen_random_uuid(), made.id, version, step, before, after, at, account_id, role, note,
               facts, digest
          from made, status_change where report_id = :id and step = 'accept'
    """
    db.session.execute(db.text(copied), {"id": report_id})
    db.session.commit()


def test_10_more_than_a_thousand_are_told_a_thousand_at_a_time(crowded: Flask) -> None:
    client = crowded.test_client(use_cookies=False)

    first = client.get("/open311/v2/requests.json")
    rest = client.get("/open311/v2/requests.json?page=2&page_size=1000")

    assert (len(first.json), len(rest.json)) == (1000, 1)
    assert first.headers["X-Total-Count"] == "1001"
    told = {one["service_request_id"] for one in [*first.json, *rest.json]}
    assert len(told) == 1001
    times = [one["requested_datetime"] for one in [*first.json, *rest.json]]
    assert times == sorted(times, reverse=True)


# 11 Ids override all else; 12 empty is absent ----------------------------------------------------


def test_11_ids_override_every_other_parameter(town: Town) -> None:
    wanted = [town.codes["old"], town.codes["fixed"]]

    found = town.ids(
        service_request_id=",".join(wanted), status="open", service_code="khong-co",
        start_date=moment(now() - timedelta(days=1)), page="9",
    )  # fmt: skip

    assert set(found) == set(wanted)


def test_12_an_empty_parameter_is_as_good_as_none(town: Town) -> None:
    names = ("service_request_id", "service_code", "start_date", "end_date", "status", "lat",
             "long", "radius", "bbox", "q", "page", "page_size", "per_page", "limit", "offset",
             "max_requests", "jurisdiction_id", "api_key", "updated_after", "updated_before",
             "agency_responsible", "has_photo", "with_picture", "area_code", "sort", "extensions",
             "interface_used", "keyword")  # fmt: skip

    assert town.ids(**dict.fromkeys(names, "")) == town.ids()
    assert town.updates(start_date="", end_date="", api_key="") == town.updates()


# 15 An unknown page ------------------------------------------------------------------------------


def test_15_a_page_past_the_end_is_an_empty_list(town: Town) -> None:
    assert town.requests(page="40", page_size="50") == []
    assert town.xml("requests", page="40", page_size="50") == ("service_requests", [])
