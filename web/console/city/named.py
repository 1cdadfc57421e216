"""What the administration's pages choose from: categories, areas and offices by name."""

from app.locale import current_locale
from app.text import by_name
from reports.city import snapshot
from reports.city.snapshot import City
from reports.city.values import Area, Category, Office

Choices = list[tuple[str, str]]
KINDS = ("centre", "department", "utility", "committee")


def name_of(one: Area | Category | Office) -> str:
    return one.name_vi if current_locale() == "vi" else one.name_en


def category_choices(city: City | None = None) -> Choices:
    """Those of today, in the city's own order."""
    city = city or snapshot.current()
    return [(one.code, name_of(one)) for one in city.offered_categories()]


def area_choices(city: City | None = None) -> Choices:
    city = city or snapshot.current()
    return by_name((one.code, name_of(one)) for one in city.area_by_code.values())


def office_choices(city: City | None = None) -> Choices:
    """Those of today: the centre, departments, utilities, committees."""
    city = city or snapshot.current()
    found: Choices = []
    for kind in KINDS:
        of_kind = (one for one in city.office_by_code.values() if one.kind == kind)
        found += by_name((one.code, name_of(one)) for one in of_kind)
    return found


def category_name(code: str | None) -> str:
    """Former ones too; the bare code of one that was never there."""
    known = snapshot.current().facts.categories.get(code or "")
    return name_of(known) if known else code or ""


def area_name(code: str | None) -> str:
    known = snapshot.current().facts.areas.get(code or "")
    return name_of(known) if known else code or ""


def office_name(code: str | None) -> str:
    known = snapshot.current().facts.offices.get(code or "")
    return name_of(known) if known else code or ""
