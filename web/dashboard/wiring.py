"""Putting the leaders' page into the house: importing its views is what registers them."""

from flask import Flask

from web.dashboard import heat, keeping, page, reports, words
from web.dashboard.blueprint import blueprint

VIEWS = (page, heat, keeping, reports)


def init_dashboard(app: Flask) -> None:
    words.init_words(app)
    app.register_blueprint(blueprint)
