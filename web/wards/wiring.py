"""Putting the residents' figures into the house: importing its views is what registers them."""

from flask import Flask

from web.wards import numbers, page
from web.wards.blueprint import blueprint

VIEWS = (page,)


def init_wards(app: Flask) -> None:
    app.jinja_env.globals.update(
        plain_number=numbers.number,
        count_words=numbers.reports,
        share_words=numbers.share,
        time_words=numbers.working_time,
        days_words=numbers.working_days,
        month_words=numbers.month_name,
        month_code_words=numbers.month_of_code,
        short_month=numbers.short_month,
        capital=numbers.capital,
    )
    app.register_blueprint(blueprint)
