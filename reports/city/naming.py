"""What categories, areas and offices are called, as answers show them: made once a snapshot, since
a list of a hundred reports names three hundred.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from reports.city.values import Area, Category, Office

Named = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Names:
    """In one language, by id. Shared by whoever asks: not to be changed."""

    categories: Mapping[int, Named]
    areas: Mapping[int, Named]
    offices: Mapping[int, Named]


def names_in(
    locale: str,
    categories: Mapping[int, Category],
    areas: Mapping[int, Area],
    offices: Mapping[int, Office],
) -> Names:
    """Former ones too: history keeps their names."""

    def name(one: Category | Area | Office) -> str:
        return one.name_vi if locale == "vi" else one.name_en

    return Names(
        {i: {"code": c.code, "name": name(c), "icon": c.icon} for i, c in categories.items()},
        {i: {"code": area.code, "name": name(area)} for i, area in areas.items()},
        {i: {"id": office.code, "name": name(office)} for i, office in offices.items()},
    )
