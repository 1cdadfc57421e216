"""Whatever the code puts into the queue by name, a worker knows how to do."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from app.config import ROOT

PACKAGES = ("app", "reports", "notifications")
DEFERS = {"defer", "schedule"}
QUEUE_ITSELF = ROOT / "app" / "jobs.py"  # hands on the names that others give

LIST_TASKS = """
import json
from importlib import import_module
from app.jobs import queue
from app.worker import TASKS
for name in TASKS:
    import_module(name)
known = sorted(name for name in queue.tasks if "procrastinate.builtin_tasks" not in name)
periodic = [one.task.name for one in queue.periodic_registry.periodic_tasks.values()]
print(json.dumps({"known": known, "periodic": periodic}))
"""


def test_every_job_that_is_put_into_the_queue_is_a_task_of_the_worker() -> None:
    known = workers_tasks()["known"]

    asked = dict(jobs_by_name())

    assert set(asked.values()) <= set(known), f"no worker knows these: {asked}"
    assert "notifications.deliver" in asked.values()


def test_every_task_of_the_worker_is_asked_for_by_somebody_or_by_the_clock() -> None:
    tasks = workers_tasks()

    assert set(tasks["known"]) == {*dict(jobs_by_name()).values(), *tasks["periodic"]}


@cache
def workers_tasks() -> dict[str, list[str]]:
    """What a worker registers; asked in a process of its own, as it is one."""
    done = subprocess.run(
        [sys.executable, "-c", LIST_TASKS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def jobs_by_name() -> Iterator[tuple[str, str]]:
    """(where, task) of each call that puts a job into the queue."""
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            if file != QUEUE_ITSELF:
                yield from calls_in(file)


def calls_in(file: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and called(node) in DEFERS:
            where = f"{file.relative_to(ROOT)}:{node.lineno}"
            name = node.args[0] if node.args else None
            assert isinstance(name, ast.Constant), f"{where}: the task's name is to be plain text"
            yield where, str(name.value)


def called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""
