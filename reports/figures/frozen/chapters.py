"""The chapters on the whole: summary, changes, fates, deadlines, satisfaction, thirteen months,
definitions. Pure; those by office, ward and category are `group_chapters`.
"""

from datetime import date, timedelta

from reports.figures.changes import Unit
from reports.figures.columns import OUTCOMES, REJECTIONS
from reports.figures.definitions import BY_KEY, FIGURES, OVERDUE
from reports.figures.frozen import charts, saying
from reports.figures.frozen.blocks import Block, Telling, row, section, table
from reports.figures.frozen.charts import Span
from reports.figures.frozen.contents import Cell, Changed
from reports.figures.spoken_numbers import HOUR_S

MOST_CHANGES = 40  # told one by one on paper; the table files have them all
LINES = ("received", "on_time", "resolve_median")
_PARTS = {
    "rejected": (*(f"rejected_{one}" for one in REJECTIONS), "rejected_other"),
    "resolved": OUTCOMES,
}
_AMONG = ("urgent", "published", "recurring", "returned", "reopened", "extended", "rested")
_TIMES = (
    "accept_median", "accept_p90", "resolve_median", "resolve_p90", "held_mean", "rest_mean",
    "centre_median", "centre_p90", "centre_in_time",
)  # fmt: skip
_SATISFACTION = ("satisfied", "stars", "rating_coverage", "comments", "unanswered")


def summary(told: Telling) -> Block:
    sentences = saying.summary(told.contents, told.locale)
    whole = [sentence.replace(" < ", "\u00a0<\u00a0") for sentence in sentences]
    return section(told.say("Tóm tắt", "Summary"), {"kind": "list", "items": whole})


def changed(told: Telling) -> Block:
    """What an amendment says against the report before."""
    changes = told.contents["changes"]
    heads = [
        told.say("Của ai", "Whose"),
        told.say("Số liệu", "Figure"),
        told.say("Trước", "Before"),
        told.say("Nay", "Now"),
    ]
    blocks = [table(heads, [_changed(told, one) for one in changes[:MOST_CHANGES]], left=2)]
    if len(changes) > MOST_CHANGES:
        rest = saying.number(len(changes) - MOST_CHANGES, told.locale)
        vi, en = f"Còn {rest} thay đổi khác trong tệp XLSX và CSV.", f"{rest} more are in the XLSX "
        blocks.append(told.note(vi, f"{en}and CSV files."))
    title = told.say("Thay đổi so với bản trước", "Changes since the report before")
    return section(title, *blocks)


def _changed(told: Telling, one: Changed) -> Block:
    figure = BY_KEY[one["key"]]
    before, after = (
        saying.amount(value, figure.unit, told.locale) for value in (one["before"], one["after"])
    )
    return row(told.of(one), saying.headed(one["key"], told.locale), before, after)


def fates(told: Telling) -> Block:
    """Every report in exactly one place; reasons and outcomes beneath their own."""
    rows = []
    for fate in ("resolved", "open", "rejected", "merged", "withdrawn"):
        rows.append(_count(told, fate))
        rows += [_count(told, one, indent=1) for one in _PARTS.get(fate, ())]
    rows.append(_count(told, "received", strong=True))
    reports, share = told.say("Phản ánh", "Reports"), told.say("Tỷ lệ", "Share")
    return section(
        told.say("Phản ánh đã đi đến đâu", "What became of the reports"),
        table([told.say("Kết cục", "Fate"), reports, share], rows),
        told.heading("Trong số đó", "Among them"),
        table([told.say("Số liệu", "Figure"), reports, share], [_count(told, k) for k in _AMONG]),
    )


def _count(told: Telling, key: str, *, indent: int = 0, strong: bool = False) -> Block:
    total, name = told.contents["total"], BY_KEY[key].name(told.locale)
    if indent:
        name = name.rpartition(": ")[2]  # beneath "Không tiếp nhận" it need not be said again
    share = saying.share(total, key, "received", told.locale)
    value = saying.said(total[key], Unit.COUNT, told.locale)
    return row(f"{name[0].upper()}{name[1:]}", value, share, indent=indent, strong=strong)


def lateness(told: Telling) -> Block:
    late = [_figure(told, key) for key in ("on_time", "overdue")]
    late += [_figure(told, key, indent=1) for key in OVERDUE]
    return section(
        told.say("Hạn và thời gian xử lý", "Deadlines and times"),
        table(_heads(told), late),
        told.heading("Theo giờ làm việc", "In working hours"),
        table(_heads(told), [_figure(told, key) for key in _TIMES]),
        told.note(
            "Thay đổi là so với kỳ trước. Số lượng chỉ so khi một trong hai kỳ có từ 10 trở lên;"
            " tỷ lệ, thời gian, điểm chấm chỉ so khi cả hai kỳ đều tính trên từ 10 phản ánh.",
            "Changes are against the period before. Counts are compared where one of the two is 10"
            " or more; shares, times and stars where both are of 10 reports or more.",
        ),
    )


def satisfaction(told: Telling) -> Block:
    title = told.say("Sự hài lòng và bình luận", "Satisfaction and comments")
    return section(title, table(_heads(told), [_figure(told, key) for key in _SATISFACTION]))


def _heads(told: Telling) -> list[str]:
    value, sample = told.say("Giá trị", "Value"), told.say("Mẫu", "Sample")
    return [told.say("Số liệu", "Figure"), value, sample, told.say("Thay đổi", "Change")]


def _figure(told: Telling, key: str, *, indent: int = 0) -> Block:
    cell, unit = told.contents["total"][key], BY_KEY[key].unit
    return row(
        BY_KEY[key].name(told.locale),
        saying.said(cell, unit, told.locale),
        "" if unit is Unit.COUNT else saying.number(cell["sample"], told.locale),
        saying.change(cell, told.locale),
        indent=indent,
    )


def months(told: Telling, drawings: dict[str, str]) -> Block:
    """Lines over thirteen months; what they are drawn with goes into `drawings`."""
    blocks: list[Block] = []
    for key in LINES:
        drawn = _line(told, key)
        if drawn:
            drawings[f"{key}.svg"] = drawn
            blocks += [
                {"kind": "heading", "text": saying.headed(key, told.locale)},
                {"kind": "image", "file": f"{key}.svg", "alt": _spoken(told, key)},
            ]
    note = told.note(
        "Mỗi điểm là các phản ánh gửi trong tháng đó, theo kết quả đến lúc chốt. Tháng mới qua chưa"
        " đủ 7 ngày làm việc thì chưa vẽ đúng hạn và thời gian xử lý: lúc ấy mới có những việc xong"
        " nhanh. Dải nền đánh dấu Tết và những ngày trung tâm báo ngập lụt.",
        "Each point is the reports sent in that month, as they stood at the cut-off. Until 7"
        " working days have passed since a month, what was on time and how long it took is not"
        " drawn: so far these are the fast ones. Bands mark Tết and the days for which the centre"
        " told of floods.",
    )
    return section(told.say("Mười ba tháng qua", "The past thirteen months"), *blocks, note)


def _line(told: Telling, key: str) -> str | None:
    """None where no month has anything to tell."""
    rows, unit, drawn = told.contents["months"], BY_KEY[key].unit, _drawn(told, key)
    scale = {Unit.SHARE: 100.0, Unit.WORKING_SECONDS: 1 / HOUR_S}.get(unit, 1.0)
    cells = [row["figures"][key] for row in rows]
    values = [
        cell["value"] * scale
        if place < drawn and cell["value"] is not None and _tells(cell, unit)
        else None
        for place, cell in enumerate(cells)
    ]
    known = [value for value in values if value is not None]
    if not known:
        return None
    heights = [0.0, 50.0, 100.0] if unit is Unit.SHARE else charts.ticks_up_to(max(known))
    sign = "%" if unit is Unit.SHARE else ""
    return charts.month_line(
        values,
        [_month(row["code"]) for row in rows],
        [saying.said(cell, unit, told.locale).removesuffix("%") for cell in cells],
        days=(
            date.fromisoformat(rows[0]["code"]),
            date.fromisoformat(told.contents["last"]) + timedelta(days=1),
        ),
        spans=_spans(told),
        ticks=[(height, _height(height, told.locale) + sign) for height in heights],
    )


def _drawn(told: Telling, key: str) -> int:
    """How many of the months: those too young for what grows with time are no part of a line."""
    return told.contents["ripe"] if BY_KEY[key].ripens else len(told.contents["months"])


def _tells(cell: Cell, unit: Unit) -> bool:
    """No reports are a count like any other; a share of none is nothing."""
    return unit is Unit.COUNT or cell["sample"] > 0


def _height(height: float, locale: str) -> str:
    return saying.number(height, locale, 0 if height == int(height) else 1)


def _spans(told: Telling) -> list[Span]:
    return [
        Span(
            date.fromisoformat(mark["since"]),
            date.fromisoformat(mark["last"]),
            told.of(mark).partition(" (")[0],
        )
        for mark in told.contents["marks"]
    ]


def _spoken(told: Telling, key: str) -> str:
    """The line for whoever hears the report read."""
    drawn = told.contents["months"][: _drawn(told, key)]
    parts = (
        f"{_month(row['code'])}: {saying.said(row['figures'][key], BY_KEY[key].unit, told.locale)}"
        for row in drawn
    )
    return f"{saying.headed(key, told.locale)}. {'; '.join(parts)}."


def _month(day: str) -> str:
    at = date.fromisoformat(day)
    return f"{at.month}/{at.year % 100:02}"


def definitions(told: Telling) -> Block:
    items = [
        {
            "name": f"{figure.name(told.locale)}.",
            "about": figure.about(told.locale),
            "source": told.say("Nguồn: {}.", "Source: {}.").format(figure.source(told.locale)),
        }
        for figure in FIGURES
    ]
    about = told.say(
        "Mọi số liệu nói về các phản ánh gửi trong kỳ, theo tình trạng đến lúc chốt. Số trong ngoặc"
        " là số phản ánh hoặc số lượt đánh giá đứng sau con số.",
        "Every figure is about the reports sent in the period, as they stood at the cut-off."
        " Numbers in brackets are the reports or ratings that stand behind a figure.",
    )
    return section(
        told.say("Định nghĩa", "Definitions"),
        {"kind": "note", "text": about},
        {"kind": "terms", "items": items},
    )
