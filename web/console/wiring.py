"""Putting the console into the house: its views, its session, its words."""

from flask import Flask

from web.console import marks, queue, report, session, sign_in, steps, words
from web.console.blueprint import blueprint

#: The modules whose views stand on the blueprint: importing them is what registers them.
VIEWS = (sign_in, queue, report, steps)


def init_console(app: Flask) -> None:
    session.init_session(app)
    words.init_words(app)
    marks.init_marks(app)
    app.register_blueprint(blueprint)
