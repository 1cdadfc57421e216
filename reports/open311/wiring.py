"""All of /open311/v2 put into the house: its addresses, and its own shape for what goes wrong."""

from flask import Flask

from reports.open311 import sending_views, updates_views, views
from reports.open311.answering import init_shape


def init_open311(app: Flask) -> None:
    init_shape(app)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(sending_views.blueprint)
    app.register_blueprint(updates_views.blueprint)
