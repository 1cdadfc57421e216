"""How Alembic reaches the database and knows the tables. Called by `flask db …`."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy.dialects.postgresql.base import ischema_names

import notifications.models
import notifications.webhooks.models  # noqa: F401 (tables register themselves)
import reports.city.models
import reports.desk.models
import reports.feeds.models
import reports.figures.frozen.models
import reports.figures.link_models
import reports.figures.models
import reports.figures.public.models
import reports.models
import reports.open311.models

db = current_app.extensions["migrate"].db
ischema_names["point"] = reports.models.Point  # else `flask db check` warns of it


def ours(_object: Any, name: str | None, kind: str, _reflected: bool, _compare: Any) -> bool:  # noqa: FBT001
    """Leave the queue's own tables to procrastinate."""
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


with db.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=db.metadatas[None],
        include_object=ours,
        compare_server_default=False,
        transaction_per_migration=True,
    )
    # Waiting for a lock would make every request behind it wait too: give up and be run again.
    connection.exec_driver_sql("set lock_timeout = '3s'")
    connection.exec_driver_sql("set statement_timeout = 0")
    connection.commit()
    with context.begin_transaction():
        context.run_migrations()
