"""All real tickets as reports of Huế in a PostgreSQL, with whole histories: what is recounted."""

from datetime import UTC, datetime
from pathlib import Path

import psycopg
from flask import Flask

from app.database import db
from bench import staffing
from bench.copying import fill
from bench.generate import generate, wards_of
from bench.rows import Source
from bench.tickets import ANYWHERE, REAL, drawn, real
from reports.city import snapshot

UNTIL = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
LIVED = (Path(__file__).parent / "lived.sql").read_text()
SEED = 5


def load(app: Flask, url: str, *, size: int | None = None) -> int:
    """Every ticket once, moved onto the wards of the city that is there; how many they are. Or so
    many drawn from them."""
    made_of = real(REAL, SEED, box=ANYWHERE) if REAL.is_file() else drawn(SEED)
    many = size or len(made_of)
    with app.app_context():
        staffing.add_teams()
        db.session.commit()
        snapshot.forget()
        officials = staffing.add_officials()
        db.session.commit()
        city = snapshot.current()
        until = int(UNTIL.timestamp())
        made = generate(city, made_of, many, seed=SEED, until=until)
        places = [[area.name_vi] for area, _ in wards_of(city)]
    fill(url, Source(made, officials, places, until))
    live(url)
    return many


def live(url: str) -> None:
    """Whole histories for what was loaded."""
    with psycopg.connect(url) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("set synchronous_commit = off")
        connection.execute("set work_mem = '64MB'")
        connection.execute(LIVED)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("analyze")
