"""create_app: the one place that knows every part of the house."""

from flask import Flask
from flask_migrate import Migrate

from app.config import ROOT, Config
from app.database import db, init_database

migrate = Migrate(directory=str(ROOT / "migrations"), compare_type=True)


def create_app(config: Config) -> Flask:
    """The whole house, wired: database, guards, rules, channels, pages."""
    app = Flask("xom", static_folder=None)
    app.extensions["xom.config"] = config
    app.config["SECRET_KEY"] = config.secret_key
    init_database(app, config.database_url)
    migrate.init_app(app, db)
    return app
