"""All reads of an answer are as of one moment, whatever is written meanwhile."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.database import db, reading
from app.factory import create_app
from reports.figures.moment import FiguresNotReady, at_one_moment, moment_in
from tests.conftest import config_for

STATE = """
    insert into figure_state (id, as_of, worked, made_by) values (1, {as_of}, 1, '')
        on conflict (id) do update set as_of = {as_of}, worked = figure_state.worked + 1
"""


@pytest.fixture
def alone(own_database: str) -> Iterator[Flask]:
    """The house on a database of its own, where connections are real ones."""
    app = create_app(config_for(own_database))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def write(as_of: str = "now()") -> None:
    db.session.execute(text(STATE.format(as_of=as_of)))
    db.session.commit()


def test_what_is_written_in_between_is_not_seen(alone: Flask) -> None:
    write()

    with at_one_moment() as connection:
        first = moment_in(connection)
        write()
        again = moment_in(connection)

    assert again == first
    with at_one_moment() as connection:
        assert moment_in(connection).worked == first.worked + 1


def test_what_is_read_within_is_of_the_same_moment(alone: Flask) -> None:
    """As a page does, that asks for figures, for a line and for news."""
    write()

    with at_one_moment() as outer:
        first = moment_in(outer)
        write()
        with at_one_moment() as inner:
            assert moment_in(inner) == first
        assert moment_in(outer) == first  # and it goes on

    with at_one_moment() as later:
        assert moment_in(later) != first


def test_reads_beside_it_do_see_it(alone: Flask) -> None:
    """The negative control: without the one transaction the number does change."""
    write()

    with reading() as connection:
        first = moment_in(connection)
        write()
        assert moment_in(connection).worked == first.worked + 1


def test_nothing_can_be_written_there(alone: Flask) -> None:
    with (
        pytest.raises(DBAPIError, match="read-only"),
        at_one_moment() as connection,
    ):
        connection.execute(text("delete from figure_state"))


def test_before_figures_were_made_once_none_are_told(alone: Flask) -> None:
    for _ in ("no row", "a row that says nothing yet"):
        with pytest.raises(FiguresNotReady), at_one_moment() as connection:
            moment_in(connection)
        write("null")
