"""How often one may ask: windows, headers, the 429, Redis and its absence."""

import socketserver
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.config import UnsafeConfig
from app.limits import MemoryCounters, Rate, RedisCounters, read_rates
from tests.conftest import needs
from tests.kernel.conftest import kernel_house


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def counting() -> Flask:
    """A house that counts, with a small limit for all requests of one address."""
    app = kernel_house(address_limit="6 per minute")
    app.config["RATELIMIT_ENABLED"] = True
    return app


def ask(client: FlaskClient, path: str, address: str = "203.0.113.5", **more: Any) -> Any:
    return client.post(path, environ_base={"REMOTE_ADDR": address}, **more)


def test_rates_are_written_in_words() -> None:
    assert read_rates("10 per hour; 50 per day") == [Rate(10, 3600), Rate(50, 86400)]
    assert read_rates("5 per 10 minutes") == [Rate(5, 600)]
    assert read_rates("") == []
    for nonsense in ("often", "10/hour", "ten per hour", "10 per fortnight"):
        with pytest.raises(ValueError, match="is not a rate"):
            read_rates(nonsense)


def test_a_window_ends_after_its_time_and_old_ones_are_forgotten() -> None:
    clock = Clock()
    counters = MemoryCounters(clock)

    assert counters.count("a", 60) == (1, 60)
    clock.seconds += 30
    assert counters.count("a", 60) == (2, 30)
    clock.seconds += 31
    assert counters.count("a", 60) == (1, 60)
    clock.seconds += 61
    counters.count("b", 60)
    assert len(counters) == 1


def test_the_third_of_two_is_429_with_a_sentence_and_when_to_come_back(counting: Flask) -> None:
    client = counting.test_client()

    left = [ask(client, "/api/v1/few").headers["RateLimit-Remaining"] for _ in range(2)]
    vi = ask(client, "/api/v1/few")
    en = ask(client, "/api/v1/few", headers={"Accept-Language": "en"})

    assert left == ["1", "0"]
    assert vi.status_code == en.status_code == 429
    assert vi.json["type"] == "/problems/too-many"
    wait = int(vi.headers["Retry-After"])
    assert 1 <= wait <= 60
    assert vi.json["detail"] == f"Bạn gửi quá nhanh. Thử lại sau {wait} giây."
    assert "Too many requests." in en.json["detail"]
    assert vi.headers["RateLimit-Limit"] == "2"
    assert vi.headers["RateLimit-Remaining"] == "0"


def test_another_address_is_counted_apart(counting: Flask) -> None:
    client = counting.test_client()
    statuses = [
        ask(client, "/api/v1/few", address).status_code
        for address in ["203.0.113.5"] * 3 + ["203.0.113.6"]
    ]

    assert statuses == [200, 200, 429, 200]


def test_addresses_of_one_ipv6_network_are_counted_together(counting: Flask) -> None:
    client = counting.test_client()
    statuses = [
        ask(client, "/api/v1/few", address).status_code
        for address in ("2001:db8::1", "2001:db8::2", "2001:db8::3:1", "2001:db8:0:1::1")
    ]

    assert statuses == [200, 200, 429, 200]


def test_addresses_of_ipv4_are_apart_also_where_the_server_listens_on_ipv6(
    counting: Flask,
) -> None:
    client = counting.test_client()
    statuses = [
        ask(client, "/api/v1/few", address).status_code
        for address in (
            "::ffff:203.0.113.5",
            "203.0.113.5",
            "::ffff:203.0.113.5",
            "::ffff:c000:201",
        )
    ]

    assert statuses == [200, 200, 429, 200]


def test_a_limit_may_follow_the_device(counting: Flask) -> None:
    client = counting.test_client()
    statuses = [
        client.post("/api/v1/few-by-device", headers={"X-Installation-ID": device}).status_code
        for device in ("phone-a", "phone-a", "phone-b")
    ]

    assert statuses == [200, 429, 200]


def test_callers_without_a_devices_name_share_no_devices_limit(counting: Flask) -> None:
    client = counting.test_client()
    statuses = [client.post("/api/v1/few-by-device").status_code for _ in range(3)]

    assert statuses == [200] * 3


def test_all_requests_of_an_address_are_bounded_but_not_health(counting: Flask) -> None:
    client = counting.test_client()
    statuses = [client.get("/api/v1/hot").status_code for _ in range(7)]

    assert statuses == [200] * 6 + [429]
    assert client.get("/healthz").status_code == 200
    assert "RateLimit-Limit" not in client.get("/healthz").headers


def test_no_limit_at_all_can_be_chosen() -> None:
    app = kernel_house(address_limit="")
    app.config["RATELIMIT_ENABLED"] = True

    assert "RateLimit-Limit" not in app.test_client().get("/api/v1/hot").headers


def test_a_limit_that_cannot_be_read_refuses_to_start_in_a_sentence() -> None:
    with pytest.raises(UnsafeConfig, match="'often' is not a rate such as `10 per hour`"):
        kernel_house(address_limit="often")


class SpeaksRedis(socketserver.StreamRequestHandler):
    """Redis' wire protocol, for the three commands that are used here and its greeting."""

    server: "RedisOnLoopback"

    def handle(self) -> None:
        while line := self.rfile.readline():
            words = []
            for _ in range(int(line[1:])):
                size = int(self.rfile.readline()[1:])
                words.append(self.rfile.read(size + 2)[:-2].decode())
            self.wfile.write(self.server.answer(*words))


class RedisOnLoopback(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), SpeaksRedis)
        self.counts: dict[str, int] = {}
        self.lives: dict[str, int] = {}

    def answer(self, command: str, *words: str) -> bytes:
        match command.upper(), words:
            case "INCRBY", (key, "1"):
                self.counts[key] = self.counts.get(key, 0) + 1
                return f":{self.counts[key]}\r\n".encode()
            case "PTTL", (key,):
                return f":{self.lives.get(key, -1)}\r\n".encode()
            case "HELLO", _:
                return b"%1\r\n+proto\r\n:3\r\n"
            case "CLIENT", _:
                return b"+OK\r\n"
            case "EXPIRE", (key, seconds):
                self.lives[key] = int(seconds) * 1000
                return b":1\r\n"
        return b"-ERR unknown command\r\n"


@pytest.fixture
def redis_server() -> Iterator[RedisOnLoopback]:
    needs(find_spec("redis") is not None, "the redis package")
    with RedisOnLoopback() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def test_two_processes_count_together_in_redis(redis_server: RedisOnLoopback) -> None:
    url = f"redis://127.0.0.1:{redis_server.server_address[1]}/0"
    one, other = RedisCounters(url), RedisCounters(url)

    asked = [counters.count("xom:60:all:address:1", 60) for counters in (one, other, one)]

    assert [window.asked for window in asked] == [1, 2, 3]
    assert all(window.ends_in == 60 for window in asked)
    assert redis_server.lives == {"xom:60:all:address:1": 60_000}
    one.close()
    other.close()


def test_while_redis_is_away_each_process_counts_for_itself(redis_server: RedisOnLoopback) -> None:
    clock = Clock()
    counters = RedisCounters("redis://127.0.0.1:1/0", clock)

    assert [counters.count("a", 60).asked for _ in range(3)] == [1, 2, 3]

    counters.close()
