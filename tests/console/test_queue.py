"""The queue: whose work is seen, narrowed, counted."""

from reports.statuses import Role
from tests.console.conftest import Desk


def test_a_dispatcher_sees_what_was_sent_and_an_officer_only_what_is_theirs(desk: Desk) -> None:
    sent = desk.submits(description="Cống trước trường Quốc Học nghẹt.")
    office = desk.office_of(sent["id"])

    assert "Cống trước trường Quốc Học nghẹt." in desk.at(Role.DISPATCHER).sees("/queue")
    assert sent["code"] not in desk.at(Role.OFFICER, office).sees("/queue")

    desk.accepted(sent["id"])

    assert sent["code"] in desk.at(Role.OFFICER, office).sees("/queue")
    assert sent["code"] not in desk.at(Role.OFFICER, "so-y-te").sees("/queue")
