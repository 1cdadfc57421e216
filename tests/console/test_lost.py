"""An address of the console where there is nothing."""

from reports.statuses import Role
from tests.console.conftest import Desk, words

AS_A_BROWSER = {"Accept": "text/html,application/xhtml+xml"}


def test_whoever_is_signed_in_stays_in_the_console(desk: Desk) -> None:
    vi = desk.at(Role.OFFICER, "so-y-te").get("/nope", **AS_A_BROWSER)
    en = desk.at(Role.ADMIN, lang="en").get("/city/nope", **AS_A_BROWSER)

    assert (vi.status_code, en.status_code) == (404, 404)
    assert "Không có trang nào ở địa chỉ này." in words(vi)
    assert 'id="side"' in vi.text
    assert "Về danh sách việc" in words(vi)
    assert "There is no page at this address." in words(en)
    assert "default-src 'none'" in vi.headers["Content-Security-Policy"]
    assert vi.headers["Cache-Control"] == "no-store"


def test_anybody_else_gets_the_page_of_all_addresses(desk: Desk) -> None:
    answer = desk.stranger().get("/nope", **AS_A_BROWSER)

    assert answer.status_code == 404
    assert 'id="side"' not in answer.text
