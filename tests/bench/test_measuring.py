"""One whole run of `make bench` on a small database: every operation works, all that was written
is taken out again, and the docs get their figures.
"""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.database import db
from bench import loading, telling
from bench.loading import Database
from bench.measure import Bench, Result, measure
from bench.operations import Operation, operations
from bench.tickets import drawn
from bench.wsgi import WrongAnswer, call, request

SIZE = 300
COUNTED = ("report", "status_change", "assignment", "message", "procrastinate_jobs", "token")


@pytest.fixture(scope="module")
def database(server_url: str, template: str, city_template: str) -> Iterator[Database]:
    found = Database(server_url, SIZE, 1, name=f"{template}_measured", template=city_template)
    with pytest.MonkeyPatch.context() as patched:
        # Reading the real tickets takes as long as the rest of this file.
        patched.setattr(loading, "tickets", drawn)
        found.ready()
    yield found
    found.drop()


@pytest.fixture(scope="module")
def counts_before(database: Database) -> dict[str, int]:
    return counts(database)


@pytest.fixture(scope="module")
def results(database: Database, counts_before: dict[str, int]) -> list[Result]:
    return measure(database, seconds=0.02)


def counts(database: Database) -> dict[str, int]:
    with psycopg.connect(database.url) as connection:
        rows = {
            table: connection.execute(f"select count(*) from {table}").fetchone()
            for table in COUNTED
        }
    return {table: int(row[0]) for table, row in rows.items() if row}


def test_every_operation_is_measured_beside_the_floors(
    database: Database, results: list[Result]
) -> None:
    names = [result.name for result in results]
    bench = Bench(database)
    wanted = [one.name for one in operations(bench.here)]
    bench.close()

    assert names == ["S1", "empty handler", *wanted]
    assert len(set(names)) == len(names) == 47
    for result in results:
        assert 0 < result.p50 <= result.p95, result.name
        assert result.python > 0, result.name
        assert result.requests >= 20, result.name
        assert result.queries == 0 or result.sql_alone is None or result.sql_alone > 0


def test_what_measuring_wrote_is_taken_out_again(
    database: Database, counts_before: dict[str, int], results: list[Result]
) -> None:
    assert counts(database) == counts_before


def test_a_database_that_was_loaded_is_used_again(
    database: Database, results: list[Result], capsys: pytest.CaptureFixture[str]
) -> None:
    database.ready()

    assert "loaded" not in capsys.readouterr().out


def test_what_a_killed_run_left_behind_is_taken_out_before_the_next(
    database: Database, counts_before: dict[str, int], results: list[Result]
) -> None:
    bench = Bench(database)
    submit = next(one for one in operations(bench.here) if one.name == "submit a report")
    call(bench.app, submit.request(0))
    bench.here.sent.clear()  # as if it had never come to taking them out
    bench.close()
    assert counts(database)["report"] == counts_before["report"] + 1

    database.ready()

    assert counts(database) == counts_before


def test_an_answer_that_is_none_is_told(database: Database) -> None:
    wrong = Operation("nothing", lambda _: request("GET", "/api/v1/reports/none"))

    app = database.app()
    with pytest.raises(WrongAnswer, match="404"):
        call(app, wrong.request(0))
    with app.app_context():
        db.engine.dispose()


def test_the_docs_get_the_figures_between_their_marks(
    results: list[Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs = tmp_path / "performance.md"
    docs.write_text(f"before\n{telling.BEGIN}\nold\n{telling.END}\nafter\n")
    monkeypatch.setattr(telling, "DOCS", docs)  # the real page is only for real runs
    run = telling.Run(machine={"processor": "2 × slow"}, tickets="some", results={SIZE: results})

    telling.write_docs(run)

    written = docs.read_text()
    assert written.startswith("before\n") and written.endswith("after\n")
    assert "old" not in written
    assert "| near me |" in written and "processor: 2 × slow" in written
    assert "near me" in telling.table(SIZE, results, None)
