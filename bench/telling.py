"""What a run found, told: a table for people, JSON for comparing, a chapter of the docs."""

import json
import os
import platform
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from app.config import ROOT
from bench import tickets
from bench.measure import ROUNDS, Result
from bench.served import Served

DOCS = ROOT / "docs" / "performance.md"
FIGURES = ROOT / "var" / "bench"
BASE = 100_000  # what the largest size is held against
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"

HEAD = (
    "operation", "rows", "requests", "p50 ms", "p95 ms", "per second", "CPU Python",
    "CPU PostgreSQL", "queries", "SQL alone p50", "× S1", "target", "peer CPU", "× peer",
)  # fmt: skip


@dataclass
class Run:
    """All sizes of one run."""

    machine: dict[str, str]
    tickets: str
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    results: dict[int, list[Result]] = field(default_factory=dict)
    served: dict[int, list[Served]] = field(default_factory=dict)


def machine(server_url: str) -> dict[str, str]:
    """What the figures depend on."""
    with psycopg.connect(f"{server_url}/postgres") as connection:
        settings = {
            name: str(connection.execute(f"show {name}").fetchone()[0])  # type: ignore[index]
            for name in ("server_version", "shared_buffers", "fsync")
        }
    return {
        "processor": f"{os.cpu_count()} × {_processor()}",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "PostgreSQL": f"{settings['server_version']}, shared_buffers {settings['shared_buffers']}, "
        f"fsync {settings['fsync']}",
        "load": f"{os.getloadavg()[0]:.1f} processes waiting or running at the start",
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def tickets_in_words() -> str:
    """Which reports are followed: the real ones, or what stands for them."""
    found = tickets.tickets(1).source
    if not tickets.REAL.is_file():
        print(f"The real tickets are not at {tickets.REAL.name}: {found}.")
    return found


def table(size: int, results: list[Result], served: list[Served] | None) -> str:
    """For the screen: columns aligned."""
    rows = [list(HEAD), *(_cells(result) for result in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = [
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    more = ["", *(_served_line(one) for one in served)] if served else []
    return "\n".join([f"\n{size:,} reports", *lines, *more])


def figures_table(results: dict[int, list[Result]]) -> list[str]:
    """What the leaders' figures cost at each size, as a table of Markdown: CPU in ms, that of the
    plain GROUP BY, how many times cheaper; and what the largest size costs of what 100,000 does."""
    sizes = sorted(results)
    heads = [f"{size:,}" for size in sizes]
    lines = [["figures", *heads, "largest : 100,000"]]
    for name in _with_plain(results):
        found = {size: one for size in sizes for one in results[size] if one.name == name}
        ratio = _ratio(found[sizes[-1]], found.get(BASE)) if sizes[-1] in found else ""
        lines.append([name, *(_beside_plain(found.get(size)) for size in sizes), ratio])
    lines.insert(1, ["---", *(["--:"] * (len(lines[0]) - 1))])
    return [f"| {' | '.join(line)} |" for line in lines]


def _with_plain(results: dict[int, list[Result]]) -> list[str]:
    names = (one.name for found in results.values() for one in found if one.plain is not None)
    return list(dict.fromkeys(names))


def _beside_plain(one: Result | None) -> str:
    if one is None or one.plain is None:
        return ""
    return f"{one.cpu:.1f}, plain {one.plain:,.1f}: {one.plain / one.cpu:.1f} ×"


def _ratio(one: Result, base: Result | None) -> str:
    return f"{one.cpu / base.cpu:.2f} ×" if base and base is not one else ""


def _cells(result: Result) -> list[str]:
    met = "" if result.target is None else "✓" if result.of_s1 >= result.target else "✗"
    peer = "" if result.peer_ms is None else f"{result.peer_ms / result.cpu:.0f}"
    return [
        result.name,
        "" if result.rows is None else str(result.rows),
        str(result.requests),
        f"{result.p50:.2f}",
        f"{result.p95:.2f}",
        f"{result.per_second:,.0f}",
        f"{result.python:.2f}",
        "?" if result.postgres is None else f"{result.postgres:.2f}",
        f"{result.queries:.1f}",
        "" if result.sql_alone is None else f"{result.sql_alone:.2f}",
        f"{result.of_s1:.2f}",
        "" if result.target is None else f"≥ {result.target:.2f} {met}",
        "" if result.peer_ms is None else f"{result.peer_ms:,.0f}",
        peer,
    ]


def _served_line(one: Served) -> str:
    return (
        f"{one.name:32} over a socket: p50 {one.p50:.2f} ms, p95 {one.p95:.2f} ms, "
        f"{one.per_second:,.0f} a second, {one.cpu:.2f} ms of the server's CPU"
    )


def save(run: Run) -> Path:
    """All figures as JSON, by the run's moment."""
    FIGURES.mkdir(parents=True, exist_ok=True)
    path = FIGURES / f"{run.at:%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(_plain(run), indent=1, ensure_ascii=False) + "\n")
    return path


def _plain(run: Run) -> dict[str, object]:
    return {
        "at": run.at.isoformat(),
        "machine": run.machine,
        "tickets": run.tickets,
        "results": {size: [asdict(one) for one in found] for size, found in run.results.items()},
        "served": {size: [asdict(one) for one in found] for size, found in run.served.items()},
    }


def write_docs(run: Run) -> Path:
    """Put the figures between the two marks of docs/performance.md."""
    text = DOCS.read_text()
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    DOCS.write_text(f"{before}{BEGIN}\n\n{_chapter(run)}\n{END}{after}")
    return DOCS


def _chapter(run: Run) -> str:
    facts = [f"- {name}: {value}" for name, value in run.machine.items()]
    parts = [
        f"Measured on {run.at:%Y-%m-%d}, {ROUNDS} rounds, following {run.tickets}.",
        "",
        *facts,
    ]
    if any(one.plain is not None for found in run.results.values() for one in found):
        parts += ["", "### The leaders' figures", "", *figures_table(run.results)]
    for size, results in run.results.items():
        parts += ["", f"### {size:,} reports", "", *_markdown(results)]
        if size in run.served:
            parts += ["", *(f"- {_served_line(one).strip()}" for one in run.served[size])]
    return "\n".join([*parts, ""])


def _markdown(results: list[Result]) -> list[str]:
    lines = [HEAD, ("---", *(["--:"] * (len(HEAD) - 1))), *(_cells(one) for one in results)]
    return [f"| {' | '.join(line)} |" for line in lines]
