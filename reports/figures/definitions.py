"""Each figure, defined once: its words, its unit, how it follows from a row of sums, and how many
reports stand behind it. Pages, API, exports and frozen reports all ask here.

Pure. A row of sums is what `reports.figures.columns` lists, with what `group_reading` adds to it:
`held_reports`, `held_s`, and what is late at the moment (`overdue…`, `centre_late`). Raise VERSION
with every change of what a figure means; a permanent link keeps the one it was made with.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reports.figures.changes import Measured, Unit
from reports.figures.columns import OUTCOMES, REJECTIONS
from reports.figures.figure_words import WORDS

VERSION = 2

Sums = Mapping[str, int | None]
Number = int | float

#: Lower bounds of the ages of what is overdue, in days by the clock; each reaches to the next.
OVERDUE_DAYS = (0, 1, 3, 7, 30)
OVERDUE = tuple(f"overdue_{days}d" for days in OVERDUE_DAYS)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `ripens`: the longer ago reports were sent, the more of them it counts, so a
    period that is not over, or just is, cannot fairly be held against an older one. That goes for
    times to a result too: what is answered so far is what was answered fast."""

    key: str
    section: str
    unit: Unit
    value: Callable[[Sums], Number | None]
    sample: Callable[[Sums], int]
    ripens: bool = False
    of: str | None = None  # the count that it is a part of

    def measured(self, sums: Sums) -> Measured:
        return Measured(self.value(sums), self.sample(sums))

    def name(self, locale: str) -> str:
        words = WORDS[self.key]
        return words.vi if locale == "vi" else words.en

    def about(self, locale: str) -> str:
        """What it means, in plain words."""
        words = WORDS[self.key]
        return words.about_vi if locale == "vi" else words.about_en

    def source(self, locale: str) -> str:
        """Where the rule stands that it follows."""
        words = WORDS[self.key]
        return words.source_vi if locale == "vi" else words.source_en


def _of(name: str) -> Callable[[Sums], int]:
    return lambda sums: sums.get(name) or 0


def _share(hits: str, *among: str) -> Callable[[Sums], float | None]:
    def share(sums: Sums) -> float | None:
        whole = _sum(sums, among)
        return (sums.get(hits) or 0) / whole if whole else None

    return share


def _sum(sums: Sums, names: tuple[str, ...]) -> int:
    return sum(sums.get(name) or 0 for name in names)


def _coverage(sums: Sums) -> float | None:
    """Of what was answered, what was rated. A rating stays when the centre sends the answer back
    afterwards, and then stands for no answer: hence never more than all."""
    answered = sums.get("resolve_n") or 0
    return min(1.0, (sums.get("rated") or 0) / answered) if answered else None


def _known(name: str) -> Callable[[Sums], int | None]:
    """A value that may be missing: the median of nothing."""
    return lambda sums: sums.get(name)


def _count(key: str, section: str, of: str | None = None, *, ripens: bool = False) -> Figure:
    """A count is its own sample: by it a change is too small to tell."""
    return Figure(key, section, Unit.COUNT, _of(key), _of(key), ripens, of)


def _part(key: str, section: str, hits: str, *among: str, ripens: bool = False) -> Figure:
    share, sample = _share(hits, *among), lambda sums: _sum(sums, among)
    return Figure(key, section, Unit.SHARE, share, sample, ripens)


def _time(key: str, section: str, sample: str, *, ripens: bool = False) -> Figure:
    return Figure(key, section, Unit.WORKING_SECONDS, _known(key), _of(sample), ripens)


def _mean(
    key: str, section: str, unit: Unit, total: str, over: str, *, ripens: bool = False
) -> Figure:
    return Figure(key, section, unit, _share(total, over), _of(over), ripens)


FIGURES: tuple[Figure, ...] = (
    _count("received", "received"),
    _count("urgent", "received", "received"),
    _count("published", "received", "received", ripens=True),
    _count("recurring", "received", "received", ripens=True),
    _count("open", "fates", "received", ripens=True),
    _count("rejected", "fates", "received", ripens=True),
    *(_count(f"rejected_{one}", "fates", "rejected", ripens=True) for one in REJECTIONS),
    _count("rejected_other", "fates", "rejected", ripens=True),
    _count("merged", "fates", "received", ripens=True),
    _count("withdrawn", "fates", "received", ripens=True),
    _count("resolved", "fates", "received", ripens=True),
    *(_count(one, "fates", "resolved", ripens=True) for one in OUTCOMES),
    _part("on_time", "lateness", "on_time", "timed", "overdue_first", ripens=True),
    _count("overdue", "lateness", "open", ripens=True),
    *(_count(one, "lateness", "overdue", ripens=True) for one in OVERDUE),
    _time("accept_median", "time", "accept_n"),
    _time("accept_p90", "time", "accept_n"),
    _time("resolve_median", "time", "resolve_n", ripens=True),
    _time("resolve_p90", "time", "resolve_n", ripens=True),
    _mean("held_mean", "time", Unit.WORKING_SECONDS, "held_s", "held_reports", ripens=True),
    Figure("held", "time", Unit.WORKING_SECONDS, _of("held_s"), _of("held_reports"), ripens=True),
    _count("rested", "time", "received", ripens=True),
    _mean("rest_mean", "time", Unit.WORKING_SECONDS, "rest_s", "rested"),
    _time("centre_median", "centre", "centre_n"),
    _time("centre_p90", "centre", "centre_n"),
    _part("centre_in_time", "centre", "centre_in_time", "centre_n", "centre_late"),
    _count("returned", "again", "received", ripens=True),
    Figure("returns", "again", Unit.COUNT, _of("returns"), _of("returned"), ripens=True),
    _count("reopened", "again", "received", ripens=True),
    _count("extended", "again", "received", ripens=True),
    _part("satisfied", "satisfaction", "satisfied", "ratings"),
    _mean("stars", "satisfaction", Unit.STARS, "stars_sum", "ratings"),
    Figure(
        "rating_coverage",
        "satisfaction",
        Unit.SHARE,
        _coverage,
        _of("resolve_n"),
        ripens=True,
    ),
    _count("comments", "satisfaction", ripens=True),
    _count("unanswered", "satisfaction", "comments", ripens=True),
)

BY_KEY: Mapping[str, Figure] = {figure.key: figure for figure in FIGURES}
SECTIONS = tuple(dict.fromkeys(figure.section for figure in FIGURES))
