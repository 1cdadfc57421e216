"""The officials' queue: what is somebody's to see, whoever must act soonest first, narrowed in
every way, and how long it is. As in `queries`: a statement for each set of bounds, made once.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    any_,
    bindparam,
    func,
    not_,
    or_,
    select,
    text,
    true,
    union_all,
)

from app.database import reading
from reports import pages
from reports.filters import Bounds, Filters, narrowed
from reports.geometry import spot_in_circle
from reports.models import Assignment, Report
from reports.pages import CARD, Key, Rows, after_values, count, read
from reports.permissions import OFFICE_ROLES, Viewer
from reports.queries import kept
from reports.statuses import Role

MOST_COUNTED = 1000  # a page says "over 1,000": nobody needs it closer, and counting all costs
READ_THROUGH = 1_000  # of a list's first reports, for what is common

_report = Report.__table__.c


class _Shape(NamedTuple):
    """In which order, from a key on or not, how many; of each its card, or its keys alone.

    `through`: bounds that are looked for by reading through the list's first reports. What is
    common is found so sooner than by fetching and sorting all of it; when it is not, nothing but
    time is lost."""

    newest: bool
    paged: bool
    rows: int
    keys: bool = False
    through: Bounds = frozenset()


def page(
    viewer: Viewer,
    filters: Filters,
    *,
    centre_id: int,
    limit: int,
    after: Key | None,
    newest_first: bool = False,
) -> Rows:
    """What is mine to see, whoever must act soonest first; one row more when there is a page."""
    shape = _Shape(newest=newest_first, paged=bool(after), rows=limit + 1)
    query, values = _queue(viewer, filters, centre_id, shape)
    values |= after_values(after)
    if common := filters.perhaps_common:
        first, _ = _queue(viewer, filters, centre_id, shape._replace(through=common))
        rows = read(first, values)
        if len(rows) > limit:
            return rows
    return read(query, values)


def length(viewer: Viewer, filters: Filters, *, centre_id: int) -> int:
    """How many reports the queue has, as far as MOST_COUNTED + 1."""
    # In the order that an index has.
    newest = not filters.open_alone
    shape = _Shape(newest=newest, paged=False, rows=MOST_COUNTED + 1, keys=True)
    query, values = _queue(viewer, filters, centre_id, shape)
    with reading() as connection:
        found: int = connection.execute(_count_of(query), values).scalar_one()
    return found


@kept
def _count_of(query: Select[Any]) -> Select[Any]:
    return select(func.count()).select_from(query.subquery())


def _queue(
    viewer: Viewer, filters: Filters, centre_id: int, shape: _Shape
) -> tuple[Select[Any], dict[str, Any]]:
    values = filters.values()
    mine = sorted(viewer.offices(*OFFICE_ROLES))
    make = _reading_through if shape.through else _in_one
    query = make(frozenset(values), shape, all_offices=viewer.sees_all, one_office=len(mine) == 1)
    values |= {"mine": mine, "my_only_one": mine[0] if mine else None, "centre_id": centre_id}
    values |= {"headed": sorted(viewer.offices(Role.HEAD))}
    return query, values | not_accused_values(viewer)


@kept
def _in_one(bounds: Bounds, shape: _Shape, *, all_offices: bool, one_office: bool) -> Select[Any]:
    if all_offices:
        return _whole_queue(bounds, shape)
    return _queue_of_offices(bounds, shape, one_office=one_office)


@kept
def _reading_through(
    bounds: Bounds, shape: _Shape, *, all_offices: bool, one_office: bool
) -> Select[Any]:
    wider = shape._replace(rows=READ_THROUGH)
    made = _in_one(bounds - shape.through, wider, all_offices=all_offices, one_office=one_office)
    first = made.subquery("first")
    found = [_READ[name](first) for name in sorted(shape.through)]
    cards = [first.c[column.key] for column in CARD]
    return _sorted(first, shape).where(*found).with_only_columns(*cards)


_READ: Mapping[str, Callable[[FromClause], ColumnElement[bool]]] = {
    "words": lambda first: func.xom_fold(first.c.public_description).like(
        func.xom_fold(bindparam("words"))
    ),
    "circle": lambda _: spot_in_circle("first"),
    "cell_box": lambda _: true(),  # as the numbers of the cell say
    "cell_from": lambda first: first.c.cell >= bindparam("cell_from", type_=BigInteger),
    "cell_to": lambda first: first.c.cell <= bindparam("cell_to", type_=BigInteger),
}


def _sorted(found: FromClause, shape: _Shape) -> Select[Any]:
    by_key = (found.c.submitted_at.desc(), found.c.id.desc())
    order = by_key if shape.newest else (found.c.act_by, found.c.id)
    return select(*found.c).order_by(*order).limit(count(shape.rows))


def _whole_queue(bounds: Bounds, shape: _Shape) -> Select[Any]:
    """The centre's and the leaders': all but what concerns the centre itself."""
    beyond = _report.accused_office_id != bindparam("centre_id")
    mine = or_(beyond, _among_mine(_report.office_id))
    told = _told(shape).where(*narrowed(bounds), _unaccused_or(and_(_NOT_OURS, mine)))
    return _in_order(told, shape)


def _queue_of_offices(bounds: Bounds, shape: _Shape, *, one_office: bool) -> Select[Any]:
    """What they lead, a page of it, and what they join, which is little and fetched as a whole."""
    mine = _is_mine if one_office else _among_mine
    steers = and_(  # what is said of the centre, from the first: nobody there may give it to them
        _report.accused_office_id.is_not_distinct_from(bindparam("centre_id", type_=Integer)),
        _report.office_id == any_(bindparam("headed", type_=ARRAY(Integer))),
    )
    leads = and_(mine(_report.office_id), or_(_report.assigned_at.is_not(None), steers))
    joins = select(Assignment.report_id).where(
        mine(Assignment.office_id), Assignment.until.is_(None), text("part = 'join'")
    )
    cards = _told(shape).where(*narrowed(bounds), NOT_ACCUSED)
    led = _in_order(cards.where(leads), shape)
    joined = cards.where(_report.id.in_(joins), not_(leads))
    joined = pages.following(joined, newest=shape.newest) if shape.paged else joined
    # Materialized, or a plan for any office would look through everybody's open reports for them.
    apart = joined.cte("joined").prefix_with("materialized")
    return _sorted(union_all(led, select(apart)).subquery(), shape)


def _told(shape: _Shape) -> Select[Any]:
    """Cards; or what is enough to count and to sort, which is carried through a plan for less."""
    if shape.keys:
        return select(_report.id, _report.submitted_at, _report.act_by)
    return select(*CARD, _report.spot, _report.cell) if shape.through else select(*CARD)


def _in_order(query: Select[Any], shape: _Shape) -> Select[Any]:
    order = pages.newest_first if shape.newest else pages.soonest_first
    return order(query, paged=shape.paged, rows=shape.rows)


def _among_mine(column: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column == any_(bindparam("mine", type_=ARRAY(Integer)))
    return found


def _is_mine(column: Any) -> ColumnElement[bool]:
    """Equality, so that the index of an office's queue gives its rows in order."""
    found: ColumnElement[bool] = column == bindparam("my_only_one", type_=Integer)
    return found


def _unaccused_or(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Most accuse nobody. Said first and once: plans are made for what is said to be usual."""
    return or_(_report.accused_office_id.is_(None), condition)


_NOT_OURS = not_(_report.accused_office_id == any_(bindparam("held", type_=ARRAY(Integer))))
#: Not a report against an office of the viewer's own; its parameters: `not_accused_values`.
NOT_ACCUSED = _unaccused_or(_NOT_OURS)


def not_accused_values(viewer: Viewer) -> dict[str, Any]:
    return {"held": sorted({office for _, office in viewer.held})}
