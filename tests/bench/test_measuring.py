"""One whole run of `make bench` on a small database: every operation works, all that was written
is taken out again, and the docs get their figures.
"""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.database import db
from bench import loading, multiplying, telling
from bench.loading import Database
from bench.measure import Bench, Result, measure
from bench.operations import Operation, operations
from bench.tickets import drawn
from bench.wsgi import WrongAnswer, call, request
from reports import codes
from tests.bench.test_generator import WRONG_COUNTS, WRONG_HISTORY, unanswered

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
    assert len(set(names)) == len(names)
    for result in results:
        assert 0 < result.p50 <= result.p95, result.name
        assert result.python > 0, result.name
        assert result.requests >= 20, result.name
        assert result.queries == 0 or result.sql_alone is None or result.sql_alone > 0


def test_figures_are_told_beside_a_plain_group_by(results: list[Result]) -> None:
    beside = [one for one in results if one.plain is not None]

    table = telling.figures_table({SIZE: results, 100_000: results})

    assert all(one.plain and one.plain > 0 for one in beside)
    assert {"heat: the city, ever", "figures: a month by office"} <= {one.name for one in beside}
    assert len(table) == len(beside) + 2
    assert any(line.startswith("| heat: the city, ever | ") for line in table)


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
    assert "### The leaders' figures" in written
    assert "| near me |" in written and "processor: 2 × slow" in written
    assert "near me" in telling.table(SIZE, results, None)


def test_many_times_as_many_are_copies_that_hang_together_with_the_same_figures(
    server_url: str, template: str, city_template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(multiplying, "MADE", 300)
    monkeypatch.setattr(multiplying, "SLICE", 70)
    monkeypatch.setattr(loading, "tickets", drawn)  # the real ones take long to read
    name = f"{template}_many"
    many = Database(server_url, 1_200, 1, name=name, template=city_template)

    many.ready()

    with psycopg.connect(many.url) as connection:
        made = connection.execute("select code from report").fetchall()
        assert len({code for (code,) in made}) == len(made) == 1_200
        assert all(codes.read_code(str(code)) == code for (code,) in made)
        assert unanswered(connection) == []
        assert connection.execute(WRONG_COUNTS).fetchone() == (0,)
        assert connection.execute(WRONG_HISTORY).fetchone() == (0,)
    app = many.app()
    checked = app.test_cli_runner().invoke(args=["figures", "check"])
    with app.app_context():
        db.engine.dispose()
    assert checked.exit_code == 0, checked.output
    many.drop()
