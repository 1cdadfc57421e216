"""Which offices answer on time, most and least: by their share within the first deadline. Who has
too few answers to be judged is listed as such, and so is who had nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from reports.figures.changes import wilson
from reports.figures.indicators import Group

LEAST_SAMPLE = 20  # reports with a first deadline met or missed, before an office is ranked
YOUNG = (
    "Kỳ này còn mới: phản ánh chưa có kết quả mà chưa quá hạn thì chưa tính, nên thứ tự còn đổi.",
    "This period is young: what has no result and is not overdue does not count yet, so the order"
    " may change.",
)
ALIKE = (
    "Khoảng tin cậy 95% của nơi đứng đầu và nơi đứng cuối chồng lên nhau: thứ tự này có thể chỉ do"
    " ngẫu nhiên.",
    "The 95% intervals of the first and of the last overlap: this order may be chance alone.",
)


@dataclass(frozen=True, slots=True)
class Ranked:
    """An office in its place. `low` and `high`: where its true share lies, at 95% (Wilson)."""

    place: int  # from 1; equals share one
    group: Group
    share: float
    sample: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """Every office is in one of the three, once."""

    least_sample: int
    ranked: tuple[Ranked, ...]  # most responsive first
    too_few: tuple[Group, ...]
    nothing: tuple[Group, ...]
    young: bool  # what counts here is what was answered fast, so far

    @property
    def alike(self) -> bool:
        """Do the intervals of the first and of the last overlap?"""
        return len(self.ranked) > 1 and self.ranked[0].low <= self.ranked[-1].high

    def most(self, count: int) -> tuple[Ranked, ...]:
        return self.ranked[:count]

    def least(self, count: int) -> tuple[Ranked, ...]:
        """The least responsive first; nobody who is among the most already."""
        rest = self.ranked[count:]
        return tuple(reversed(rest))[:count]


def ranking(groups: Iterable[Group], least_sample: int = LEAST_SAMPLE) -> Ranking:
    """Rank the offices of an answer. Of equal shares the one with the larger sample is better
    founded: the lower bound of its interval is higher."""
    everybody = sorted(groups, key=lambda group: group.name.code)
    told = {group.name.code: group.told("on_time") for group in everybody}
    nothing = [group for group in everybody if group.has_nothing]
    rest = [group for group in everybody if not group.has_nothing]
    enough = [group for group in rest if told[group.name.code].sample >= least_sample]
    return Ranking(
        least_sample,
        _placed([_ranked(group, told[group.name.code].sample) for group in enough]),
        tuple(group for group in rest if group not in enough),
        tuple(nothing),
        young=any(group.ripening for group in everybody),
    )


def _ranked(group: Group, sample: int) -> Ranked:
    share = float(group.told("on_time").value or 0)
    low, high = wilson(share, sample)
    return Ranked(0, group, share, sample, low, high)


def _placed(ranked: list[Ranked]) -> tuple[Ranked, ...]:
    ordered = sorted(ranked, key=lambda one: (-one.share, -one.low, one.group.name.code))
    worth = [(one.share, one.low) for one in ordered]
    return tuple(
        Ranked(worth.index(mine) + 1, one.group, one.share, one.sample, one.low, one.high)
        for mine, one in zip(worth, ordered, strict=True)
    )
