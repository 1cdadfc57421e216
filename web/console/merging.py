"""Merging into a report named by its code: what it is, and what differs, before it is done."""

from collections.abc import Sequence

from app.locale import current_locale
from app.sentences import Both, both
from reports import codes, looking, spoken
from reports.alike import AROUND_M
from reports.cards import Plain
from reports.city.snapshot import City
from reports.errors import NoSuchReport
from reports.models import Report
from reports.places import distances_from
from reports.presenting import View
from web.console.marks import headline


def candidate(named: str, report: Report, view: View, city: City) -> Plain | None:
    """The report of this code as the form names it; None where there is none for this viewer."""
    try:
        found, _ = looking.inside(named, view.viewer, view.locale)
    except NoSuchReport:
        return None
    names = city.names[current_locale()]
    category = names.categories[found.category_id]["name"]
    return {
        "code": codes.spoken(found.code),
        "title": headline(found.description, category),
        "category": category,
        "area": names.areas[found.area_id]["name"],
        "office": names.offices[found.office_id]["name"],
        "distance": spoken.spoken_distance(_metres(report, found), current_locale()),
    }


def unlike(report: Report, target: Report, city: City) -> Both | None:
    """What speaks against their being one thing; None when nothing does."""
    vi = " và ".join(_doubts(report, target, city, "vi"))
    en = " and ".join(_doubts(report, target, city, "en"))
    if not vi:
        return None
    return both(
        f"Phản ánh này {vi}. So sánh trước; nếu vẫn gộp thì bấm lần nữa.",
        f"This one {en}. Compare them first; to merge all the same, press again.",
    )


def unlike_among(reports: Sequence[Report], target: Report, city: City) -> Both | None:
    """How many of these are unlike the one that they shall be merged into; None when none is."""
    number = sum(unlike(one, target, city) is not None for one in reports if one.id != target.id)
    if not number:
        return None
    return both(
        f"{number} phản ánh khác lĩnh vực, hoặc ở cách phản ánh đó hơn {AROUND_M} m. Bỏ bớt những"
        " phản ánh ấy; nếu vẫn gộp tất cả thì bấm lần nữa.",
        f"{number} of them {'is' if number == 1 else 'are'} of another kind, or lie"
        f"{'s' if number == 1 else ''} more than {AROUND_M} m away from it. Leave those out; to"
        " merge all the same, press again.",
    )


def _doubts(report: Report, target: Report, city: City, locale: str) -> list[str]:
    said, metres = [], _metres(report, target)
    if target.category_id != report.category_id:
        kind = city.names[locale].categories[target.category_id]["name"]
        vi, en = f"thuộc lĩnh vực khác ({kind})", f"is of another kind ({kind})"
        said.append(vi if locale == "vi" else en)
    if metres > AROUND_M:
        away = spoken.spoken_distance(metres, locale)
        said.append(f"ở cách {away}" if locale == "vi" else f"lies {away} away")
    return said


def _metres(one: Report, other: Report) -> float:
    return distances_from((one.lat, one.lng))((other.lat, other.lng))
