"""The stage: database, city, web, worker and the phones' push service, set up and taken down."""

import logging
import os
import secrets
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import structlog
from flask import Flask
from flask_migrate import upgrade

from app.auth import accounts
from app.clock import now
from app.config import ROOT, Config
from app.database import db
from app.embedded import embedded_server
from app.factory import create_app
from app.launch.children import Child, stop_all
from bench.loopback import LoopbackFCM, SmsGateway
from reports import duty
from reports.city import boundaries, folder, snapshot
from reports.city.demo_accounts import ensure_demo_accounts

SHARED = ROOT.parent / "shared" / "data"
WARDS = SHARED / "hue_wards.geojson"
PROCESSES = {
    "web": ["-m", "app.server"],
    "worker": ["-m", "flask", "--app", "wsgi", "worker"],
}
LOG = ROOT / "var" / "demo.log"
Say = Callable[[str], None]
READY_WITHIN = 30.0  # seconds for the web server to answer


@dataclass(frozen=True)
class Stage:
    """What the story is played on."""

    url: str
    fcm: LoopbackFCM
    sms: SmsGateway
    app: Flask  # for looking into the database at the end
    password: str  # of every official


@contextmanager
def set_up(say: Say) -> Iterator[Stage]:
    """Everything running; taken down at the end, whatever happened."""
    with ExitStack() as stack:
        LOG.parent.mkdir(exist_ok=True)
        home = Path(stack.enter_context(TemporaryDirectory(prefix="xom-demo-")))
        say("database: an embedded PostgreSQL, made for this and thrown away after")
        server = stack.enter_context(embedded_server())
        fcm = stack.enter_context(LoopbackFCM())
        sms = stack.enter_context(SmsGateway())
        environment = _settings(server, fcm, sms, home)
        os.environ.update(environment)
        app = create_app(Config.from_env())
        _tell_only_of_trouble()  # the story is told by the script
        password = secrets.token_urlsafe(9)
        _load_city(app, password, say)
        say("web and worker: two processes, as in a real city")
        url = f"http://127.0.0.1:{environment['PORT']}"
        log = stack.enter_context(LOG.open("wb"))
        children = [
            Child(name, [sys.executable, *command], env=environment, cwd=ROOT, output=log)
            for name, command in PROCESSES.items()
        ]
        stack.callback(stop_all, children)
        for child in children:
            child.start()
        _wait_until_ready(url)
        yield Stage(url, fcm, sms, app, password)


def _settings(server: str, fcm: LoopbackFCM, sms: SmsGateway, home: Path) -> dict[str, str]:
    """The environment of web and worker."""
    _create_database(server)
    return os.environ | {
        "XOM_ENV": "demo",
        "DATABASE_URL": f"{server}/xom_demo",
        "SECRET_KEY": secrets.token_urlsafe(32),
        "XOM_IDENTITY_KEY": secrets.token_urlsafe(32),
        "XOM_STORAGE_URL": (home / "files").as_uri(),
        "XOM_FIREBASE_CREDENTIALS": str(fcm.service_account(home / "service-account.json")),
        "XOM_FIREBASE_PROJECT": fcm.project,
        "XOM_FCM_URL": fcm.url,
        "XOM_OTP_SENDER": "sms",
        "XOM_SMS_URL": sms.url,
        "XOM_SMS_TOKEN": sms.token,
        "PORT": str(_free_port()),
    }


def _create_database(server: str) -> None:
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute("create database xom_demo")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _load_city(app: Flask, password: str, say: Say) -> None:
    """Migrations, the city, real wards where present, officials, and somebody on duty."""
    with app.app_context():
        upgrade()
        folder.load_city("hue")
        real = WARDS.is_file()
        if real:
            boundaries.import_areas(WARDS)
        db.session.commit()
        snapshot.forget()
        ensure_demo_accounts(password)
        officer = accounts.official("officer-19789@hue.demo")
        duty.put_on_duty("hue-ioc", officer, now(), now() + timedelta(hours=12))
        db.session.commit()
        source = "real boundaries" if real else "approximate boundaries, computed from the centres"
        say(f"city: Huế, {len(snapshot.current().area_by_code)} wards and communes, {source}")
        db.session.remove()


def _tell_only_of_trouble() -> None:
    logging.disable(logging.INFO)
    warnings_up = structlog.make_filtering_bound_logger(logging.WARNING)
    structlog.configure(wrapper_class=warnings_up)


def _wait_until_ready(url: str) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:
                answer.read()
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise TimeoutError(f"The web server at {url} was not ready within {READY_WITHIN:g} seconds.")
