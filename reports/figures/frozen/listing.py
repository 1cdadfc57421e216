"""Reports that were published, as a list and one by one: what the API and the pages show."""

from collections.abc import Sequence
from datetime import datetime
from itertools import product
from typing import Any

from sqlalchemy import func, select

from app.database import db, reading
from app.errors import Forbidden
from app.locale import LOCALES
from reports.city import snapshot
from reports.figures.cutoffs import cutoff, last_settled
from reports.figures.frozen import publishing, readers, sending
from reports.figures.frozen.models import FigureReport
from reports.figures.frozen.saying import pick
from reports.figures.models import figure_group
from reports.figures.periods import Kind, Period, before, containing
from reports.figures.rights import sees_all_figures
from reports.permissions import Viewer


class WholeCityOnly(Forbidden):
    code = "whole-city-only"
    vi = "Báo cáo này nói về cả thành phố, dành cho lãnh đạo thành phố."
    en = "These reports are on the whole city, for the city's leaders."


ADDRESS = "/api/v1/figure-reports"
#: What a file's form is to a browser.
TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
FOR_EVER = "private, max-age=31536000, immutable"  # for caches: what is frozen never changes
Plain = dict[str, Any]


def require_whole_city(viewer: Viewer) -> None:
    """Leaders alone; raises WholeCityOnly for others who have figures."""
    if not sees_all_figures(viewer):
        raise WholeCityOnly


def found(code: str, number: int) -> FigureReport:
    """One report; whatever is no month or quarter has none. Raises NoSuchFigureReport."""
    try:
        period = publishing.period_of(code)
    except publishing.NotAPeriod:
        raise publishing.NoSuchFigureReport from None
    return publishing.find(period.code, number)


def newest_first(*, limit: int | None = None) -> Sequence[FigureReport]:
    """The newest period first, of one period the newest number first; quarters before months."""
    query = select(FigureReport).order_by(
        FigureReport.until.desc(), FigureReport.since, FigureReport.number.desc()
    )
    return db.session.scalars(query.limit(limit)).all()


def told(report: FigureReport, locale: str) -> Plain:
    """One report for a list: what it is on, as of when, where its files are."""
    return {
        "period": report.period,
        "kind": str(report.kind),
        "number": report.number,
        "name": pick(locale, report.contents["name"]["vi"], report.contents["name"]["en"]),
        "from": report.since,
        "to": report.until,
        "as_of": report.as_of,
        "published_at": report.made_at,
        "definitions_version": report.definitions_version,
        "changed": len(report.contents["changes"]),
        "files": files(report),
    }


def letters(report: FigureReport) -> list[Plain]:
    """To whom it was sent by mail, and what became of each letter."""
    return [
        {
            "to": reader.name or reader.email or "",
            "state": str(letter.state),
            "sent_at": letter.sent_at,
        }
        for letter, reader in readers.letters_of(report)
    ]


def files(report: FigureReport) -> list[Plain]:
    """Each file, with its SHA-256: it never changes."""
    found = []
    kept = publishing.kept(report)
    for locale, form in product(LOCALES, publishing.FORMS):
        one = kept[f"{locale}.{form}"]
        found.append(
            {
                "locale": locale,
                "form": form,
                "url": address(report, locale, form),
                "name": sending.file_name(report, locale, form),
                "sha256": one.sha256,
                "bytes": one.size,
            }
        )
    return found


def address(report: FigureReport, locale: str, form: str) -> str:
    """/api/v1/figure-reports/2026-10.pdf?lang=vi; …/2026-10/2.pdf?lang=vi for an amendment."""
    number = "" if report.number == 1 else f"/{report.number}"
    return f"{ADDRESS}/{report.period}{number}.{form}?lang={locale}"


def settled(at: datetime) -> dict[Kind, list[Period]]:
    """The months and quarters that can be published at a moment, newest first: from the first that
    received a report on."""
    row = figure_group.c
    of_all = (row.area_id == 0, row.category_id == 0, row.office_id == 0, row.received > 0)
    first = select(func.min(row.start)).where(row.span == str(Kind.MONTH), *of_all)
    with reading() as connection:
        since = connection.execute(first).scalar()
    profile = snapshot.current().profile
    periods: dict[Kind, list[Period]] = {}
    for kind in publishing.KINDS:
        period = last_settled(kind, profile.settings, profile.timezone, at=at)
        periods[kind] = []
        while since and period.until > since:
            periods[kind].append(period)
            period = before(period)
    return periods


def upcoming(at: datetime) -> list[Plain]:
    """When the months and quarters that are running, or just over, are settled and published."""
    profile = snapshot.current().profile
    day = snapshot.current().calendar.local_day(at)
    found = []
    for kind in publishing.KINDS:
        running = containing(kind, day)
        for period in (before(running), running):
            settled = cutoff(period, profile.settings, profile.timezone)
            if settled > at:
                found.append({"period": period.code, "kind": str(kind), "settled_at": settled})
    return found
