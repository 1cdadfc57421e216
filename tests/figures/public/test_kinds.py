"""Of what kind a ward's public reports are: counted as they can be read today."""

from sqlalchemy import update

from app.database import db
from reports.figures.periods import month
from reports.figures.public.kinds import kinds_in
from reports.figures.public.published import all_published, published
from reports.figures.public.publishing import publish
from reports.models import Report
from tests.figures.public.conftest import APRIL, MARCH, Town

FIRST = month(2026, 3)


def test_public_reports_of_a_ward_are_told_by_kind_and_few_of_a_kind_together(town: Town) -> None:
    for number in range(9):
        town.sends(number, at=MARCH)
    for number in range(6):
        town.sends(number, at=MARCH, category="rac-thai")
    for number in range(4):
        town.sends(number, at=MARCH, category="ngap-nuoc")
    for number in range(20, 30):
        town.sends(number, at=MARCH, category="thu-tuc")  # a private matter: nobody reads it
        town.sends(number, at=MARCH, area="20044")
    town.settle()
    publish(FIRST, at=APRIL)

    found = kinds_in(published(all_published())[0], town.city.area_by_code["19789"].id)

    assert [(name.code, count) for name, count in found.told] == [
        (town.house.plain_category(), 9),
        ("rac-thai", 6),
    ]
    assert (found.others, found.all) == (4, 19)


def test_what_was_hidden_since_is_not_counted(town: Town) -> None:
    reports = [town.sends(number, at=MARCH) for number in range(7)]
    town.settle()
    publish(FIRST, at=APRIL)
    db.session.execute(update(Report).where(Report.id == reports[0]).values(hidden=True))

    found = kinds_in(published(all_published())[0], town.city.area_by_code["19789"].id)

    assert found.all == 6
