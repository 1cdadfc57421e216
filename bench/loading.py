"""A database of so many reports: made from the migrations, the shipped city and `generate`, and
kept, so that the next run finds it. How the rows get in: `copying`.
"""

import hashlib
import time
from uuid import UUID

import psycopg
from flask import Flask
from flask_migrate import upgrade
from psycopg import sql
from tqdm import tqdm

from app.config import ROOT, Config, Environment
from app.database import db
from app.factory import create_app
from bench import cleaning, multiplying, staffing
from bench.copying import fill
from bench.generate import VERSION, generate, wards_of
from bench.rows import Officials, Source
from bench.tickets import tickets
from reports.city import folder, snapshot
from reports.figures import keeping

CITY = "hue"


class Database:
    """One database of a server, by size."""

    def __init__(
        self, server_url: str, size: int, seed: int, *, name: str = "", template: str = "template1"
    ) -> None:
        """`template`: a database that may be migrated, and hold a city, already."""
        self.server_url, self.size, self.seed = server_url.rstrip("/"), size, seed
        self.name = name or f"xom_bench_{size}"
        self.template = template
        self.url = f"{self.server_url}/{self.name}"

    def ready(self) -> None:
        """Load it, unless this seed and version of reports are there already."""
        if self._mark() == self._wanted_mark():
            cleaning.forget(self.url, self._left_behind())
            self._keep_figures()
            return
        started = time.perf_counter()
        self.drop()
        with self._admin() as admin:
            names = sql.Identifier(self.name), sql.Identifier(self.template)
            admin.execute(sql.SQL("create database {} template {}").format(*names))
        self._load()
        spent = time.perf_counter() - started
        print(f"{self.size:,} reports in {self.name}: loaded in {spent:.0f} s")

    def drop(self) -> None:
        with self._admin() as admin:
            name = sql.Identifier(self.name)
            admin.execute(sql.SQL("drop database if exists {} with (force)").format(name))

    def app(self) -> Flask:
        return create_app(config_for(self.url))

    def _admin(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(f"{self.server_url}/postgres", autocommit=True)

    def _load(self) -> None:
        until = int(time.time())
        app = self.app()
        with app.app_context():
            try:
                upgrade(directory=str(ROOT / "migrations"))
                officials, city, places = _city(), snapshot.current(), _known_places()
            finally:
                db.engine.dispose()
        size = min(self.size, multiplying.MADE)
        made = generate(city, tickets(self.seed), size, seed=self.seed, until=until)
        fill(self.url, Source(made, officials, places, until), copies=self.size // size - 1)
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("vacuum (analyze)")
            self._keep_figures(copies=self.size // size - 1)
            connection.execute("vacuum (analyze)")
            connection.execute("create table bench_mark (mark text, until timestamptz)")
            connection.execute(
                "insert into bench_mark values (%s, to_timestamp(%s))", [self._wanted_mark(), until]
            )

    def _keep_figures(self, copies: int = 0) -> None:
        """The leaders' figures of what is there: all of them at first, and when a definition or the
        city's calendar has changed since."""
        app = self.app()
        with app.app_context(), psycopg.connect(self.url) as connection:
            try:
                if copies:
                    multiplying.make_facts(connection, copies)
                _figures(self.size)
            finally:
                db.engine.dispose()

    def _left_behind(self) -> list[UUID]:
        """What a run that was killed has written, and not taken out again."""
        later = "select report.id from report, bench_mark where submitted_at > until"
        with psycopg.connect(self.url) as connection:
            return [row[0] for row in connection.execute(later)]

    def _wanted_mark(self) -> str:
        return f"{VERSION} {self.seed} {self.size} {_schema()}"

    def _mark(self) -> str | None:
        """What was loaded, when it was loaded to the end."""
        try:
            with psycopg.connect(self.url) as connection:
                row = connection.execute("select mark from bench_mark").fetchone()
                return str(row[0]) if row else None
        except psycopg.Error:
            return None


def config_for(url: str) -> Config:
    """As in production, but for keys that are no secret."""
    return Config(
        environment=Environment.DEMO,
        database_url=url.replace("postgresql://", "postgresql+psycopg://"),
        secret_key="benchmarks alone are signed with this key",  # noqa: S106
        identity_key=b"benchmarks alone use this key...",
        storage_url=(ROOT / "var" / "bench" / "files").as_uri(),
        address_limit="1000000 per minute",
    )


def _figures(size: int) -> None:
    with tqdm(total=size, desc="figures", unit="", unit_scale=True, delay=2) as bar:
        more = True
        while more:
            turn = keeping.turn(paced=False)
            db.session.commit()
            bar.update(turn.reports)
            more = turn.more


def _schema() -> str:
    """Moves when a migration or the shipped city does."""
    migrations, city = ROOT / "migrations/versions", folder.SHIPPED / CITY
    files = sorted([*migrations.glob("*.py"), *city.glob("*.json")])
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


def _city() -> Officials:
    if not snapshot.is_loaded():
        folder.load_city(CITY)
        db.session.commit()
    staffing.add_teams()
    db.session.commit()
    snapshot.forget()
    officials = staffing.add_officials()
    db.session.commit()
    return officials


def _known_places() -> list[list[str]]:
    """By ward in order of code; a ward without a known place is called by its own name."""
    known = folder.places_of(folder.SHIPPED / CITY)
    named: dict[str, list[str]] = {}
    for place in known:
        named.setdefault(place.site.code, []).append(place.name)
    return [named.get(area.code, [area.name_vi]) for area, _ in wards_of(snapshot.current())]
