"""Publishing a report: read, set, laid down as files, and only then written into the table.

What was published stays: files are named after their own bytes, rows are never changed (the
database refuses), late changes make a numbered amendment. A kill in between leaves files that
nobody names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, cast
from uuid import UUID, uuid4

import structlog
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app import storage
from app.crash import crash_point
from app.database import db, reading
from app.errors import Conflict, Invalid, NotFound, Unavailable
from app.jobs import defer
from app.locale import LOCALES
from reports.city import snapshot
from reports.city.snapshot import City
from reports.figures.cutoffs import cutoff, last_settled
from reports.figures.frozen import csv, paper, pdf, xlsx
from reports.figures.frozen.changes import changes
from reports.figures.frozen.contents import Contents, read_contents
from reports.figures.frozen.models import FigureReport
from reports.figures.frozen.readers import write_letters
from reports.figures.periods import Kind, Period, before, read_code
from reports.outlines import simplified
from reports.spoken import spoken_moment

FORMS = ("pdf", "xlsx", "csv")
KINDS = (Kind.MONTH, Kind.QUARTER)
MOST = 32_000  # numbers of one period: what the column holds

log = structlog.get_logger()


class NoSuchFigureReport(NotFound):
    code = "no-such-figure-report"
    vi = "Chưa có báo cáo nào của kỳ này."
    en = "There is no report on this period."


class NotAPeriod(Invalid):
    code = "not-a-period"
    vi = "Ghi một tháng (2026-10) hoặc một quý (2026-Q3)."
    en = "Give a month (2026-10) or a quarter (2026-Q3)."
    field = "period"


class PeriodNotSettled(Conflict):
    code = "period-not-settled"
    vi = "Số liệu kỳ này chốt lúc {when_vi}. Từ lúc ấy mới công bố được."
    en = "The figures of this period are settled at {when_en}. It can be published from then on."
    field = "period"


class NothingChanged(Conflict):
    code = "nothing-changed"
    vi = "Số liệu kỳ này không đổi so với bản đã công bố, nên không có gì để bổ sung."
    en = "Nothing differs from the report that was published, so there is nothing to amend."


class FileDamaged(Unavailable):
    code = "file-damaged"
    vi = "Tệp báo cáo này không còn đúng như lúc công bố nên không gửi ra. Hãy báo quản trị viên."
    en = "This file is no longer as it was published, so it is not given out. Tell an admin."


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a report, by its language and form (`vi.pdf`)."""

    key: str
    sha256: str
    size: int


def period_of(code: str) -> Period:
    """A month or a quarter by its code. Raises NotAPeriod."""
    try:
        period = read_code(code)
    except ValueError:
        raise NotAPeriod from None
    if period.kind not in KINDS:
        raise NotAPeriod
    return period


def publish(
    period: Period, *, by: UUID | None, at: datetime, amend: bool = False
) -> tuple[FigureReport, bool]:
    """The report on a period, and whether it was made now. With `amend`, another one when anything
    differs from the newest. Flushes; the files lie there already.

    Raises PeriodNotSettled, NothingReceived, NothingChanged, FiguresBehind, FiguresNotReady,
    FontMissing.
    """
    newest, at = _newest(period), at.replace(microsecond=0)  # PDFs know whole seconds
    if newest and not amend:
        return find(period.code, newest.number), False
    _require_settled(period, at)
    contents = read_contents(period, number=newest.number + 1 if newest else 1, at=at)
    if newest:
        contents["changes"] = changes(newest.contents, contents)
        if not contents["changes"]:
            raise NothingChanged
    files = _lay_down(period, files_of(contents, outlines_of(snapshot.current())))
    crash_point("after_report_files")
    return _written(period, contents, files, by=by, at=at)


def due(at: datetime) -> list[Period]:
    """What is settled and not published yet, oldest first: the newest month and quarter, and those
    that were settled since the first report was made, should a worker have been away."""
    began = db.session.scalar(select(func.min(FigureReport.made_at))) or at
    settled = [period for kind in KINDS for period in _settled_since(began, kind, at)]
    return [period for period in settled if _newest(period) is None]


def _settled_since(began: datetime, kind: Kind, at: datetime) -> list[Period]:
    """The newest period of a kind that is settled, after those settled later than `began`."""
    profile = snapshot.current().profile
    found = [last_settled(kind, profile.settings, profile.timezone, at=at)]
    while cutoff(earlier := before(found[0]), profile.settings, profile.timezone) > began:
        found.insert(0, earlier)
    return found


def files_of(contents: Contents, outlines: Mapping[str, BaseGeometry]) -> dict[str, bytes]:
    """Every file of a report. Pure, but for the font on the disk. Raises FontMissing."""
    made: dict[str, bytes] = {}
    for locale in LOCALES:
        made[f"{locale}.pdf"] = pdf.set_in_type(paper.write(contents, outlines, locale))
        made[f"{locale}.xlsx"] = xlsx.write(contents, locale)
        made[f"{locale}.csv"] = csv.write(contents, locale)
    return made


def outlines_of(city: City) -> dict[str, BaseGeometry]:
    """The areas' borders by code, simple enough for a page."""
    known = city.facts.boundaries
    codes = sorted(code for code in known if code in city.area_by_code)
    return dict(zip(codes, simplified([known[code] for code in codes]), strict=True))


def find(code: str, number: int = 1) -> FigureReport:
    """One report by its period and number. Raises NoSuchFigureReport."""
    if not 1 <= number <= MOST:
        raise NoSuchFigureReport
    found = db.session.scalar(
        select(FigureReport).where(FigureReport.period == code, FigureReport.number == number)
    )
    if found is None:
        raise NoSuchFigureReport
    return found


def kept(report: FigureReport) -> dict[str, Kept]:
    """The files of a report by language and form."""
    return {
        name: Kept(one["key"], one["sha256"], one["bytes"]) for name, one in report.files.items()
    }


def file_of(report: FigureReport, locale: str, form: str) -> bytes:
    """A file's bytes, the same for ever: others are not given out. Raises NoSuchFigureReport,
    FileDamaged."""
    known = kept(report).get(f"{locale}.{form}")
    if known is None:
        raise NoSuchFigureReport
    data = storage.get(known.key)
    if sha256(data).hexdigest() != known.sha256:
        log.error("a published file was changed", key=known.key)
        raise FileDamaged(retry_after=3600)
    return data


@dataclass(frozen=True, slots=True)
class _Newest:
    number: int
    contents: Contents


def _newest(period: Period) -> _Newest | None:
    """Read outside the transaction: setting a report takes a second or two."""
    table = FigureReport.__table__
    query = (
        select(table.c.number, table.c.contents)
        .where(table.c.period == period.code)
        .order_by(table.c.number.desc())
        .limit(1)
    )
    with reading() as connection:
        row = connection.execute(query).first()
    return _Newest(row.number, cast(Contents, row.contents)) if row else None


def _require_settled(period: Period, at: datetime) -> None:
    profile = snapshot.current().profile
    settled = cutoff(period, profile.settings, profile.timezone)
    if at < settled:
        vi, en = (spoken_moment(settled, profile.timezone, one, at) for one in LOCALES)
        raise PeriodNotSettled(when_vi=vi, when_en=en)


def _lay_down(period: Period, files: Mapping[str, bytes]) -> dict[str, Any]:
    """Each under a name of its own bytes, so that no other can ever take its place."""
    laid: dict[str, Any] = {}
    for name, data in files.items():
        locale, _, form = name.partition(".")
        digest = sha256(data).hexdigest()
        key = f"figure-reports/{period.code}/{locale}-{digest[:32]}.{form}"
        storage.put(key, data)
        laid[name] = {"key": key, "sha256": digest, "bytes": len(data)}
    return laid


def _written(
    period: Period,
    contents: Contents,
    files: dict[str, Any],
    *,
    by: UUID | None,
    at: datetime,
) -> tuple[FigureReport, bool]:
    """The row, and a letter for each reader. Who comes second is given what the first has made."""
    made = db.session.scalar(
        insert(FigureReport)
        .values(
            id=uuid4(),
            period=period.code,
            kind=period.kind,
            number=contents["number"],
            since=period.since,
            until=period.until,
            as_of=datetime.fromisoformat(contents["as_of"]),
            made_at=at,
            made_by=by,
            definitions_version=contents["definitions_version"],
            contents=contents,
            files=files,
        )
        .on_conflict_do_nothing(index_elements=["period", "number"])
        .returning(FigureReport.id)
    )
    report = find(period.code, contents["number"])
    if made:
        write_letters(report, at=at)
        defer("reports.figure_letters")
        log.info("report on figures published", period=period.code, number=report.number)
    return report, bool(made)


def count_of(code: str) -> int:
    """How many there are of a period, amendments included."""
    query = select(func.count()).where(FigureReport.period == code)
    return db.session.execute(query).scalar_one()
