"""`flask worker`: the process that does what was promised — sends messages, watches deadlines.

It registers the packages' tasks, which the web must not import, and then works the queue until it
is told to stop. It ends when the database goes away: whoever started it starts it again.
"""

import logging
from importlib import import_module

import click
from flask import current_app

from app.config import Config
from app.jobs import run_worker
from app.launch.children import hold_lifeline

#: Imported by the worker alone: they bring firebase and the other providers with them.
TASKS = (
    "app.auth.tasks",
    "reports.tasks",
    "reports.figures.frozen.tasks",
    "reports.figures.public.tasks",
    "notifications.tasks",
    "notifications.webhooks.tasks",
)


@click.command("worker")
@click.option(
    "--concurrency", default=2, show_default=True, help="Jobs at a time, beside webhooks."
)
def worker_command(concurrency: int) -> None:
    """Work the queue until told to stop."""
    hold_lifeline()
    logging.getLogger("procrastinate").setLevel(logging.WARNING)  # else two lines for each job
    for name in TASKS:
        import_module(name)
    config: Config = current_app.extensions["xom.config"]
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    conninfo = config.database_url.replace("postgresql+psycopg://", "postgresql://", 1)
    run_worker(app, conninfo, concurrency=concurrency)
