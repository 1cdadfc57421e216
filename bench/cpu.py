"""CPU time spent: in this process, and in the server's backends when it runs on this machine."""

import time
from pathlib import Path

import psycopg

TICKS_NS = 10_000_000  # a hundredth of a second, where the kernel tells no more


class Cpu:
    """Nanoseconds of Python and of PostgreSQL, as running totals."""

    def __init__(self, url: str) -> None:
        """Backends that are connected now are counted; connect first."""
        with psycopg.connect(url) as connection:
            rows = connection.execute(
                "select pid from pg_stat_activity where datname = current_database()"
                " and backend_type = 'client backend' and pid <> pg_backend_pid()"
            ).fetchall()
            local = connection.info.host in {"127.0.0.1", "localhost", "::1", ""}
        self._backends = [int(pid) for (pid,) in rows] if local else []
        self.sees_postgres = any(map(_spent_ns, self._backends))

    def read(self) -> tuple[int, int]:
        return time.process_time_ns(), sum(map(_spent_ns, self._backends))


def _spent_ns(pid: int) -> int:
    """By the scheduler's own count, else by ticks; 0 for a process that is gone."""
    process = Path(f"/proc/{pid}")
    try:
        return int((process / "schedstat").read_text().split()[0])
    except (OSError, ValueError):
        pass
    try:
        fields = (process / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * TICKS_NS
    except (OSError, IndexError):
        return 0
