"""create_app: the one place that knows every part of the house."""

from uuid import UUID

from flask import Flask
from flask_migrate import Migrate

from app.auth import api as auth_api
from app.auth import cli as auth_cli
from app.auth import guards
from app.auth.guards import Caller
from app.auth.ports import AuthPorts, init_auth
from app.auth.senders import mail_sender_for, sender_for
from app.cli import init_cli
from app.clock import now
from app.config import ROOT, Config
from app.database import db, init_database
from app.docs import init_docs
from app.health import init_health
from app.http import init_http
from app.limits import init_limits
from app.logs import init_logs
from app.metrics import init_metrics
from app.openapi import init_openapi
from app.problems import init_problems
from app.storage import init_storage
from app.worker import worker_command
from notifications import accounts as notified
from notifications import api as notifications_api
from notifications import cli as notifications_cli
from notifications import devices, leaving
from notifications.ports import init_notifications
from reports import api as reports_api
from reports import (
    clients_cli,
    covers_cli,
    duty,
    identity,
    notices_cli,
    ownership,
    people_cli,
    permissions,
    roles_cli,
    second_factor,
    webhooks_cli,
)
from reports.api import contacts, ogc, person
from reports.city import cli as city_cli
from reports.city import snapshot
from reports.city.demo_accounts import demo_accounts_command
from reports.darkroom.pool import init_photo_pool
from reports.desk import morning, office_links
from reports.erasure import init_erasure
from reports.feeds import calendar_links
from reports.figures import cli as figures_cli
from reports.figures import operating
from reports.figures.frozen import cli as figure_reports_cli
from reports.open311.wiring import init_open311
from reports.webhook_bodies import Bodies
from web.pages import init_pages

migrate = Migrate(directory=str(ROOT / "migrations"), compare_type=True)

COMMANDS = (
    *auth_cli.commands,
    *roles_cli.commands,
    *people_cli.commands,
    *clients_cli.commands,
    *notices_cli.commands,
    *covers_cli.commands,
    *city_cli.commands,
    *figures_cli.commands,
    *figure_reports_cli.commands,
    *notifications_cli.commands,
    *webhooks_cli.commands,
    duty.commands,
    worker_command,
    demo_accounts_command,
)
BLUEPRINTS = (
    *auth_api.blueprints,
    *reports_api.blueprints,
    *person.blueprints,
    contacts.blueprint,
    *notifications_api.blueprints,
    *leaving.blueprints,
)


def create_app(config: Config) -> Flask:
    """The whole house, wired: database, guards, rules, channels, pages."""
    app = Flask("xom", static_folder=None)
    app.extensions["xom.config"] = config
    app.config["SECRET_KEY"] = config.secret_key
    _open_the_door(app, config)
    _admit(app, config)
    init_storage(app)
    init_photo_pool(app)
    init_notifications(
        app,
        contacts=identity.contact_for_delivery,
        timezone=_timezone,
        doors=office_links.OfficeDoors(),
        desks=morning.MorningDesks(),
        webhooks=Bodies(),
    )
    operating.register()
    api = init_openapi(app)
    init_docs(app, examples=ROOT / "reports" / "api" / "examples.json")
    init_open311(app)
    init_pages(app, config)
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint)
    app.register_blueprint(ogc.blueprint)  # described by a document of its own
    init_cli(app, COMMANDS)
    migrate.init_app(app, db)
    return app


def _open_the_door(app: Flask, config: Config) -> None:
    """The kernel, in the order in which a request meets it."""
    init_logs(app, config)
    init_http(app, config)
    init_database(app, config.database_url)
    init_problems(app)
    init_limits(app, config, account_id=_account_id)
    init_health(app, config)
    init_metrics(app, config)


def _admit(app: Flask, config: Config) -> None:
    """Who may enter, how they prove who they are, and what of them is forgotten on request."""
    ports = AuthPorts(
        directory=identity,
        send_code=sender_for(config),
        mail_code=mail_sender_for(config),
        timezone=_timezone,
        demands_second_factor=second_factor.is_demanded,
        holds_back=second_factor.holds_back,
        join=(identity.take_over, ownership.move_belongings, notified.move_account),
        on_disable=(devices.forget_all, calendar_links.revoke_all),
        on_sign_out=(devices.forget,),
    )
    init_auth(app, ports)
    guards.install_guards(app, _permits)
    second_factor.init_second_factor(app, config)
    init_erasure(app, (notified.forget_account,))


def _permits(caller: Caller, permission: str) -> bool:
    return permissions.permits(permissions.viewer_of(caller, now()), permission)


def _timezone() -> str:
    return snapshot.current().profile.timezone


def _account_id() -> UUID | None:
    caller = guards.caller()
    return caller.account_id if caller else None
