"""create_app: the one place that knows every part of the house."""

from flask import Flask
from flask_migrate import Migrate

from app.config import ROOT, Config
from app.database import db, init_database
from app.http import init_http
from app.limits import init_limits
from app.openapi import init_openapi
from app.problems import init_problems

migrate = Migrate(directory=str(ROOT / "migrations"), compare_type=True)


def create_app(config: Config) -> Flask:
    """The whole house, wired: database, guards, rules, channels, pages."""
    app = Flask("xom", static_folder=None)
    app.extensions["xom.config"] = config
    app.config["SECRET_KEY"] = config.secret_key
    init_http(app, config)
    init_database(app, config.database_url)
    init_problems(app)
    init_limits(app, config)
    init_openapi(app)
    migrate.init_app(app, db)
    return app
