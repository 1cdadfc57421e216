"""What the numbers of a month mean, when they were settled, and where to fetch them."""

from dataclasses import dataclass

from app.locale import current_locale, in_words
from reports.city.snapshot import City
from reports.figures.definitions import BY_KEY
from reports.figures.open_data.catalogue import KINDS, PATH
from reports.figures.public.atoms import PEOPLE
from reports.figures.public.outcomes import FOR_MEDIAN, STEP, TEN
from reports.figures.public.telling import LEAST_SAMPLE, months_told
from web.wards.months import Chosen
from web.wards.numbers import day, month_name, number

#: As these pages name them → the figure, whose meaning is `reports.figures.figure_words`'.
EXPLAINED = (
    ("Phản ánh", "Reports", "received"),
    ("Đúng hạn", "On time", "on_time"),
    ("Ngày làm việc", "Working days", "resolve_median"),
    ("Hài lòng", "Satisfied", "satisfied"),
)


_FORMS = {"csv": "CSV", "geojson": "GeoJSON", "json": "JSON", "xml": "XML"}


@dataclass(frozen=True, slots=True)
class Notes:
    """Meanings as (name, words); files by what they hold, each as (form, address)."""

    meanings: list[tuple[str, str]]
    few: str
    settled: str
    changed: str  # empty: nothing to say
    files: list[tuple[str, list[tuple[str, str]]]]


def of(chosen: Chosen, city: City) -> Notes:
    return Notes(
        meanings=_meanings(),
        few=_few(),
        settled=_settled(chosen, city),
        changed=_changed(chosen),
        files=_files(chosen.code),
    )


def _meanings() -> list[tuple[str, str]]:
    return [(in_words(*names), _meaning(key)) for *names, key in EXPLAINED]


def _meaning(key: str) -> str:
    """As leaders read it; but of what is received, which here is not divided into all fates."""
    if key == "received":
        return in_words(
            "Số phản ánh gửi đến trong tháng, tính theo ngày gửi (giờ của thành phố), kể cả phản"
            " ánh không công khai. Kết quả chỉ tính trên phản ánh công khai, nên cộng lại không"
            " nhất thiết bằng số này.",
            "Reports sent in the month, by the day of sending in the city's zone, also those that"
            " are not public. Results are those of public reports, so they need not add up to it.",
        )
    vi, en = " Cứ 8 giờ làm việc tính là một ngày.", " Eight hours count as a working day."
    day_of = in_words(vi, en) if key == "resolve_median" else ""
    return BY_KEY[key].about(current_locale()) + day_of


def _few() -> str:
    return in_words(
        f"Nơi nào hoặc lĩnh vực nào có dưới {PEOPLE} người gửi thì không nêu riêng mà tính chung"
        " với phần còn lại, để không ai bị nhận ra. Đôi khi một nơi đông hơn cũng được tính chung,"
        " vì nếu không thì phần còn lại quá ít. Kết quả, đúng hạn, thời gian và điểm chấm chỉ tính"
        " trên phản ánh công khai, tức là những phản ánh ai cũng đọc được. Số lượt hài lòng được"
        f" làm tròn đến {STEP}, số phản ánh không được tiếp nhận đến {TEN}. Tỷ lệ chỉ nêu khi có"
        f" từ {LEAST_SAMPLE} phản ánh, thời gian khi có từ {FOR_MEDIAN} người đã được trả lời."
        " Phản ánh về cán bộ, đơn vị không tính vào các con số này.",
        f"A place or a category with fewer than {PEOPLE} people is not told by itself but counted"
        " with the rest, so that nobody is recognised. Sometimes a larger one is counted there too,"
        " since the rest would be too few without it. Results, deadlines, times and ratings are"
        " those of public reports, which anyone may read. How many were satisfied is told in"
        f" {STEP}s, how many were not accepted in {TEN}s. Shares are told from {LEAST_SAMPLE}"
        f" reports on, and times from {FOR_MEDIAN} people on. Reports about officials are not"
        " counted here.",
    )


def _files(month: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """All that `open_data` has of the month: one by one, and in groups."""
    forms: dict[bool, list[tuple[str, str]]] = {False: [], True: []}
    for ending in KINDS:
        form = _FORMS[ending.rpartition(".")[2]]
        bulk = "GeoReport Bulk, " if ending.startswith("-georeport") else ""
        forms[ending.startswith("-groups")].append((bulk + form, f"{PATH}{month}{ending}"))
    one_by_one, grouped = KINDS[".csv"], KINDS["-groups.csv"]
    return [
        (in_words(one_by_one.vi, one_by_one.en), forms[False]),
        (in_words(grouped.vi, grouped.en), forms[True]),
    ]


def _settled(chosen: Chosen, city: City) -> str:
    until = day(chosen.month.as_of, city.profile.timezone)
    vi, en = month_name(chosen.month.first), month_name(chosen.month.first)
    return in_words(
        f"Số liệu {vi} tính đến ngày {until} rồi giữ nguyên. Việc giải quyết sau ngày đó không làm"
        " đổi các con số trên trang này.",
        f"The figures of {en} reach to {until} and stay as they are. What is done later changes no"
        " number on this page.",
    )


def _changed(chosen: Chosen) -> str:
    told = months_told([(chosen.month.first, chosen.month.published_at)])
    count = int(told[0]["changed_since"])
    if not count:
        return ""
    return in_words(
        f"Từ đó đến nay, khoảng {number(count)} phản ánh của tháng này đã có thêm bước giải quyết.",
        f"Since then about {number(count)} of that month's reports have moved on.",
    )
