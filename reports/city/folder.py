"""A whole city from one folder of files: what `flask city load` takes."""

from dataclasses import dataclass
from pathlib import Path

from marshmallow import fields

from reports.city import boundaries, importing
from reports.city.approximate import Site
from reports.city.changes import Changes
from reports.city.faults import BadFile, Fault
from reports.city.files import read_json, rows_of
from reports.city.schemas import Number, Strict, text

SHIPPED = Path(__file__).parent  # cities that come with the program: their folders' names


class PlaceRow(Strict):
    """A well-known place and the area it lies in."""

    area = fields.String(required=True)
    name = text(120, required=True)
    lat = Number(required=True)
    lng = Number(required=True)


@dataclass(frozen=True, slots=True)
class KnownPlace:
    site: Site
    name: str


def find_folder(name: str) -> Path:
    """A folder by its path, or a shipped city by its name."""
    for folder in (Path(name), SHIPPED / name):
        if (folder / "city.json").is_file():
            return folder
    raise BadFile(
        [Fault("không có thư mục nào với city.json.", "no such folder with a city.json.", name)]
    )


def load_city(name: str) -> list[Changes]:
    """Load or update the city of a folder. Harmless when repeated; flushes, the edge commits.

    True boundaries that were imported since are kept; approximate ones are worked out anew.
    """
    folder = find_folder(name)
    return [
        importing.import_profile(folder / "city.json"),
        importing.import_area_facts(folder / "areas.json"),
        _boundaries(folder),
        importing.import_offices(folder / "offices.json"),
        importing.import_categories(folder / "categories.json"),
        importing.import_rules(folder / "rules.json"),
        importing.import_calendar(folder / "calendar.json"),
    ]


def places_of(folder: Path) -> list[KnownPlace]:
    """The well-known places of a folder; none where it lists none."""
    path = folder / "places.json"
    if not path.is_file():
        return []
    rows = importing.loaded(PlaceRow, path, rows_of(path, read_json(path, "places"), "places"))
    return [KnownPlace(Site(row["area"], row["lat"], row["lng"]), row["name"]) for row in rows]


def _boundaries(folder: Path) -> Changes:
    own = folder / "boundaries.geojson"
    changes = boundaries.import_areas(own) if own.is_file() else Changes("boundaries")
    drawn = boundaries.fill_approximate(
        [place.site for place in places_of(folder)], anew=not own.is_file()
    )
    if drawn:
        changes.changed["approximate boundaries"] = [f"{drawn} drawn from the areas' centres"]
    return importing.moved_on(changes)
