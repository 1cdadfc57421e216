"""What is counted, each figure once: the one list from which the roll-ups and the live counts are
made. Pure: names and SQL over the columns of one `report_fact`; what they mean is in `facts`.
"""

from typing import NamedTuple

SATISFIED_FROM = 4  # stars
OUTCOMES = ("fixed", "planned", "explained", "not_found")
#: Why the centre did not take a report; `other` is also whatever is not one of the rest.
REJECTIONS = ("outside_scope", "unclear", "abusive", "personal", "already_answered")


class Sum(NamedTuple):
    """A column that adds up: over reports, over groups, over months."""

    name: str
    sql: str
    big: bool = False  # of seconds: more than an integer holds


class Times(NamedTuple):
    """Durations in working seconds: how many (`…_n`), their median and their 90th percentile, each
    one that was observed (percentile_disc). They do not add up: only `…_n` does."""

    name: str
    column: str


def _count(name: str, condition: str) -> Sum:
    return Sum(name, f"count(*) filter (where {condition})")


def _total(name: str, column: str, *, big: bool = False) -> Sum:
    return Sum(name, f"coalesce(sum({column}), 0)", big)


TIMES = (Times("accept", "accept_s"), Times("resolve", "resolve_s"), Times("centre", "centre_s"))

#: By fate: they add up to `received`, outcomes to `resolved`, and reasons to `rejected`.
FATES = ("open", "rejected", "merged", "withdrawn", "resolved")

_FATE_SUMS = (
    *(_count(fate, f"fate = '{fate}'") for fate in FATES),
    *(_count(one, f"fate = 'resolved' and reason = '{one}'") for one in OUTCOMES),
    *(_count(f"rejected_{one}", f"fate = 'rejected' and reason = '{one}'") for one in REJECTIONS),
    _count(
        "rejected_other",
        f"fate = 'rejected' and (reason is null or reason not in {REJECTIONS})",
    ),
)

#: Every sum of `figure_group`.
SUMS: tuple[Sum, ...] = (
    Sum("received", "count(*)"),
    _count("published", "published"),
    _count("accepted", "accept_s is not null"),
    *_FATE_SUMS,
    _count("urgent", "urgent"),
    _count("timed", "on_time is not null"),
    _count("on_time", "on_time"),
    _count("returned", "returned > 0"),
    _total("returns", "returned"),
    _count("reopened", "reopened > 0"),
    _count("extended", "extended > 0"),
    _count("recurring", "recurrence >= 2"),
    _count("rested", "rest_s > 0 or rest_from is not null"),
    _total("rest_s", "rest_s", big=True),
    _count("resting", "rest_from is not null"),
    _total("resting_from", "rest_from", big=True),
    _total("ratings", "ratings"),
    _count("rated", "ratings > 0"),
    _total("stars_sum", "stars_sum"),
    _total("satisfied", "satisfied"),
    _total("comments", "comments"),
    _total("unanswered", "unanswered"),
    _count("centre_in_time", "centre_in_time"),
    *(Sum(f"{one.name}_n", f"count({one.column})") for one in TIMES),
)

_BY_NAME = {one.name: one for one in SUMS}

#: Those that the map shows by cell; of the durations, the median of `resolve`.
CELL_SUMS = tuple(
    _BY_NAME[name]
    for name in (
        "received", "open", "resolved", "rejected", "merged", "withdrawn",
        "timed", "on_time", "ratings", "satisfied", "resolve_n",
    )
)  # fmt: skip

#: Which facts are overdue at `:moment`: a result at the deadline itself would still be on time.
OVERDUE_AT = "fate = 'open' and late_from < :moment"
#: Of these, past the first deadline: they stand against those that were answered on time.
OVERDUE_FIRST = "reopened = 0"
#: Which facts lie with the centre for too long at `:moment`.
CENTRE_LATE_AT = "centre_late_from < :moment"
OVERDUE_SUMS = (Sum("overdue", "count(*)"), _count("overdue_first", OVERDUE_FIRST))

#: Every sum of `figure_held`, over rows of `report_held`.
HELD_SUMS = (
    Sum("reports", "count(distinct report_id)"),
    _total("seconds", "seconds", big=True),
    _count("running", "since is not null"),
    _total("running_from", "since", big=True),
)
