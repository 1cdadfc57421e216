"""How often one may report and ask: a phone's own share is small; the address that it shares with a
whole mobile network in a flood has room for all of them."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from app.auth import accounts
from app.limits import MemoryCounters
from tests.reports.conftest import TRUONG_TIEN, House
from tests.reports.test_api import Api

SPOT = {"lat": TRUONG_TIEN[0], "lng": TRUONG_TIEN[1]}


@pytest.fixture
def counting(app: Flask, house: House, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", True)
    monkeypatch.setitem(app.extensions, "xom.counters", MemoryCounters())  # this test's own windows
    return app


def guests(app: Flask, count: int) -> Iterator[Api]:
    """Phones that never met, behind one address."""
    return (Api(app, accounts.create_guest("vi").id) for _ in range(count))


def answers(phone: Api, method: str, path: str, count: int, **more: Any) -> list[int]:
    return [phone(method, path, **more).status_code for _ in range(count)]


def test_a_mobile_networks_phones_all_report_from_one_address(counting: Flask) -> None:
    # Malformed ones count too, and are answered sooner.
    told = [answers(phone, "POST", "/reports", 20, json={}) for phone in guests(counting, 11)]

    assert told == [[422] * 20] * 11


def test_one_account_reports_twenty_times_an_hour(counting: Flask) -> None:
    (phone,) = guests(counting, 1)

    assert answers(phone, "POST", "/reports", 21, json={}) == [422] * 20 + [429]


def test_a_mobile_networks_phones_all_put_photos_from_one_address(counting: Flask) -> None:
    path = f"/photos/{uuid4()}"

    told = [answers(phone, "PUT", path, 120, data=b"") for phone in guests(counting, 6)]

    assert 429 not in {status for statuses in told for status in statuses}


def test_one_account_puts_a_hundred_and_twenty_photos_an_hour(counting: Flask) -> None:
    (phone,) = guests(counting, 1)

    told = answers(phone, "PUT", f"/photos/{uuid4()}", 121, data=b"")

    assert 429 not in told[:120] and told[120] == 429


@pytest.mark.parametrize(
    ("path", "asked"), [("/places/name", SPOT), ("/places/search", {"text": "Vỹ Dạ"})]
)
def test_a_place_is_looked_up_by_hundreds_of_phones_and_by_each_of_them_now_and_then(
    counting: Flask, path: str, asked: dict[str, Any]
) -> None:
    anybody = Api(counting, None)
    named = {"X-Installation-ID": "one-phone"}

    others = answers(anybody, "POST", path, 200, json=asked)
    one = answers(anybody, "POST", path, 31, json=asked, headers=named)

    assert others == [200] * 200
    assert one == [200] * 30 + [429]
