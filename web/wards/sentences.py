"""What a month was like, said in sentences. Markup: the numbers that matter are set in bold.

What became of reports is told of those that anyone may read, and the words say so; where something
is not told, no sentence pretends to know it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from app.locale import in_words
from web.wards.numbers import (
    NOT_TOLD,
    day,
    lower,
    month_name,
    number,
    reports,
    share,
    working_time,
)
from web.wards.reading import Figures

MOST_KINDS = 3


@dataclass(frozen=True, slots=True)
class Kind:
    """What reports were about, and how many: the least it can be where `at_least`."""

    name: str
    count: int
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """What the sentences are about. `place` as it stands in a sentence; `before` and `city` are
    what it is held against (no `city`: the place is the city)."""

    first: date
    place: str
    now: Figures
    before: Figures | None
    city: Figures | None
    kinds: Sequence[Kind]  # most first; of a place within the city the public ones alone
    as_of: datetime
    zone: str


def told(story: Story) -> list[Markup]:
    """The sentences, in paragraphs."""
    if not story.now.is_told:
        return [_nothing(story)]
    parts = ([_received(story), *_kinds(story)], _how_soon(story), _came_of(story))
    return [Markup(" ").join(part) for part in parts if part]


def _nothing(story: Story) -> Markup:
    when, place = month_name(story.first, starts=True), story.place
    if story.city is None:
        return _say(
            "{when}, {place} có quá ít phản ánh để nêu, hoặc không có.",
            "In {when}, {place} had too few reports to tell of, or none.",
            when=when,
            place=place,
        )
    return _say(
        "{when}, phản ánh ở {place} quá ít để nêu riêng (hoặc không có), nên được tính chung với"
        " những nơi khác. Như vậy không ai bị nhận ra qua các con số.",
        "In {when}, reports about {place} were too few to be told apart, or there were none. They"
        " are counted together with those of other places, so that nobody is recognised by the"
        " numbers.",
        when=when,
        place=place,
    )


def _received(story: Story) -> Markup:
    vi = "{when}, người dân {place} gửi {least}{count}{past}."
    if story.city:
        vi = "{when}, người dân gửi {least}{count} về những việc ở {place}{past}."
    return _say(
        vi,
        "In {when}, people sent {least}{count} about {place}{past}.",
        when=month_name(story.first, starts=True),
        place=story.place,
        least=_least(story.now),
        count=_bold(reports(story.now.received or 0)),
        past=_past(story.before),
    )


def _past(before: Figures | None) -> Markup:
    if before is None or not before.is_told:
        return Markup()
    return _say(
        "; tháng trước là {least}{count}",
        "; the month before it was {least}{count}",
        least=_least(before),
        count=number(before.received or 0),
    )


def _least(counted: Figures | Kind) -> str:
    return in_words("ít nhất ", "at least ") if counted.at_least else ""


def _kinds(story: Story) -> list[Markup]:
    most = [
        f"{lower(kind.name)} ({_least(kind)}{number(kind.count)})"
        for kind in story.kinds[:MOST_KINDS]
    ]
    if not most:
        return []
    vi, en = "Nhiều nhất là {most}.", "Most were about {most}."
    if story.city:
        vi = "Trong số phản ánh công khai, nhiều nhất là {most}."
        en = "Of the public reports, most were about {most}."
    return [_say(vi, en, most="; ".join(most))]  # names of categories have commas of their own


def _how_soon(story: Story) -> list[Markup]:
    now, sentences = story.now, []
    if now.on_time is not None:
        of_all = share(story.city.on_time) if story.city else ""
        sentences.append(
            _say(
                "Trong số phản ánh công khai, {share} được trả lời đúng hạn{whole}.",
                "Of the public reports, {share} were answered on time{whole}.",
                share=_bold(share(now.on_time)),
                whole=_whole(of_all, share(now.on_time)),
            )
        )
    if now.median_h is not None:
        of_all = working_time(story.city.median_h) if story.city else ""
        sentences.append(
            _say(
                "Trong số đã trả lời, một nửa có kết quả trong vòng {time}{whole}.",
                "Half of the answers took no more than {time}{whole}.",
                time=_bold(working_time(now.median_h)),
                whole=_whole(of_all, working_time(now.median_h)),
            )
        )
    return sentences or [_say(
        "Còn quá ít phản ánh được trả lời để nêu tỷ lệ đúng hạn và thời gian trả lời.",
        "Too few were answered to tell how many were on time, and how long it took.",
    )]  # fmt: skip


def _whole(of_all: str, here: str) -> Markup:
    """What the whole city has; nothing where it is not told, or is what the sentence is about."""
    if of_all in {"", NOT_TOLD}:
        return Markup()
    if of_all == here:
        return _say(", bằng mức chung của thành phố", ", as in the whole city")
    return _say(" (cả thành phố: {all})", " (the whole city: {all})", all=of_all)


def _came_of(story: Story) -> list[Markup]:
    now = story.now
    if now.resolved is None:
        return []
    sentences = [
        _say(
            "Đến ngày {day}, trong số phản ánh công khai, {count} đã có kết quả{others}.",
            "Of the public reports, {count} had a result by {day}{others}.",
            day=day(story.as_of, story.zone),
            count=_bold(number(now.resolved)),
            others=_still_open(now),
        )
    ]
    if now.rejected:
        sentences.append(
            _say(
                "Khoảng {count} phản ánh không được tiếp nhận.",
                "About {count} reports were not accepted.",
                count=number(now.rejected),
            )
        )
    if now.satisfied is not None and now.ratings:
        sentences.append(
            _say(
                "Trong {ratings} lượt chấm điểm, khoảng {share} là hài lòng (4 hoặc 5 sao).",
                "Of {ratings} ratings, about {share} were good (4 or 5 stars).",
                ratings=number(now.ratings),
                share=_bold(share(now.satisfied)),
            )
        )
    return sentences


def _still_open(now: Figures) -> str:
    if not now.open:
        return ""
    return in_words(f", {number(now.open)} đang xử lý", f", {number(now.open)} were open")


def _say(vi: str, en: str, **parts: object) -> Markup:
    return Markup(in_words(vi, en)).format(**parts)  # noqa: S704 (our own words; parts are escaped)


def _bold(words: str) -> Markup:
    return _say("<strong>{words}</strong>", "<strong>{words}</strong>", words=words)
