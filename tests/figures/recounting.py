"""What DuckDB counted (`recount.sql`), put together as answers are: by group of a period."""

from typing import Any

import duckdb

from reports.figures.columns import HELD_SUMS, SUMS, TIMES
from reports.figures.definitions import BY_KEY, OVERDUE
from reports.figures.periods import Period
from reports.figures.scope import By

KEYS = {By.AREA: "area_id", By.CATEGORY: "category_id", By.OFFICE: "office_id"}
TABLES = ("sums", "held_sums", "overdue_sums", "lying_sums")
_COUNTS = (
    *(one.name for one in SUMS),
    *(f"held_{one.name}" for one in HELD_SUMS),
    *(*OVERDUE, "overdue", "overdue_first", "centre_late"),
)
Row = dict[str, Any]
NOTHING: Row = dict.fromkeys(
    (f"{one.name}_{which}" for one in TIMES for which in ("median", "p90")), None
) | dict.fromkeys(_COUNTS, 0)


class Recount:
    """Sums by group; what still runs has run until the moment as of which the house's tell."""

    def __init__(self, engine: duckdb.DuckDBPyConnection) -> None:
        self.engine = engine
        query = "select s from worked, told where happened = as_of"
        self.worked = int(engine.execute(query).fetchall()[0][0])

    def sums(self, period: Period, by: By | None) -> dict[int, Row]:
        """By id, the total under 0."""
        found: dict[int, Row] = {}
        for name in TABLES:
            for key, row in self._of(name, period, by).items():
                found.setdefault(key, dict(NOTHING)).update(row)
        return {key: self._finished(row) for key, row in found.items()}

    def _of(self, name: str, period: Period, by: By | None) -> dict[int, Row]:
        own = KEYS[by] if by else None
        bounds = " and ".join(f"{key} = 0" for key in KEYS.values() if key != own)
        keys = "span, start, area_id, category_id, office_id"
        found = self.engine.execute(
            f"select {own or 0}, * exclude ({keys}) from {name}"
            f" where span = ? and start = ? and {bounds}",
            [str(period.kind), period.since],
        )
        prefix = "held_" if name == "held_sums" else ""
        names = [prefix + one[0] for one in found.description or ()][1:]
        return {row[0]: dict(zip(names, row[1:], strict=True)) for row in found.fetchall()}

    def _finished(self, row: Row) -> Row:
        row["rest_s"] += row.pop("resting") * self.worked - row.pop("resting_from")
        held = row.pop("held_running") * self.worked - row.pop("held_running_from")
        row["held_s"] = row.pop("held_seconds") + held
        return {name: None if one is None else int(one) for name, one in row.items()}


def figures_of(row: Row) -> dict[str, float | None]:
    """Every figure of a row of sums."""
    return {key: figure.measured(row).value for key, figure in BY_KEY.items()}
