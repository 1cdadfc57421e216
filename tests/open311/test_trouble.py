"""What goes wrong before or below a view is told in the contract's shape too, in both forms."""

from io import BytesIO
from xml.etree import ElementTree

import pytest
from flask import Flask, Response
from sqlalchemy import update

from app.auth.client_models import ApiKey
from app.auth.guards import anyone
from app.database import db
from app.factory import create_app
from tests.conftest import config_for
from tests.kernel.conftest import NOWHERE
from tests.open311.conftest import Neighbour, a_request, count

FORMS = ["json", "xml"]
URLENCODED = "application/x-www-form-urlencoded"


def told(answer: Response, form: str) -> str:
    """What the one error of an answer says; its code is the answer's."""
    if form == "json":
        (error,) = answer.json or ()
        assert error["code"] == answer.status_code
        return str(error["description"])
    root = ElementTree.fromstring(answer.data)  # noqa: S314 - our own
    assert root.tag == "errors" and len(root) == 1
    assert root.findtext("error/code") == str(answer.status_code)
    return root.findtext("error/description") or ""


@pytest.mark.parametrize("form", FORMS)
def test_a_key_that_has_asked_enough_is_told_when_to_come_back(
    client: Neighbour, form: str
) -> None:
    db.session.execute(update(ApiKey).values(per_minute=1))
    client.post(**a_request())

    answer = client.post(f"requests.{form}", **a_request())

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] in told(answer, form)


@pytest.mark.parametrize("form", FORMS)
def test_while_the_database_is_away_clients_are_told_to_try_again(form: str) -> None:
    nowhere = create_app(config_for(NOWHERE)).test_client()

    answer = nowhere.get(f"/open311/v2/services.{form}")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] in told(answer, form)


@pytest.mark.parametrize("form", FORMS)
def test_a_fault_of_ours_is_told_without_a_word_of_its_text(form: str) -> None:
    house = create_app(config_for(NOWHERE))
    add_a_fault(house)

    answer = house.test_client().get(f"/open311/v2/fault.{form}")

    assert answer.status_code == 500
    assert "secret" not in told(answer, form)


def add_a_fault(house: Flask) -> None:
    @house.get("/open311/v2/fault.<form>")
    @anyone
    def fault(form: str) -> Response:
        raise RuntimeError("secret")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("path", ["requests", "servicerequestupdates"])
def test_a_form_of_very_many_fields_is_not_read_whoever_sends_it(
    neighbour: Neighbour, path: str, form: str
) -> None:
    """Each field is an object: without a bound, a body as large as one with pictures fills the
    memory before any key is looked at."""
    answer = neighbour._ask("POST", f"{path}.{form}", data=b"a&" * 600_000,
                            content_type=URLENCODED)  # fmt: skip

    assert answer.status_code == 400
    assert "1048576" in told(answer, form)


def test_so_it_is_when_nobody_says_how_long_the_form_will_be(neighbour: Neighbour) -> None:
    chunked = {"wsgi.input_terminated": True, "wsgi.input": BytesIO(b"a&" * 600_000)}

    answer = neighbour._ask("POST", "requests.json", content_type=URLENCODED,
                            environ_overrides=chunked)  # fmt: skip

    assert answer.status_code == 400
    assert "1048576" in told(answer, "json")


def test_a_key_in_the_header_bounds_a_form_alike(client: Neighbour) -> None:
    client.more = {"Authorization": f"Bearer {client.key}"}

    answer = client._ask("POST", "requests.json", data=b"a&" * 600_000, content_type=URLENCODED)

    assert answer.status_code == 400
    assert "1048576" in told(answer, "json")


def test_a_text_among_pictures_is_bounded_and_the_bound_is_told(client: Neighbour) -> None:
    before = count()
    fields = a_request(api_key=client.key, description="a" * 1_100_000)
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
        for name, text in fields.items()
    ]

    answer = client._ask("POST", "requests.json", data=f"{''.join(parts)}--x--\r\n".encode(),
                         content_type="multipart/form-data; boundary=x")  # fmt: skip

    assert answer.status_code == 400
    assert "1048576" in told(answer, "json")
    assert count() == before


@pytest.mark.parametrize("form", FORMS)
def test_a_body_that_is_too_large_is_told_so(neighbour: Neighbour, form: str) -> None:
    announced = {"CONTENT_LENGTH": str(65 << 20)}

    answer = neighbour._ask("POST", f"requests.{form}", data=b"", environ_overrides=announced)

    assert answer.status_code == 400
    assert str(64 << 20) in told(answer, form)


@pytest.mark.parametrize("form", FORMS)
def test_an_address_of_nothing_points_to_discovery(neighbour: Neighbour, form: str) -> None:
    answer = neighbour.get(f"nothing/here.{form}")

    assert answer.status_code == 404
    assert "discovery" in told(answer, form)
