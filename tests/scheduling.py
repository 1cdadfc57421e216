"""Which worker gets which file of tests, also after one of them died.

pytest-xdist 3.8 puts *all* files of a dead worker back into the queue, the finished ones too. A
worker that is handed a finished file has nothing to report, so it is never asked again: the run
waits for ever with tests left. Here only what is unfinished goes back, the test that was running
included when a rerun is allowed.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

Work = dict[str, dict[str, bool]]


class FilesLeft(LoadFileScheduling):
    """`--dist loadfile` that outlives its workers."""

    def remove_node(self, node: WorkerController) -> str | None:
        """Put back what the worker leaves; the test in which it died, if it died in one."""
        left = unfinished(self.assigned_work.pop(node))
        if not left:
            return None
        first = next(iter(left.values()))
        crashed = next(iter(first))
        del first[crashed]
        self.workqueue.update(unfinished(left))
        return crashed

    def mark_test_pending(self, item: str) -> None:  # type: ignore[override]
        """The test that died may be tried once more; its worker's successor begins with it."""
        file = self.workqueue.setdefault(self._split_scope(item), {})
        file[item] = False

    def _reschedule(self, node: WorkerController) -> None:
        super()._reschedule(node)
        # A worker runs its last test when it knows that no other follows.
        if not self.workqueue and not node.shutting_down:
            node.shutdown()


def unfinished(work: Work) -> Work:
    """The files of which something is left, with what is left of them."""
    left = {
        file: {test: False for test, done in tests.items() if not done}
        for file, tests in work.items()
    }
    return {file: tests for file, tests in left.items() if tests}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FilesLeft:
    """Called once, by the process that hands out the tests."""
    return FilesLeft(config, log)
