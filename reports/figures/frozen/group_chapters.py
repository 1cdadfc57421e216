"""The chapters by office, ward and category: all of them, those that had nothing too. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from shapely.geometry.base import BaseGeometry

from reports.figures.changes import LEAST, Unit, wilson
from reports.figures.definitions import BY_KEY
from reports.figures.frozen import charts, saying
from reports.figures.frozen.blocks import Block, Telling, cell, row, section, table
from reports.figures.frozen.charts import Ward
from reports.figures.frozen.contents import Contents, Ranked, Row
from reports.figures.frozen.saying import NONE, pick
from reports.figures.ranking import ALIKE, YOUNG

#: What a row tells on paper; the table files tell all.
KEYS = ("received", "resolved", "open", "overdue", "on_time", "resolve_median", "satisfied")
SHORT = {
    "received": ("Gửi đến", "Received"),
    "resolved": ("Đã xử lý", "Resolved"),
    "open": ("Đang mở", "Open"),
    "overdue": ("Quá hạn", "Overdue"),
    "on_time": ("Đúng hạn", "On time"),
    "resolve_median": ("Số giờ xử lý", "Hours"),
    "satisfied": ("Hài lòng", "Satisfied"),
}
#: From which share on time a bar has which colour: the page's.
_COLOURS = ((0.9, "#146B4A"), (0.75, "#8A5300"), (0.0, "#B3261E"))
PER = 1000  # residents
_KINDS_VI, _KINDS_EN = ("Phường ", "Xã ", "Đặc khu "), (" Ward", " Commune", " Special Zone")


def offices(told: Telling) -> Block:
    everybody = told.contents["offices"]
    busy = [one for one in everybody if not one["nothing"]]
    idle = [one for one in everybody if one["nothing"]]
    blocks = [*_ranking(told), _groups(told, told.say("Đơn vị", "Office"), busy)]
    if not all(one["figures"]["received"]["value"] for one in busy):
        blocks.append(
            told.note(
                "Đơn vị có 0 phản ánh là đã giữ phản ánh của kỳ này một thời gian, rồi việc được"
                " chuyển sang đơn vị khác.",
                "An office with 0 reports led some of this period for a time, before they went to"
                " another.",
            )
        )
    if idle:
        count = saying.number(len(idle), told.locale)
        vi, en = f"Không có phản ánh nào trong kỳ ({count} đơn vị)", "Without any report in the "
        blocks += [
            told.heading(vi, f"{en}period ({count} offices)"),
            {"kind": "note", "text": f"{', '.join(told.of(one) for one in idle)}."},
        ]
    return section(told.say("Theo đơn vị", "By office"), *blocks)


def _ranking(told: Telling) -> list[Block]:
    """Told only where there are enough offices to be told apart."""
    contents, least = told.contents, saying.number(told.contents["least_sample"], told.locale)
    if not contents["least"]:
        return []
    few = saying.number(len(contents["too_few"]), told.locale)
    return [
        told.heading("Đúng hạn nhiều nhất", "Most often on time"),
        _ranked(told, contents["most"]),
        told.heading("Đúng hạn ít nhất", "Least often on time"),
        _ranked(told, contents["least"]),
        told.note(
            f"Chỉ xếp đơn vị có từ {least} phản ánh đã trả lời hoặc đã quá hạn; {few} đơn vị khác"
            " ít hơn thế.",
            f"Only offices with {least} reports answered or overdue are ranked; {few} others have"
            " fewer.",
        ),
        *(told.note(*words) for words in _cautions(contents)),
        told.heading("Tất cả đơn vị có phản ánh", "All offices with reports"),
    ]


def _cautions(contents: Contents) -> Iterator[tuple[str, str]]:
    """What the order is to be read with, as on the page."""
    if contents["ripe"] < len(contents["months"]):
        yield YOUNG
    first, last = (wilson(one["share"], one["sample"]) for one in (
        contents["most"][0], contents["least"][0],
    ))  # fmt: skip
    if first[0] <= last[1]:
        yield ALIKE


def _ranked(told: Telling, ranked: Sequence[Ranked]) -> Block:
    heads = [told.say("Đơn vị", "Office"), told.say("Đúng hạn", "On time")]
    rows = [
        row(
            told.of(one),
            saying.amount(one["share"], Unit.SHARE, told.locale),
            saying.number(one["sample"], told.locale),
        )
        for one in ranked
    ]
    return table([*heads, told.say("Mẫu", "Sample")], rows)


def areas(told: Telling, outlines: Mapping[str, BaseGeometry], drawings: dict[str, str]) -> Block:
    """A map, where anybody knows how many live where, and the table."""
    rows = told.contents["areas"]
    wards = [
        Ward(_short_name(told.of(one)), outlines[one["code"]], rate(one))
        for one in rows
        if one["code"] in outlines
    ]
    blocks: list[Block] = []
    if any(ward.value is not None for ward in wards):
        bounds = charts.classes(ward.value for ward in wards)
        drawings["map.svg"] = charts.ward_map(wards, bounds)
        about = told.say("Phản ánh trên 1.000 dân", "Reports per 1,000 residents")
        spoken = told.say(
            f"Bản đồ: {about}. Số của từng nơi ở bảng dưới.",
            f"Map: {about}. The table below has each place's figures.",
        )
        blocks = [
            {"kind": "heading", "text": about},
            {"kind": "image", "file": "map.svg", "alt": spoken},
            {"kind": "legend", "items": _legend(told, bounds)},
        ]
    title, whose = told.say("Theo phường, xã", "By ward"), told.say("Phường, xã", "Ward")
    return section(title, *blocks, _groups(told, whose, rows))


def rate(one: Row) -> float | None:
    """Reports per 1,000 residents; None where nobody knows how many live there."""
    received = one["figures"]["received"]["value"] or 0
    return received / one["population"] * PER if one["population"] else None


def _short_name(name: str) -> str:
    for kind in _KINDS_VI:
        name = name.removeprefix(kind)
    for kind in _KINDS_EN:
        name = name.removesuffix(kind)
    return name


def _legend(told: Telling, bounds: Sequence[float]) -> list[Block]:
    ends = [saying.number(bound, told.locale, _decimals(bound)) for bound in bounds]
    if not ends:
        return []
    texts = [
        told.say(f"dưới {ends[0]}", f"below {ends[0]}"),
        *(f"{low} – {high}" for low, high in pairwise(ends)),
        told.say(f"từ {ends[-1]}", f"{ends[-1]} and more"),
    ]
    colours = charts.RAMP[: len(texts)]
    return [{"colour": one, "text": text} for one, text in zip(colours, texts, strict=True)]


def _decimals(bound: float) -> int:
    return 0 if bound >= 10 else 1 if bound >= 1 else 2


def categories(told: Telling) -> Block:
    rows, whose = told.contents["categories"], told.say("Lĩnh vực", "Category")
    return section(told.say("Theo lĩnh vực", "By category"), _groups(told, whose, rows))


def _groups(told: Telling, whose: str, rows: Sequence[Row]) -> Block:
    total: Row = {
        "code": "",
        "vi": "Tất cả",
        "en": "All together",
        "nothing": False,
        "population": None,
        "figures": {**told.contents["total"]},
    }
    heads = [whose, *(pick(told.locale, *SHORT[key]) for key in KEYS)]
    drawn = [*(_group(told, one) for one in rows), _group(told, total, strong=True)]
    return table(heads, drawn, bars=1 + KEYS.index("on_time"))


def _group(told: Telling, one: Row, *, strong: bool = False) -> Block:
    return row(told.of(one), *(_cell(told, one, key) for key in KEYS), strong=strong)


def _cell(told: Telling, one: Row, key: str) -> str | Block:
    """Shares with what stands behind them; those on time with a bar, where enough does."""
    figure = one["figures"][key]
    words = saying.said(figure, BY_KEY[key].unit, told.locale)
    if BY_KEY[key].unit is not Unit.SHARE or words == NONE:
        return words
    share, note = figure["value"] or 0, f"({saying.number(figure['sample'], told.locale)})"
    is_enough = key == "on_time" and figure["sample"] >= LEAST
    bar = {"part": share, "colour": _colour(share)} if is_enough else None
    return cell(words, note, bar)


def _colour(share: float) -> str:
    return next(colour for least, colour in _COLOURS if share >= least)
