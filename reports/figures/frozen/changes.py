"""What an amendment says: every figure that is not what the report before said. Pure."""

from collections.abc import Iterable, Iterator, Mapping

from reports.figures.frozen.contents import Cell, Changed, Contents, Name, Row

TOTAL: Name = {"code": "", "vi": "Tất cả", "en": "All together"}
GROUPS = ("offices", "areas", "categories")


def changes(before: Contents, after: Contents) -> list[Changed]:
    """In the order of the report: the total first, then offices, areas, categories."""
    found = list(_differing("total", TOTAL, before["total"], after["total"]))
    for group, old, new in (
        ("offices", before["offices"], after["offices"]),
        ("areas", before["areas"], after["areas"]),
        ("categories", before["categories"], after["categories"]),
    ):
        found += _of_groups(group, old, new)
    return found


def _of_groups(group: str, before: Iterable[Row], after: Iterable[Row]) -> Iterator[Changed]:
    old, new = ({row["code"]: row for row in rows} for rows in (before, after))
    for code in sorted({*old, *new}, key=lambda code: (code not in new, code)):
        row = new.get(code) or old[code]
        mine = (rows[code]["figures"] if code in rows else {} for rows in (old, new))
        yield from _differing(group, row, *mine)


def _differing(
    group: str, name: Name | Row, before: Mapping[str, Cell], after: Mapping[str, Cell]
) -> Iterator[Changed]:
    for key in (*after, *(key for key in before if key not in after)):
        was, now = (
            figures[key]["value"] if key in figures else None for figures in (before, after)
        )
        if was != now:
            yield {
                "group": group,
                "code": name["code"],
                "vi": name["vi"],
                "en": name["en"],
                "key": key,
                "before": was,
                "after": now,
            }
