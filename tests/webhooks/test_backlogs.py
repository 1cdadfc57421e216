"""A receiver that was away for long: nobody reads through what waits for it."""

import json
from typing import Any

import pytest
from sqlalchemy import text

from app.clock import now
from app.database import db
from notifications.webhooks import claims, history
from notifications.webhooks.figures import dead_letters, queue_age
from tests.webhooks.conftest import Neighbours

MANY = 3000

BACKLOG = text("""
with event as (
    insert into webhook_event (id, type, subject, readers, facts, at)
    select gen_random_uuid(), 'report.changed', 'report:1', '{public}', '{}', now()
    from generate_series(1, :many) returning id
)
insert into webhook_delivery (event_id, endpoint_id, state, due_at, tries)
select id, :endpoint, :state, now() - interval '1 hour', 0 from event
""")


def lay(neighbours: Neighbours, state: str) -> Any:
    """An endpoint with very much that waits for it, or was given up."""
    _, endpoint = neighbours.listen()
    values = {"many": MANY, "endpoint": endpoint.id, "state": state}
    db.session.execute(BACKLOG, values)
    db.session.execute(text("analyze webhook_delivery"))
    return endpoint


def test_when_the_next_comes_due_is_known_from_the_first_of_each_endpoint(
    neighbours: Neighbours,
) -> None:
    lay(neighbours, "due")

    found = claims.next_due(now())

    assert found is not None and found < now()
    assert rows_read(str(claims._NEXT)) <= 2


def test_how_old_the_oldest_is_too(neighbours: Neighbours) -> None:
    lay(neighbours, "due")

    ((_, seconds),) = queue_age(db.session.connection())

    assert 3500 < seconds < 3700


@pytest.mark.parametrize("state", ["due", "dead"])
def test_no_more_are_counted_than_people_read(
    neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    # Ten thousand rows are slow to make.
    monkeypatch.setattr(history, "MOST_COUNTED", 1000)
    endpoint = lay(neighbours, state)

    assert history.counts([endpoint.id]) == {endpoint.id: {state: 1001}}, "more than a thousand"
    assert rows_read(str(history._COUNTS), ids=[endpoint.id], most=1000) <= 1000


def test_letters_given_up_are_told(neighbours: Neighbours) -> None:
    lay(neighbours, "dead")

    assert list(dead_letters(db.session.connection())) == [((), MANY)]


def rows_read(query: str, **values: Any) -> int:
    """How many deliveries a statement reads."""
    found = db.session.execute(text(f"explain (analyze, format json) {query}"), values).scalar_one()
    plan = found if isinstance(found, list) else json.loads(found)
    return sum(
        node["Actual Rows"] * node["Actual Loops"]
        for node in nodes(plan[0]["Plan"])
        if node.get("Relation Name") == "webhook_delivery"
    )


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(one for inner in plan.get("Plans", []) for one in nodes(inner))]
