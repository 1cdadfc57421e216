"""Officials read through which neighbour's system a report came."""

from app.auth.scopes import Scope
from app.database import db
from reports.statuses import Role
from tests.console.conftest import Desk, desk, desk_house
from tests.open311.conftest import a_client, a_request

__all__ = ["desk", "desk_house"]


def test_a_neighbours_report_names_the_system_it_came_through(desk: Desk) -> None:
    with desk.app.app_context():
        _, key = a_client("Sở Xây dựng <hồ sơ>", Scope.REPORTS_CREATE)
        db.session.remove()
    sent = desk.app.test_client().post("/open311/v2/requests.json", data=a_request(api_key=key))
    code = sent.json[0]["service_request_id"]
    own = desk.submits()["code"]

    dispatcher = desk.at(Role.DISPATCHER)

    for page in (f"/reports/{code}", f"/reports/{code}/print"):
        assert "qua hệ thống khác (Sở Xây dựng <hồ sơ>)" in dispatcher.sees(page)
    told = dispatcher.sees(f"/reports/{own}")
    assert "· qua ứng dụng" in told and "· qua hệ thống khác" not in told
