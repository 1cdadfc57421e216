"""Numbers, days and changes as a report says them, and its summary in sentences. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from reports.figures import change_words, spoken_numbers
from reports.figures.changes import By, State, Unit
from reports.figures.definitions import BY_KEY
from reports.figures.frozen.contents import Cell, Contents, Told
from reports.spoken import MONTHS_EN

NONE = "–"  # a figure of nothing
number = spoken_numbers.fixed


def pick(locale: str, vi: str, en: str) -> str:
    return vi if locale == "vi" else en


def said(cell: Cell, unit: Unit, locale: str) -> str:
    """A figure in short: 1.843; 91,4%; 19,5 (hours); 4,2 (stars)."""
    value = cell["value"]
    if value is None or (unit is not Unit.COUNT and not cell["sample"]):
        return NONE
    return amount(value, unit, locale)


def headed(key: str, locale: str) -> str:
    """A figure's name over bare numbers: with their unit, where the name has none."""
    name = BY_KEY[key].name(locale)
    hours = locale == "vi" and BY_KEY[key].unit is Unit.WORKING_SECONDS
    return f"{name}, giờ làm việc" if hours else name


def amount(value: float | None, unit: Unit, locale: str) -> str:
    if value is None:
        return NONE
    match unit:
        case Unit.COUNT:
            return number(value, locale)
        case Unit.SHARE:
            return f"{number(value * 100, locale, 1)}%"
        case Unit.WORKING_SECONDS:
            return number(value / spoken_numbers.HOUR_S, locale, 1)
    return number(value, locale, 2)


def change(told: Told, locale: str) -> str:
    """+12%; +57; −2,1 điểm phần trăm; +3,2 giờ; or why it is not told."""
    if told["amount"] is None:
        return pick(locale, *change_words.WHY_NOT[State(told["state"])])
    return change_words.said(told["amount"], By(told["by"]), locale)


def day(text: str, locale: str) -> str:
    """5/11/2026; 5 November 2026."""
    at = date.fromisoformat(text)
    return pick(
        locale,
        f"{at.day}/{at.month}/{at.year}",
        f"{at.day} {MONTHS_EN[at.month - 1]} {at.year}",
    )


def moment(text: str, timezone: str, locale: str) -> str:
    """06:00 ngày 5/11/2026; 06:00 on 5 November 2026, in the city's zone."""
    at = datetime.fromisoformat(text).astimezone(ZoneInfo(timezone))
    middle = pick(locale, "ngày", "on")
    return f"{at:%H:%M} {middle} {day(at.date().isoformat(), locale)}"


def summary(contents: Contents, locale: str) -> list[str]:
    """The report in sentences: what is new first, then what changed, then what stands."""
    told = [one["vi"] if locale == "vi" else one["en"] for one in contents["news"]]
    return [*told, *_sentences(contents, locale)]


def _sentences(contents: Contents, locale: str) -> Iterator[str]:
    yield _received(contents, locale)
    yield _fates(contents, locale)
    if contents["total"]["on_time"]["sample"]:
        yield _on_time(contents, locale)
    if contents["total"]["resolve_median"]["value"] is not None:
        yield _times(contents, locale)
    if contents["total"]["satisfied"]["sample"]:
        yield _satisfied(contents, locale)
    if contents["total"]["overdue"]["value"]:
        yield _overdue(contents, locale)
    nothing = sum(row["nothing"] for row in contents["offices"])
    if nothing:
        count, everybody = number(nothing, locale), number(len(contents["offices"]), locale)
        yield pick(
            locale,
            f"{count} trong {everybody} đơn vị không có phản ánh nào trong kỳ.",
            f"{count} of {everybody} offices had no report in the period.",
        )
    if first := contents["first_paper"]:
        yield pick(
            locale,
            f"Những số liệu còn thay đổi sau khi hết kỳ (như đã xử lý, đúng hạn, thời gian xử lý)"
            f" được so với báo cáo đầu của {first['vi']}, cũng làm vào ngày thứ {first['day']} sau"
            f" khi hết kỳ.",
            f"What still changes after a period (as resolved, on time, working times) is held"
            f" against the first report on {first['en']}, which was made on day {first['day']}"
            f" after its period too.",
        )
    yield pick(
        locale,
        "Phản ánh về cán bộ, đơn vị không tính trong báo cáo này, trừ phản ánh đã tính trong một"
        " báo cáo trước khi rõ là như vậy; trang Toàn cảnh có tính, trừ phản ánh về đơn vị của"
        " chính người xem.",
        "Reports about officials are not counted here, but for those that a report counted before"
        " they were found to be so; the overview page counts them, but for those about the reader's"
        " own office.",
    )


def _received(contents: Contents, locale: str) -> str:
    count = _of(contents, "received", locale)
    name = contents["name"]["vi" if locale == "vi" else "en"]
    beginning = pick(
        locale,
        f"Trong {name}, người dân gửi {count} phản ánh",
        f"In {name}, residents sent {count} reports",
    )
    return f"{beginning}{_changed(contents, 'received', locale, _MORE)}."


def _fates(contents: Contents, locale: str) -> str:
    until = moment(contents["as_of"], contents["timezone"], locale)
    parts = {
        fate: _of(contents, fate, locale)
        for fate in ("resolved", "open", "rejected", "merged", "withdrawn")
    }
    share = _share(contents["total"], "resolved", "received", locale)
    return pick(
        locale,
        "Đến {until}: {resolved} đã xử lý ({share}), {open} đang mở, {rejected} không tiếp nhận, "
        "{merged} đã gộp, {withdrawn} đã rút. Cộng lại bằng đúng số phản ánh gửi đến.",
        "By {until}: {resolved} resolved ({share}), {open} open, {rejected} not accepted, "
        "{merged} merged, {withdrawn} withdrawn. These add up to what was received.",
    ).format(until=until, share=share, **parts)


def _on_time(contents: Contents, locale: str) -> str:
    cell = contents["total"]["on_time"]
    share, sample = said(cell, Unit.SHARE, locale), number(cell["sample"], locale)
    beginning = pick(
        locale,
        f"{share} được trả lời trong hạn đầu, trên {sample} phản ánh đã trả lời hoặc đã quá hạn",
        f"Of {sample} reports answered or past their first deadline, {share} were answered in time",
    )
    return f"{beginning}{_changed(contents, 'on_time', locale, _MORE)}."


def _times(contents: Contents, locale: str) -> str:
    median, tail = _of(contents, "resolve_median", locale), _of(contents, "resolve_p90", locale)
    beginning = pick(
        locale,
        f"Trong số phản ánh đã có kết quả, một nửa được trả lời trong {median} giờ làm việc",
        f"Of the reports with a result, half had it within {median} working hours",
    )
    end = pick(
        locale,
        f"; 9 trên 10 không quá {tail} giờ",
        f"; 9 of 10 took no more than {tail}",
    )
    return f"{beginning}{_changed(contents, 'resolve_median', locale, _LONGER)}{end}."


def _satisfied(contents: Contents, locale: str) -> str:
    cell, coverage = contents["total"]["satisfied"], contents["total"]["rating_coverage"]
    share, ratings = said(cell, Unit.SHARE, locale), number(cell["sample"], locale)
    rated = said(coverage, Unit.SHARE, locale)
    beginning = pick(
        locale,
        f"{share} lượt đánh giá hài lòng (4 hoặc 5 sao, trên {ratings} lượt)",
        f"{share} of {ratings} ratings were satisfied (4 or 5 stars)",
    )
    end = pick(
        locale,
        f"; {rated} phản ánh có kết quả được đánh giá",
        f"; {rated} of the reports with a result were rated",
    )
    return f"{beginning}{_changed(contents, 'satisfied', locale, _MORE)}{end}."


def _overdue(contents: Contents, locale: str) -> str:
    late, longest = _of(contents, "overdue", locale), contents["total"]["overdue_30d"]["value"]
    beginning = pick(
        locale, f"{late} phản ánh đang quá hạn", f"{late} reports are past their deadline"
    )
    if longest == contents["total"]["overdue"]["value"]:
        beginning += pick(
            locale, ", đều đã trễ từ 30 ngày trở lên", ", all of them by 30 days or more"
        )
    elif longest:
        count = number(longest, locale)
        beginning += pick(
            locale,
            f", trong đó {count} đã trễ từ 30 ngày trở lên",
            f", {count} of them 30 days or more",
        )
    return f"{beginning}."


_MORE = (("tăng", "up"), ("giảm", "down"))
_LONGER = (("lâu hơn", "longer by"), ("nhanh hơn", "shorter by"))


def _changed(
    contents: Contents, key: str, locale: str, words: tuple[tuple[str, str], tuple[str, str]]
) -> str:
    """, tăng 12% so với tháng 9/2026 (có thể chỉ do ngẫu nhiên)."""
    told, against = contents["total"][key], contents["against"]
    if told["amount"] is None or against is None:
        return ""
    much = change(told, locale)
    if change_words.is_nothing(much):
        same = pick(locale, "không đổi", "unchanged")
        return f", {same} {against['vi' if locale == 'vi' else 'en']}"
    direction = pick(locale, *words[0 if told["amount"] > 0 else 1])
    unsure = f" ({pick(locale, *change_words.CHANCE)})" if told["sure"] is False else ""
    return f", {direction} {much[1:]} {against['vi' if locale == 'vi' else 'en']}{unsure}"


def _of(contents: Contents, key: str, locale: str) -> str:
    return said(contents["total"][key], BY_KEY[key].unit, locale)


def _share(figures: Mapping[str, Cell], key: str, of: str, locale: str) -> str:
    whole, part = figures[of]["value"], figures[key]["value"]
    return amount((part or 0) / whole, Unit.SHARE, locale) if whole else NONE


def share(figures: Mapping[str, Cell], key: str, of: str, locale: str) -> str:
    """What part of one count another is: 82,0%."""
    return _share(figures, key, of, locale)
