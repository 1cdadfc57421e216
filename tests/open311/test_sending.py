"""Sending a request: who may, what is taken, what becomes of it, and that once is enough."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from app.auth.scopes import Scope
from app.database import db
from reports.city import snapshot
from reports.open311 import received
from tests.open311.conftest import (
    PHONE,
    Neighbour,
    Plain,
    a_client,
    a_request,
    count,
    faults,
    report_of,
)
from tests.open311.test_pictures_sent import photos_of, picture
from tests.reports.conftest import House

# Who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [None, "", "wrong", "xom_wrong"])
def test_without_a_key_that_works_nothing_is_taken(client: Neighbour, key: str | None) -> None:
    before = count()

    answers = [
        client.post(f"requests.{form}", **a_request(api_key=key)) for form in ("xml", "json")
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[1].json[0]["code"] == 403
    assert count() == before


def test_a_key_for_something_else_does_not_send(client: Neighbour) -> None:
    _, other = a_client("Office", Scope.UPDATES_WRITE)

    assert client.post(**a_request(api_key=other)).status_code == 403


def test_a_key_may_stand_in_the_address_or_in_the_header(client: Neighbour) -> None:
    in_address = client.post(f"requests.json?api_key={client.key}", **a_request(api_key=None))
    client.more = {"Authorization": f"Bearer {client.key}"}
    in_header = client.post(**a_request(api_key=None))

    assert (in_address.status_code, in_header.status_code) == (200, 200)


# What becomes of it ----------------------------------------------------------------------------


def test_a_request_becomes_a_report_that_is_routed(client: Neighbour, house: House) -> None:
    answer = client.post(**a_request(service_code="ngap-nuoc", description="Ngập nửa mét."))

    (told,) = answer.json
    assert told.keys() == {"service_request_id", "service_notice", "account_id"}
    assert told["account_id"] is None
    report = report_of(told["service_request_id"])
    assert house.city.categories_by_id[report.category_id].code == "ngap-nuoc"
    assert (report.source, report.status, report.shown) == ("open311", "submitted", False)
    assert report.description == "Ngập nửa mét."
    assert report.office_id and client.account
    assert received.sender_of(report.id) == client.account.id


def test_the_answer_in_xml_says_the_same(client: Neighbour) -> None:
    answer = client.post("requests.xml", **a_request())

    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert "<service_requests><request><service_request_id>" in answer.text
    assert "<service_notice /><account_id />" in answer.text
    assert "<token" not in answer.text


def test_answers_to_questions_are_the_attributes(client: Neighbour) -> None:
    told = {"attribute[tinh-trang]": "mot-bong", "attribute[so-tru]": " B12 "}
    lamp = client.sends(**{"service_code": "den-duong", "attribute[fixmystreet_id]": "7", **told})
    crossing = client.sends(**{"service_code": "giao-thong", "attribute[ca-nga-tu]": "true"})
    noise = client.sends(
        **{"service_code": "tieng-on", "attribute[khi-nao]": ["buoi-toi", "sau-22h"]}
    )
    again = client.sends(
        **{"service_code": "tieng-on", "attribute[khi-nao][]": ["buoi-toi", "sau-22h"]}
    )

    assert report_of(lamp).answers == {"tinh-trang": "mot-bong", "so-tru": "B12"}
    assert report_of(crossing).answers == {"ca-nga-tu": True}
    assert (
        report_of(noise).answers == report_of(again).answers == {"khi-nao": ["buoi-toi", "sau-22h"]}
    )


def test_an_answer_that_means_danger_makes_it_urgent(client: Neighbour) -> None:
    bitten = client.sends(**{"service_code": "dong-vat", "attribute[bi-can]": "yes"})

    assert report_of(bitten).urgent


def test_a_private_service_is_taken_and_never_listed(client: Neighbour) -> None:
    request_id = client.sends(service_code="thu-tuc")

    assert client.ids() == client.ids(service_request_id=request_id) == []
    assert client.get(f"requests/{request_id}.json").status_code == 404


def test_the_words_of_danger_are_answered_with_the_number_to_call(client: Neighbour) -> None:
    answer = client.post(**a_request(description="Cháy nhà, có người mắc kẹt."))

    assert "114" in answer.json[0]["service_notice"]


# Where -----------------------------------------------------------------------------------------


def test_an_area_stands_for_a_place(client: Neighbour, house: House) -> None:
    answer = client.post(**a_request(lat=None, long=None, address_id="19789"))

    report = report_of(answer.json[0]["service_request_id"])
    assert house.city.area_by_id[report.area_id].code == "19789"
    assert house.city.area_by_code["19789"].name_vi in answer.json[0]["service_notice"]


def test_an_address_in_words_is_looked_up(client: Neighbour, house: House) -> None:
    answer = client.post(
        **a_request(lat=None, long=None, address_string="Cầu Trường Tiền", address_id="#NONE#")
    )

    assert answer.status_code == 200, answer.text
    report = report_of(answer.json[0]["service_request_id"])
    assert "Trường Tiền" in answer.json[0]["service_notice"]
    assert report.place_note == "Cầu Trường Tiền"


def test_a_point_is_believed_before_words(client: Neighbour) -> None:
    request_id = client.sends(address_string="Cầu Trường Tiền", address_id="19753")

    report = report_of(request_id)
    assert (report.lat, report.lng) == (16.4675, 107.5885)
    assert report.place_note == "Cầu Trường Tiền"


@pytest.mark.parametrize(
    ("place", "field"),
    [
        ({"lat": None, "long": None}, "lat"),
        ({"long": None}, "long"),
        ({"lat": None}, "lat"),
        ({"lat": "north"}, "lat"),
        ({"lat": "nan"}, "lat"),
        ({"lat": 21.03, "long": 105.83}, "lat"),
        ({"lat": None, "long": None, "address_string": "khongcogi"}, "address_string"),
        ({"lat": None, "long": None, "address_id": "nothing"}, "address_id"),
    ],
)
def test_without_a_whole_place_it_is_refused(client: Neighbour, place: Plain, field: str) -> None:
    assert faults(client, **place).keys() == {field}


# What is refused -------------------------------------------------------------------------------


def test_an_unknown_service_is_not_found_and_a_missing_one_is_missing(client: Neighbour) -> None:
    assert client.post(**a_request(service_code="khong-co")).status_code == 404
    assert "service_code" in faults(client, service_code=None)


def test_what_the_law_sends_elsewhere_is_pointed_there_and_not_stored(client: Neighbour) -> None:
    assert "kênh" in faults(client, service_code="tham-nhung")["service_code"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"service_code": "den-duong"}, "attribute[tinh-trang]"),
        ({"service_code": "den-duong", "attribute[tinh-trang]": ""}, "attribute[tinh-trang]"),
        ({"service_code": "den-duong", "attribute[tinh-trang]": "x"}, "attribute[tinh-trang]"),
        ({"service_code": "giao-thong", "attribute[ca-nga-tu]": "x"}, "attribute[ca-nga-tu]"),
        ({"service_code": "rac-thai", "attribute[loai]": ["x"]}, "attribute[loai]"),
        ({"description": "x" * 4001}, "description"),
        ({"description": ""}, "description"),
        ({"client_request_id": "x" * 101}, "client_request_id"),
    ],
)
def test_what_is_wrong_is_named(client: Neighbour, fields: Plain, field: str) -> None:
    assert faults(client, **fields).keys() == {field}


def test_all_that_is_wrong_is_told_at_once(client: Neighbour) -> None:
    found = faults(client, service_code="den-duong", description="", lat=21.03, long=105.83)

    assert found.keys() == {"attribute[tinh-trang]", "description", "lat"}


@pytest.mark.parametrize("place", [{"lat": None, "long": None}, {"lat": None}])
def test_of_a_request_that_lacks_everything_all_is_told_at_once(
    client: Neighbour, place: Plain
) -> None:
    found = faults(client, service_code=None, description="", **place)

    assert found.keys() == {"service_code", "description", "lat"}


def test_another_kind_of_body_is_refused(client: Neighbour) -> None:
    answer = client._ask("POST", "requests.json", json=a_request(api_key=client.key))

    assert answer.status_code == 400
    assert "multipart/form-data" in answer.json[0]["description"]


def test_letters_of_any_language_and_lines_are_kept(client: Neighbour) -> None:
    words = "Ổ gà sâu.\r\nĐã có người ngã 😢 <b>nguy</b> & \u0000\u202e xong"

    report = report_of(client.sends(description=words))

    assert report.description == "Ổ gà sâu.\nĐã có người ngã 😢 <b>nguy</b> &  xong"


# Once is enough --------------------------------------------------------------------------------


def test_the_same_again_is_the_same_request(client: Neighbour) -> None:
    known = str(uuid4())
    fields = a_request(client_request_id=known, phone=PHONE)

    first = client.post(**fields)
    again = client.post(**{**fields, "client_request_id": known.upper()})

    assert first.json[0]["service_request_id"] == again.json[0]["service_request_id"]
    assert first.json[0]["service_notice"] is None
    assert "từ lần gửi trước" in again.json[0]["service_notice"]
    assert count() == 1


def test_the_same_again_with_its_picture_is_the_same_request(client: Neighbour) -> None:
    first = client.sends(client_request_id="7", media=picture())
    again = client.sends(client_request_id="7", media=picture())

    assert first == again
    assert len(photos_of(first)) == 1


def test_something_else_under_a_used_id_is_refused(client: Neighbour) -> None:
    client.sends(client_request_id="7")

    assert faults(client, client_request_id="7", description="Khác.").keys() == {
        "client_request_id"
    }
    assert faults(client, client_request_id="7", media=picture()).keys() == {"client_request_id"}


def test_another_clients_same_id_is_another_request(client: Neighbour) -> None:
    _, key = a_client("Another")

    first = client.sends(client_request_id="7")
    second = client.sends(client_request_id="7", api_key=key)

    assert first != second


def test_without_an_id_of_its_own_each_is_a_new_one(client: Neighbour) -> None:
    assert client.sends() != client.sends()


def test_a_repeat_is_known_though_the_citys_rules_have_changed(
    client: Neighbour, house: House
) -> None:
    first = client.sends(client_request_id="7")
    db.session.execute(text("update category set valid_until = valid_from where code = 'khac'"))
    db.session.execute(text("update city set version = version + 1"))
    snapshot.forget()

    assert client.sends(client_request_id="7") == first


# Tokens ----------------------------------------------------------------------------------------


def test_a_lost_answer_is_found_by_the_clients_own_id(client: Neighbour) -> None:
    known = str(uuid4())
    request_id = client.sends(client_request_id=known)

    told = client.told(f"tokens/{known}.json")

    assert told == [{"service_request_id": request_id, "token": known}]
    assert (
        client.drawn(f"tokens/{UUID(known).hex}.xml").findtext("request/service_request_id")
        == request_id
    )


def test_ids_that_can_be_counted_through_are_no_tokens(client: Neighbour) -> None:
    client.sends(client_request_id="7")

    assert client.get("tokens/7.json").status_code == 404
    assert client.get(f"tokens/{uuid4()}.json").status_code == 404
