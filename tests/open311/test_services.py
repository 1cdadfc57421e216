"""Where Open311 is spoken, what can be asked for, and what each service asks."""

from datetime import timedelta

import pytest

from app.clock import now
from app.database import db
from reports.city import importing, snapshot
from reports.city.models import Category, CityProfile
from reports.open311 import discovery
from tests.open311.conftest import Neighbour, moment
from tests.reports.conftest import TRUONG_TIEN, House

KEYS = {
    "service_code", "service_name", "description", "metadata", "type", "keywords", "group",
}  # fmt: skip


def test_discovery_names_the_endpoint_as_clients_compare_it(neighbour: Neighbour) -> None:
    told = neighbour.told("discovery.json")

    (endpoint,) = told["endpoints"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"] == "http://127.0.0.1:8000/open311/v2"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    assert endpoint["type"] == "test"
    assert told["contact"] and told["key_service"]
    assert moment(told["changeset"]) <= now()


def test_the_changeset_moves_when_the_citys_data_does(neighbour: Neighbour, house: House) -> None:
    city = db.session.get_one(CityProfile, 1)
    city.changed_at = now() - timedelta(days=3)
    db.session.flush()
    snapshot.forget()
    before = neighbour.told("discovery.json")["changeset"]

    importing.locked_city().version += 1
    db.session.flush()
    snapshot.forget()
    after = neighbour.told("discovery.json")["changeset"]

    assert moment(after) > moment(before)
    assert moment(after) > now() - timedelta(minutes=1)


def test_the_changeset_moves_on_the_day_on_which_a_service_ends(house: House) -> None:
    city = db.session.get_one(CityProfile, 1)
    city.changed_at = now() - timedelta(days=300)
    today = house.city.day
    one = db.session.query(Category).filter_by(code="khac").one()
    one.valid_until = today - timedelta(days=1)
    db.session.flush()
    db.session.execute(db.update(CityProfile).values(changed_at=now() - timedelta(days=300)))
    snapshot.forget()

    changed = discovery.changed_at(snapshot.current())

    assert changed.date() == today - timedelta(days=1)


def test_every_service_tells_every_key(neighbour: Neighbour) -> None:
    services = neighbour.told("services.json")

    assert services
    for service in services:
        assert service.keys() == KEYS
        assert service["type"] == "realtime"
        assert isinstance(service["metadata"], bool)
        assert isinstance(service["keywords"], str)
        assert service["service_name"] == service["service_name"].strip()
        assert all(word[:1] not in {"=", "^"} for word in service["keywords"].split(","))


def test_services_are_the_citys_categories_in_its_order(neighbour: Neighbour, house: House) -> None:
    told = [one["service_code"] for one in neighbour.told("services.json")]

    offered = [one.code for one in house.city.offered_categories() if not one.legal_channel]
    assert told == offered
    assert "ngap-nuoc" in told


def test_what_the_law_sends_elsewhere_is_no_service(neighbour: Neighbour) -> None:
    codes = {one["service_code"] for one in neighbour.told("services.json")}

    assert "tham-nhung" not in codes
    assert neighbour.get("services/tham-nhung.json").status_code == 404


def test_a_private_service_says_so_in_its_keywords(neighbour: Neighbour) -> None:
    words = {
        one["service_code"]: one["keywords"].split(",") for one in neighbour.told("services.json")
    }

    assert "private" in words["thu-tuc"]
    assert "private" not in words["ngap-nuoc"]


def test_services_are_told_in_the_readers_language(neighbour: Neighbour) -> None:
    first = neighbour.told("services.json")[0]
    neighbour.language = "en"
    in_english = neighbour.told("services.json")[0]

    assert (first["group"], in_english["group"]) == ("Đường sá, hạ tầng", "Streets")
    assert first["service_name"] != in_english["service_name"]


def test_services_of_a_place(neighbour: Neighbour) -> None:
    lat, long = TRUONG_TIEN

    here = neighbour.told("services.json", lat=lat, long=long)
    in_hanoi = neighbour.told("services.json", lat=21.03, long=105.83)

    assert here == neighbour.told("services.json")
    assert in_hanoi == []
    assert neighbour.get("services.json", lat=lat).status_code == 400


def test_a_definition_asks_the_categorys_own_questions(neighbour: Neighbour) -> None:
    told = neighbour.told("services/den-duong.json")

    assert told["service_code"] == "den-duong"
    state, pole = told["attributes"]
    assert (state["code"], state["datatype"], state["required"]) == (
        "tinh-trang", "singlevaluelist", True,
    )  # fmt: skip
    assert {"key", "name"} == state["values"][0].keys()
    assert (pole["datatype"], pole["required"], pole["values"]) == ("text", False, [])
    assert [state["order"], pole["order"]] == [1, 2]
    assert state["variable"] is True and state["description"] and state["datatype_description"]


@pytest.mark.parametrize(
    ("code", "question", "datatype"),
    [
        ("rac-thai", "loai", "multivaluelist"),
        ("giao-thong", "ca-nga-tu", "singlevaluelist"),
        ("o-nhiem", "khi-nao", "text"),
    ],
)
def test_each_kind_of_question_has_its_datatype(
    neighbour: Neighbour, code: str, question: str, datatype: str
) -> None:
    told = neighbour.told(f"services/{code}.json")

    found = {one["code"]: one["datatype"] for one in told["attributes"]}
    assert found[question] == datatype


def test_yes_and_no_are_a_list_of_two(neighbour: Neighbour) -> None:
    (asked,) = neighbour.told("services/giao-thong.json")["attributes"]

    assert asked["values"] == [{"key": "true", "name": "Có"}, {"key": "false", "name": "Không"}]


def test_a_service_that_asks_nothing_has_no_attributes(neighbour: Neighbour) -> None:
    metadata = {one["service_code"]: one["metadata"] for one in neighbour.told("services.json")}

    assert metadata["vi-pham-giao-thong"] is False and metadata["den-duong"] is True
    assert neighbour.told("services/vi-pham-giao-thong.json")["attributes"] == []
