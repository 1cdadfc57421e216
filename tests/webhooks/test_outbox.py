"""What telling other systems costs a step."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

from sqlalchemy import event, text

from app.database import db
from tests.reports.conftest import House
from tests.webhooks.conftest import Neighbours

Dispatch = Callable[..., object]


def test_one_job_a_step_and_none_where_nobody_listens(
    house: House, neighbours: Neighbours, dispatch: Dispatch
) -> None:
    jobs = text(
        "select count(*) from procrastinate_jobs where task_name = 'notifications.webhooks'"
    )
    dispatch("accept", house.submits(str(uuid4())))
    assert db.session.scalar(jobs) == 0

    public = [neighbours.listen()[1] for _ in range(2)]
    report = house.submits(str(uuid4()))
    of_office = neighbours.listen(house.city.offices_by_id[report.office_id].code)[1]
    with statements() as said:
        dispatch("accept", report)

    assert db.session.scalar(jobs) == 1
    assert [len(neighbours.deliveries(one)) for one in (*public, of_office)] == [1, 1, 1]
    assert sum("webhook_" in one for one in said) == 2, "is there anybody; and all events at once"


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is said to the database meanwhile."""
    said: list[str] = []

    def note(*call: object) -> None:
        said.append(str(call[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    yield said
    event.remove(db.engine, "before_cursor_execute", note)
