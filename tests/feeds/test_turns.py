"""Who may fetch a long list now, and for how long."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.client import HTTPConnection, IncompleteRead

import pytest
from flask import Flask, Response

from reports.feeds import turns
from reports.statuses import Role
from tests.feeds.conftest import House, Reader, official, publish
from tests.launch.test_server import serving

CSV = "/feeds/reports.csv"
QUEUE = "/api/v1/queue.csv"


Begin = Callable[..., Response]


@pytest.fixture
def begun() -> Iterator[Begin]:
    """A list that somebody begins to fetch and does not read on."""
    with ExitStack() as over:

        def begin(reader: Reader, address: str, *, inside: bool = False) -> Response:
            take = turns.for_officials if inside else turns.for_anyone
            where = {"environ_base": {"REMOTE_ADDR": address}, "headers": reader.headers}
            with reader.app.test_request_context(**where):
                response = take(Response)
            over.callback(response.close)
            return response

        yield begin


def all_begun(begun: Begin, reader: Reader) -> list[Response]:
    """By strangers, who have all the places that strangers may have."""
    return [begun(reader, f"203.0.113.{number}") for number in range(turns.STRANGERS)]


def test_so_many_at_once_and_the_next_is_asked_to_wait(
    house: House, read: Reader, begun: Begin
) -> None:
    under_way = all_begun(begun, read)

    refused = read(CSV)
    under_way[0].close()
    under_way[0].close()  # twice frees one place
    admitted = [read(CSV), read(CSV)]
    begun(read, "203.0.113.99")
    again = read(CSV)

    assert refused.status_code == again.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0 and "Thử lại sau" in refused.json["detail"]
    assert [answer.status_code for answer in admitted] == [200, 200]


def test_officials_take_their_queue_along_however_many_strangers_there_are(
    app: Flask, house: House, read: Reader, begun: Begin
) -> None:
    publish(house)
    all_begun(begun, read)

    assert official(app, house, Role.DISPATCHER)(QUEUE).status_code == 200


def test_an_address_and_an_account_have_one_at_a_time(
    app: Flask, house: House, read: Reader, begun: Begin
) -> None:
    centre, ward = official(app, house, Role.DISPATCHER), official(app, house, Role.LEADER)
    here, inside = begun(read, "127.0.0.1"), begun(centre, "127.0.0.1", inside=True)

    second, also_inside = read(CSV), centre(QUEUE)
    elsewhere, colleague = read(CSV, address="203.0.113.7"), ward(QUEUE)
    here.close()
    inside.close()

    assert (second.status_code, also_inside.status_code) == (429, 429)
    assert (elsewhere.status_code, colleague.status_code) == (200, 200)
    assert int(second.headers["Retry-After"]) > 0 and "cùng mạng" in second.json["detail"]
    assert (read(CSV).status_code, centre(QUEUE).status_code) == (200, 200)


def test_whoever_leaves_halfway_leaves_a_place(house: House, read: Reader) -> None:
    for _ in range(turns.STRANGERS + 1):
        answer = read(CSV, buffered=False)
        assert answer.status_code == 200
        assert next(answer.iter_encoded()).startswith(b"\xef\xbb\xbfid,code,")
        answer.close()


def test_what_is_refused_takes_no_place(house: House, read: Reader) -> None:
    for _ in range(turns.STRANGERS + 1):
        assert read(f"{CSV}?bbox=1,2,3").status_code == 422

    assert read(CSV).status_code == 200


def test_whoever_fetches_too_slowly_is_cut_off_and_can_tell_that_it_is_not_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Half a minute is right for people, and long for a test.
    monkeypatch.setattr(turns, "PATIENCE", 0.2)
    monkeypatch.setattr(turns, "SLOWEST", 10**12)
    with serving(long_list()) as (_, port):
        slow, quick = (HTTPConnection("127.0.0.1", port, timeout=20) for _ in range(2))
        slow.request("GET", "/")
        answer = slow.getresponse()
        threading.Event().wait(1)

        with pytest.raises(IncompleteRead):
            answer.read()

        monkeypatch.undo()
        quick.request("GET", "/")
        assert len(quick.getresponse().read()) == PIECES * len(PIECE)
        slow.close()
        quick.close()


def test_the_time_in_which_a_list_is_made_is_not_its_readers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # As above.
    monkeypatch.setattr(turns, "PATIENCE", 0.5)
    monkeypatch.setattr(turns, "SLOWEST", 10**12)
    with serving(long_list(pieces=3, pause=0.5)) as (_, port):
        reader = HTTPConnection("127.0.0.1", port, timeout=20)
        reader.request("GET", "/")

        assert len(reader.getresponse().read()) == 3 * len(PIECE)
        reader.close()


PIECE, PIECES = b"x" * 1_000_000, 60  # more than the buffers of server and system


def long_list(*, pieces: int = PIECES, pause: float = 0) -> Flask:
    """An app that gives out nothing but one long list."""
    app = Flask(__name__)

    def made() -> Iterator[bytes]:
        for _ in range(pieces):
            threading.Event().wait(pause)
            yield PIECE

    app.add_url_rule("/", "list", lambda: turns.for_anyone(lambda: Response(made())))
    return app
