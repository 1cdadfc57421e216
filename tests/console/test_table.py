"""Rows of the table ticked for a step in bulk."""

import re

from reports.statuses import Role
from tests.console.conftest import Desk, words

WORD = "Cột điện nghiêng trong bảng"


def test_rows_of_the_table_are_ticked_for_a_step_in_bulk(desk: Desk) -> None:
    one, _ = desk.submits(description=WORD), desk.submits(description=WORD)
    dispatcher = desk.at(Role.DISPATCHER)

    page = dispatcher.get(f"/queue?q={WORD}&view=table").text

    boxes = re.findall(r'name="pick" value="([^"]+)" aria-label="Chọn ([^"]+)"', page)
    assert len(boxes) == 2
    picked = next(value for value, code in boxes if code == one["code"])
    chosen = words(dispatcher.post("/bulk/new", pick=picked))
    assert one["code"] in chosen or "1 phản ánh" in chosen


def test_who_takes_no_steps_ticks_nothing_in_the_table(desk: Desk) -> None:
    desk.accepted(desk.submits(description=WORD)["id"])

    page = desk.at(Role.LEADER).get("/queue?status=all&view=table").text

    assert "<table" in page
    assert 'name="pick"' not in page
