"""Where clients in the field differ in how they send requests (the contract's §1 and §5)."""

from typing import Any
from uuid import uuid4

import pytest

from tests.conformance.conftest import HERE, Town, picture
from tests.conformance.contract import assert_valid


def test_the_key_is_taken_from_the_address_as_well(town: Town) -> None:
    fields = {"service_code": town.plain, **HERE, "description": "Đèn tắt."}

    answer = town.post("requests.json", params={"api_key": town.keys["app"]}, data=fields)

    assert answer.status_code == 200, answer.text
    assert_valid("created", answer.json())


def choices(town: Town) -> tuple[str, dict[str, Any], dict[str, str]]:
    """A service with a list of several, that list, and what it requires besides."""
    for service in town.json("services", "services"):
        if not service["metadata"]:
            continue
        path = f"services/{service['service_code']}"
        asked = town.json(path, "service_definition")["attributes"]
        several = next((one for one in asked if one["datatype"] == "multivaluelist"), None)
        if several:
            needed = {
                f"attribute[{one['code']}]": one["values"][0]["key"] if one["values"] else "1"
                for one in asked
                if one["required"] and one is not several
            }
            return service["service_code"], several, needed
    pytest.fail("the city asks for several of a list nowhere")


@pytest.mark.parametrize("brackets", ["", "[]"])
def test_several_values_are_repeated_with_brackets_or_without(town: Town, brackets: str) -> None:
    service, several, needed = choices(town)
    keys = [value["key"] for value in several["values"][:2]]
    fields = {"api_key": town.keys["app"], "service_code": service, **HERE, **needed,
              "description": "Thử.", f"attribute[{several['code']}]{brackets}": keys}  # fmt: skip

    answer = town.post("requests.json", data=fields)

    assert answer.status_code == 200, answer.text
    code = answer.json()[0]["service_request_id"]
    query = "select answers from report where id = :id"
    assert town.site.scalar(query, id=town.report_id(code))[several["code"]] == keys


def test_a_value_that_is_not_in_the_list_is_refused(town: Town) -> None:
    service, several, needed = choices(town)
    fields = {"api_key": town.keys["app"], "service_code": service, **HERE, **needed,
              "description": "Thử.", f"attribute[{several['code']}]": "khong-co"}  # fmt: skip

    answer = town.post("requests.json", data=fields)

    assert answer.status_code == 400
    assert several["code"] in answer.json()[0]["description"]


def test_an_attribute_that_is_not_asked_for_is_left_alone(town: Town) -> None:
    assert town.sends(**{"attribute[easting]": "777"})["service_request_id"]


def test_a_part_without_a_name_is_left_alone(town: Town) -> None:
    fields = {"api_key": town.keys["app"], "service_code": town.plain, **HERE,
              "description": "Có phần không tên."}  # fmt: skip
    named = [f'form-data; name="{name}"\r\n\r\n{value}' for name, value in fields.items()]
    parts = [f"--b\r\nContent-Disposition: {part}\r\n" for part in ["form-data\r\n\r\n?", *named]]
    kind = {"Content-Type": "multipart/form-data; boundary=b"}

    answer = town.post("requests.json", content="".join([*parts, "--b--\r\n"]), headers=kind)

    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("names", [["media"], ["media[]", "media[]"], ["photo1", "photo2"]])
def test_pictures_are_taken_whatever_their_parts_are_called(town: Town, names: list[str]) -> None:
    fields = {"api_key": town.keys["app"], "service_code": town.plain, **HERE,
              "description": "Có ảnh."}  # fmt: skip
    parts = [
        (name, (f"{number}.jpg", picture(f"#{number}0{number}0{number}0"), "image/jpeg"))
        for number, name in enumerate(names)
    ]

    answer = town.post("requests.json", data=fields, files=parts)

    assert answer.status_code == 200, answer.text
    query = "select count(*) from photo where report_id = :id"
    report_id = town.report_id(answer.json()[0]["service_request_id"])
    assert town.site.scalar(query, id=report_id) == len(names)


def test_an_address_of_a_picture_is_not_fetched_and_the_client_is_told(town: Town) -> None:
    asked = f"{town.site.url}/healthz"
    before = town.site.faults.seen.count("GET /healthz")

    sent = town.sends(media_url=asked)

    assert sent["service_request_id"]
    assert sent["service_notice"]
    assert town.site.faults.seen.count("GET /healthz") == before


def test_the_same_client_request_id_is_the_same_request(town: Town) -> None:
    """As offline queues need it; and by it the request is found again."""
    token = str(uuid4())

    first, again = (town.sends(client_request_id=token) for _ in range(2))

    assert first["service_request_id"] == again["service_request_id"]
    found = town.json(f"tokens/{token}", "token")
    assert found == [{"service_request_id": first["service_request_id"], "token": token}]


def test_what_concerns_a_private_home_is_taken_and_never_listed(town: Town) -> None:
    services = town.json("services", "services")
    private = next(one for one in services if "private" in one["keywords"].split(","))
    path = f"services/{private['service_code']}"
    needed = {
        f"attribute[{one['code']}]": one["values"][0]["key"] if one["values"] else "1"
        for one in town.json(path, "service_definition")["attributes"]
        if one["required"]
    }

    code = town.sends(service_code=private["service_code"], **needed)["service_request_id"]
    if town.status(code) == "submitted":
        town.accepts(code)

    assert code not in town.ids()
    assert town.get(f"requests/{code}.json").status_code == 404
