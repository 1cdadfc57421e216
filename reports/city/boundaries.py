"""Real boundaries from GeoJSON: checked, compared, swapped in as one act, linked by their codes.

An area that is already known keeps its id, and so its reports, whatever its new boundary.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from app.database import db
from reports.city import checks
from reports.city.approximate import Site, boundaries
from reports.city.changes import Changes
from reports.city.geojson import Feature, km2, read_features, shown
from reports.city.importing import AREAS, existing_rows, locked_city, moved_on, named, today
from reports.city.models import Area
from reports.city.succession import is_valid

SLIVER_KM2 = 1e-6  # a square metre: less is no overlap worth a word


def import_areas(
    path: Path, *, replace: bool = False, since: date | None = None, progress: bool = False
) -> Changes:
    """Take boundaries and facts of areas from a GeoJSON file (`.gz` too).

    Areas of the file are added or updated by code; the others stay, or end today when `replace`
    is asked for, each succeeded by the area of the file that covers most of it. `since` is the
    first day of new areas (today). Raises BadFile with every fault. Flushes; the edge commits.
    """
    city = locked_city()
    kept = existing_rows(AREAS)
    features = read_features(path, kept, since or today(), progress=progress)
    checks.areas(path.name, [feature.facts for feature in features], kept, city)
    changes = Changes("areas")
    for feature in shown(features, "areas", progress=progress):
        _put(feature, kept.get(feature.facts["code"]), changes)
    if replace:
        _end_missing(features, kept, changes)
    db.session.flush()
    changes.notes += [*_overlaps(), *_ended(features, kept)]
    return moved_on(changes)


def fill_approximate(places: Iterable[Site] = (), *, anew: bool = False) -> int:
    """Give every area without a boundary an approximate one; how many boundaries it set.

    With `anew`, areas whose boundary is approximate are worked out again too.
    """
    rows = [row for row in existing_rows(AREAS).values() if is_valid(row, today())]
    wanting = [row for row in rows if row.boundary is None or (anew and row.approximate)]
    if not wanting:
        return 0
    codes = {row.code for row in wanting}
    sites = [Site(row.code, row.lat, row.lng) for row in wanting]
    sites += [place for place in places if place.code in codes]
    sizes = _sizes(wanting)
    settled = [row.boundary for row in rows if row.code not in codes]
    taken = shapely.union_all(shapely.from_wkb(settled)) if settled else None
    made = boundaries(sites, sizes, taken)
    return sum(_set_boundary(row, made.get(row.code), approximate=True) for row in wanting)


def _sizes(rows: list[Area]) -> dict[str, float]:
    """Known sizes in km²; where one is unknown, the middle of the others."""
    known = sorted(row.area_km2 for row in rows if row.area_km2)
    usual = known[len(known) // 2] if known else 10.0
    return {row.code: row.area_km2 or usual for row in rows}


def _put(feature: Feature, old: Area | None, changes: Changes) -> None:
    facts = feature.facts
    name = named(facts["code"], facts["name_vi"])
    if old is None:
        wkb = shapely.to_wkb(feature.shape)
        db.session.add(Area(**facts, boundary=wkb, approximate=feature.approximate))
        changes.added.append(name)
        return
    changed = [key for key, value in facts.items() if getattr(old, key) != value]
    if "name_vi" in changed:
        changes.renamed[name] = old.name_vi
    for key in changed:
        setattr(old, key, facts[key])
    if others := [key for key in changed if key != "name_vi"]:
        changes.changed[name] = others
    moved = _swap_boundary(old, feature)
    if moved is not None:
        changes.moved_km2[name] = moved
    changes.same += not changed and moved is None


def _swap_boundary(old: Area, feature: Feature) -> float | None:
    """Put the new boundary; the km² that changed sides, None when nothing did.

    A guess never takes the place of a true boundary.
    """
    if feature.approximate and old.boundary is not None and not old.approximate:
        return None
    before = shapely.from_wkb(old.boundary) if old.boundary is not None else shapely.Polygon()
    if not _set_boundary(old, feature.shape, approximate=feature.approximate):
        return None
    return km2(before.symmetric_difference(feature.shape))


def _set_boundary(row: Area, fresh: BaseGeometry | None, *, approximate: bool) -> bool:
    wkb = shapely.to_wkb(fresh) if fresh is not None else None
    if (row.boundary, row.approximate) == (wkb, approximate):
        return False
    row.boundary, row.approximate = wkb, approximate
    return True


def _end_missing(features: list[Feature], kept: Mapping[str, Area], changes: Changes) -> None:
    """End what the file does not hold; whoever covers most of the ground succeeds it."""
    here = {feature.facts["code"]: feature for feature in features}
    codes, shapes = list(here), [feature.shape for feature in features]
    tree = shapely.STRtree(shapes)
    for code, row in sorted(kept.items()):
        if code in here or row.valid_until is not None:
            continue
        heir = _heir(row, tree, shapes)
        row.valid_until = max(today(), row.valid_from)
        row.successor_code = codes[heir] if heir is not None else None
        to = named(codes[heir], here[codes[heir]].facts["name_vi"]) if heir is not None else None
        changes.ended[named(code, row.name_vi)] = to
    if changes.ended:
        changes.notes.append(
            "  Open reports stay with the offices that have them; `flask areas merge` moves work."
        )


def _heir(row: Area, tree: shapely.STRtree, shapes: list[BaseGeometry]) -> int | None:
    if row.boundary is None:
        return None
    ground = shapely.from_wkb(row.boundary)
    near = [(shapes[i].intersection(ground).area, i) for i in sorted(tree.query(ground).tolist())]
    shared, heir = max(near, default=(0.0, None), key=lambda found: found[0])
    return heir if shared > 0 else None


def _overlaps() -> Iterator[str]:
    """Where areas lie over each other the lower code wins: worth a line, not a refusal.

    An area that a file adds over others, without ending them, shows here.
    """
    day = today()
    rows = [row for row in existing_rows(AREAS).values() if row.boundary and is_valid(row, day)]
    shapes = shapely.from_wkb([row.boundary for row in rows])
    one, other = shapely.STRtree(shapes).query(shapes)
    one, other = one[one < other], other[one < other]
    ground = [km2(shared) for shared in shapely.intersection(shapes[one], shapes[other])]
    wide = [size for size in ground if size > SLIVER_KM2]
    if wide:
        yield f"  Overlapping pairs: {len(wide)}, {max(wide):.2f} km² at most; the lower code wins."


def _ended(features: list[Feature], kept: Mapping[str, Area]) -> Iterator[str]:
    """Areas that ended stay ended when an older file still holds them."""
    codes = [
        f.facts["code"] for f in features if f.facts["valid_until"] and f.facts["code"] in kept
    ]
    if codes:
        yield (
            f"  {len(codes)} areas of the file have ended and stay so ({', '.join(codes[:5])}); "
            'with "valid_until": null they would begin again.'
        )
