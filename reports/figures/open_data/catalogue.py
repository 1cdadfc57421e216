"""What there is to fetch: months, their files, columns, totals, and under which terms."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.locale import in_words
from reports.city.snapshot import City
from reports.figures.open_data.rows_today import rows_now
from reports.figures.periods import Kind, containing
from reports.figures.public.published import Published
from reports.figures.public.telling import months_told

Plain = dict[str, Any]
PATH = "/api/v1/open-data/"


class Column(NamedTuple):
    name: str
    vi: str
    en: str


class FileKind(NamedTuple):
    """A kind of file: what comes after the month in its name, and what it is."""

    ending: str
    mimetype: str
    vi: str
    en: str


CSV, GEOJSON = "text/csv", "application/geo+json"
KINDS: Mapping[str, FileKind] = {
    one.ending: one
    for one in (
        FileKind(".csv", CSV, "Từng phản ánh công khai", "Public reports, one by one"),
        FileKind(".geojson", GEOJSON, "Như trên, trên bản đồ", "The same, for a map"),
        FileKind("-georeport.csv", CSV, "Như trên, theo GeoReport Bulk",
              "The same, as GeoReport Bulk"),
        FileKind("-georeport.json", "application/json", "Như trên, JSON", "The same, in JSON"),
        FileKind("-georeport.xml", "text/xml", "Như trên, XML", "The same, in XML"),
        FileKind("-groups.csv", CSV, "Mọi phản ánh, theo nhóm từ năm người",
              "All reports, in groups of five people and more"),
        FileKind("-groups.geojson", GEOJSON, "Như trên, trên bản đồ", "The same, for a map"),
    )
}  # fmt: skip

ROW_COLUMNS = (
    Column("code", "Mã phản ánh", "The report's code"),
    Column("category", "Mã lĩnh vực", "Code of the category"),
    Column("category_name", "Tên lĩnh vực", "Its name"),
    Column("area", "Mã phường, xã, đặc khu", "Code of the ward, commune or special zone"),
    Column("area_name", "Tên phường, xã, đặc khu", "Its name"),
    Column("office", "Mã đơn vị xử lý khi công bố", "Code of the office that led it then"),
    Column("office_name", "Tên đơn vị xử lý", "Its name"),
    Column("status", "Trạng thái khi công bố", "Status when the month was published"),
    Column("outcome", "Kết quả, nếu đã trả lời", "Outcome, if it was answered"),
    Column("submitted_at", "Lúc gửi", "When it was sent"),
    Column("accepted_at", "Lúc tiếp nhận", "When it was accepted"),
    Column("published_at", "Lúc công khai", "When it was made public"),
    Column("first_due_at", "Hạn xử lý đầu tiên", "The first deadline"),
    Column("resolved_at", "Lúc báo kết quả; nếu đã mở lại thì là lần sau cùng",
           "When it was answered; the last time, if it was reopened"),
    Column("closed_at", "Lúc kết thúc", "When it was closed"),
    Column("on_time",
           "Kết quả đầu tiên có đúng hạn đầu tiên (true) hay trễ, kể cả khi còn mở mà đã quá hạn "
           "(false). Tỷ lệ đúng hạn của tháng là số true trên số true và false. Trống: không tính, "
           "hoặc tháng công bố khi tệp chưa có cột này",
           "Whether the first answer met the first deadline (true), or was late, or is overdue "
           "(false). The month's share on time is true among true and false. Empty: not counted, "
           "or the month was published before files had this column"),
    Column("lat", "Vĩ độ (WGS 84)", "Latitude (WGS 84)"),
    Column("lng", "Kinh độ (WGS 84)", "Longitude (WGS 84)"),
)  # fmt: skip
GROUP_COLUMNS = (
    Column("public", "Mọi người đọc được từng phản ánh (true) hay không (false)",
           "Whether anyone may read each of them"),
    Column("area", "Mã phường, xã; trống: những nơi còn lại",
           "Code of the area; empty: the rest of the city"),
    Column("area_name", "Tên phường, xã", "Its name"),
    Column("cell", "Ô H3, cỡ 6 đến 9; trống: không nêu", "H3 cell, resolution 6 to 9, or empty"),
    Column("category", "Mã lĩnh vực; trống: nhiều lĩnh vực",
           "Code of the category; empty: several"),
    Column("category_name", "Tên lĩnh vực", "Its name"),
    Column("reports", "Số phản ánh nhận trong tháng", "Reports received in the month"),
)  # fmt: skip


def catalogue(months: list[Published], city: City) -> Plain:
    """Everything that may be fetched, newest month first; `months` are oldest first."""
    rows = rows_now(months)
    about = {one["month"]: one for one in months_told([(m.first, m.published_at) for m in months])}
    return {
        "licence": _licence(city),
        "publisher": in_words(city.profile.name_vi, city.profile.name_en),
        "columns": {"rows": _columns(ROW_COLUMNS), "groups": _columns(GROUP_COLUMNS)},
        "georeport_bulk": "https://www.open311.org/GeoReport/bulk",
        "items": [
            about[code_of(month)] | _month(month, one.rows)
            for month, one in zip(reversed(months), reversed(rows), strict=True)
        ],
    }


def code_of(month: Published) -> str:
    return containing(Kind.MONTH, month.first).code


def _month(month: Published, rows: int) -> Plain:
    shown, hidden = month.reports(shown=True), month.reports(shown=False)
    code = code_of(month)
    return {
        "as_of": month.as_of,
        "received": None if shown is None or hidden is None else shown + hidden,
        "published": shown,
        "not_public": hidden,
        "rows": rows,
        "note": in_words(
            "Tệp từng phản ánh chỉ có những phản ánh mọi người đọc được; tệp theo nhóm có tất cả. "
            "Phản ánh đã xóa hoặc đã ẩn sau khi công bố thì không còn trong tệp từng phản ánh. "
            "Phản ánh về cán bộ, đơn vị không có trong tệp nào và không tính vào tổng số.",
            "The files of single reports hold what anyone may read; those of groups hold all. A "
            "report that was erased or hidden since is no longer among the single ones. Reports "
            "about officials are in no file and in no total.",
        ),
        "files": [
            {
                "name": f"{code}{kind.ending}",
                "url": f"{PATH}{code}{kind.ending}",
                "media_type": kind.mimetype,
                "title": in_words(kind.vi, kind.en),
            }
            for kind in KINDS.values()
        ],
    }


def _licence(city: City) -> Plain:
    """The city's own terms (`settings.figures.licence`), else attribution."""
    own: Plain | None = city.profile.settings.get("figures", {}).get("licence")
    return own or {
        "name": "CC BY 4.0",
        "url": "https://creativecommons.org/licenses/by/4.0/",
    }


def _columns(columns: tuple[Column, ...]) -> list[Plain]:
    return [{"name": one.name, "about": in_words(one.vi, one.en)} for one in columns]
