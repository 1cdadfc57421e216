"""A small city whose figures are known: three cells in the month before this one, and in the month
before that. Reports are sent and worked on by their verbs, then moved to their days.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import h3.api.basic_int as h3
from sqlalchemy import text

from app.clock import now
from app.database import db
from reports.figures import keeping, periods
from reports.figures.periods import Kind, Period
from reports.statuses import Role
from tests.web.desks import a_jpeg
from tests.web.site import Site

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
Spot = tuple[float, float]
#: The middles of three cells of resolution 8, some kilometres from each other.
MIDDLES: dict[str, Spot] = {
    name: h3.cell_to_latlng(h3.latlng_to_cell(lat, lng, 8))
    for name, (lat, lng) in {
        "full": (16.4675, 107.5885),
        "late": (16.4500, 107.6100),
        "calm": (16.4900, 107.5600),
        "empty": (16.4700, 107.6250),
    }.items()
}
#: cell → day of the month → how many were sent: in the month, and in the one before.
MONTH = {"full": {3: 4, 10: 8}, "late": {10: 6}, "calm": {10: 1}}
BEFORE = {"full": {3: 2}, "late": {3: 1}, "calm": {3: 7}}
RECEIVED, RECEIVED_BEFORE = 19, 10


@dataclass(frozen=True)
class Planted:
    month: Period
    before: Period


def plant(site: Site) -> Planted:
    """What is full is answered in time, what is late is open and past its deadline."""
    this = periods.containing(Kind.MONTH, now().astimezone(ZONE).date())
    month = periods.before(this)
    before = periods.before(month)
    for period, cells in ((month, MONTH), (before, BEFORE)):
        for name, days in cells.items():
            for day, count in days.items():
                for _ in range(count):
                    _report(site, name, period.since + timedelta(days=day - 1))
    make_figures(site)
    return Planted(month, before)


def make_figures(site: Site) -> None:
    """As the job does, all at once."""
    with site.app.app_context():
        keeping.begin_anew()
        db.session.commit()
        while keeping.turn(paced=False).more:
            db.session.commit()
        db.session.commit()


def _report(site: Site, name: str, day: date) -> None:
    lat, lng = MIDDLES[name]
    category = "rac-thai" if name == "late" else "ngap-nuoc"
    sent = site.submits(category=category, lat=lat, lng=lng, description=f"Việc ở ô {name}")
    if sent["status"] == "submitted":  # what goes straight to its office is accepted already
        site.accepted(sent["id"])
    if name == "full":
        officer = site.official(Role.OFFICER, site.office_of(sent["id"]))
        site.takes(officer, "start", sent["id"])
        photo = site.photo(officer, a_jpeg())
        order = {"outcome": "fixed", "note": "Đã làm xong.", "photos": [photo]}
        site.takes(officer, "resolve", sent["id"], **order)
    at = datetime.combine(day, time(9), ZONE)
    _move(site, sent["id"], now() - at)


def _move(site: Site, report_id: str, by: timedelta) -> None:
    """Everything that happened to a report happened so long ago."""
    with site.app.app_context(), db.engine.begin() as connection:
        # History cannot be rewritten, but for here: the triggers that forbid it are off.
        connection.execute(text("set local session_replication_role = replica"))
        for table, key in (
            ("report", "id"),
            ("status_change", "report_id"),
            ("assignment", "report_id"),
        ):
            found = connection.execute(_TIMES, {"table": table}).scalars()
            sets = ", ".join(f"{column} = {column} - :by" for column in found)
            connection.execute(text(f"update {table} set {sets} where {key} = :id"),
                               {"by": by, "id": report_id})  # fmt: skip


_TIMES = text(
    "select column_name from information_schema.columns where table_name = :table"
    " and data_type = 'timestamp with time zone' and is_generated = 'NEVER'"
)
