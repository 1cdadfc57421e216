"""Published is what anyone can see now, as everywhere else in the house (`Report.shown`)."""

from app.clock import now
from app.database import db
from tests.figures.conftest import Counted
from tests.figures.test_facts import accepted, begun


def test_a_withdrawn_report_is_published_no_more(house: Counted) -> None:
    report = accepted(house)
    assert house.fact(report.id).published

    house.takes("Lan", "withdraw", report)

    assert report.published_at
    assert not house.fact(report.id).published
    assert house.total()["published"] == 0


def test_an_erased_report_is_published_no_more(house: Counted) -> None:
    report = begun(house)
    assert house.fact(report.id).published

    report.erased_at = now()
    db.session.flush()

    assert not house.fact(report.id).published
