"""A map through time: each cell's count by day, week or month, for a slider that plays."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import Connection, text

from app.errors import Invalid
from reports.figures import cells
from reports.figures.cell_reading import Counted, bounds_values, counting, fates_of, parent_values
from reports.figures.periods import DAY, Kind, Period, containing, months_of, weeks_of

MOST_FRAMES = 62  # two months of days


class Frame(StrEnum):
    DAY = "day"
    WEEK = "week"  # from Monday
    MONTH = "month"


class NoDays(Invalid):
    code = "frames-need-days"
    vi = "Chọn ngày bắt đầu và ngày kết thúc để xem theo thời gian."
    en = "Choose a first and a last day to play it through time."
    field = "from"


class TooManyFrames(Invalid):
    code = "too-many-frames"
    vi = "Khoảng này gồm {frames} khung hình, nhiều nhất là {most}. Chọn tuần hoặc tháng thay cho ngày, hoặc khoảng ngắn hơn."  # noqa: E501
    en = "This range has {frames} frames, {most} at most. Choose weeks or months instead, or a shorter range."  # noqa: E501
    field = "frames"


_STEP = {
    Frame.DAY: "day",
    Frame.WEEK: "date_trunc('week', day)::date",
    Frame.MONTH: "date_trunc('month', day)::date",
}


Counts = dict[int, list[int]]  # by cell, one number for each frame
Found = Iterable[tuple[int, date, int]]  # a cell, the day its frame begins on, how many


def frames_of(since: date | None, until: date | None, frame: Frame, today: date) -> list[Period]:
    """The days, weeks or months of a range, cut to it. What is still to come has no frame.

    Raises NoDays, TooManyFrames."""
    if since is None:
        raise NoDays
    end = min(until or date.max, today + DAY)
    if end <= since:
        return []
    period = Period(since, end)
    starts = _starts(period, frame)
    if len(starts) > MOST_FRAMES:
        raise TooManyFrames(frames=len(starts), most=MOST_FRAMES)
    ends = [*starts[1:], end]
    return [Period(max(a, since), b) for a, b in zip(starts, ends, strict=True)]


def _starts(period: Period, frame: Frame) -> list[date]:
    match frame:
        case Frame.WEEK:
            return weeks_of(period)
        case Frame.MONTH:
            return months_of(period)
    return [period.since + timedelta(days=n) for n in range(period.days)]


def counts_by_frame(
    connection: Connection, wanted: Counted, frame: Frame, periods: list[Period]
) -> Counts:
    """How many reports each cell has in each of the periods, which `frames_of` made."""
    if not periods:
        return {}
    numbers = {_start_of(one.since, frame): number for number, one in enumerate(periods)}
    whole = frame is Frame.MONTH and wanted.has_roll_ups and not wanted.hidden
    whole = whole and periods[0].since.day == 1 and _ends_whole(periods[-1], wanted)
    read = _from_roll_ups if whole else _from_facts
    counts: Counts = {}
    for cell, start, count in read(connection, wanted, frame):
        if start in numbers and wanted.shows(cell):
            counts.setdefault(cell, [0] * len(periods))[numbers[start]] = count
    return counts


def _start_of(day: date, frame: Frame) -> date:
    match frame:
        case Frame.WEEK:
            return day - timedelta(days=day.weekday())
        case Frame.MONTH:
            return day.replace(day=1)
    return day


def _ends_whole(last: Period, wanted: Counted) -> bool:
    """Does the last frame hold all of its month that has come?"""
    end = containing(Kind.MONTH, last.since).until
    return wanted.until is None or wanted.until >= end or last.until < wanted.until


def _from_facts(connection: Connection, wanted: Counted, frame: Frame) -> Found:
    values = bounds_values(wanted)
    columns = f"{_STEP[frame]} as frame, count(*) as received"
    query = counting(columns, frozenset(values), fates_of(wanted), groups="1, 2")
    values |= parent_values(wanted.resolution)
    return (tuple(row) for row in connection.execute(query, values))


_MONTHS = text("""
    select cell, start, received from figure_cell
     where span = 'month' and start >= :since and category_id = :category_id
       and office_id = :office_id and cell between :first and :last
""")


def _from_roll_ups(connection: Connection, wanted: Counted, _: Frame) -> Found:
    first, last = cells.all_of(wanted.resolution)
    values = {"since": wanted.since, "category_id": wanted.category_id or 0}
    values |= {"office_id": min(wanted.offices) if wanted.offices else 0}
    found = connection.execute(_MONTHS, {**values, "first": first, "last": last})
    return (tuple(row) for row in found)
