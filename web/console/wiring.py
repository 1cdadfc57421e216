"""Putting the console into the house: its views, its session, its words."""

from flask import Flask

from web.console import (
    accounts,
    api_clients,
    around,
    bulk,
    bulk_run,
    client_keys,
    comments,
    comparing,
    complaints,
    entering,
    evidence,
    exports,
    filters_page,
    handover,
    inbox,
    invitations,
    limits,
    lost,
    marks,
    mentions,
    my_account,
    my_calendars,
    my_notifications,
    office_links,
    printing,
    queue,
    redaction,
    report,
    second_factor,
    session,
    sign_in,
    steps,
    templates_page,
    triage,
    words,
)
from web.console.blueprint import blueprint
from web.console.city import VIEWS as CITY_VIEWS

#: The modules whose views stand on the blueprint: importing them is what registers them.
VIEWS = (
    sign_in,
    queue,
    exports,
    around,
    report,
    steps,
    triage,
    comparing,
    redaction,
    comments,
    complaints,
    entering,
    limits,
    inbox,
    my_notifications,
    mentions,
    office_links,
    bulk,
    bulk_run,
    filters_page,
    templates_page,
    printing,
    evidence,
    accounts,
    invitations,
    my_account,
    my_calendars,
    second_factor,
    handover,
    api_clients,
    client_keys,
    *CITY_VIEWS,
)


def init_console(app: Flask) -> None:
    session.init_session(app)
    second_factor.init_setting_up(app)
    words.init_words(app)
    marks.init_marks(app)
    lost.init_lost(app)
    app.register_blueprint(blueprint)
