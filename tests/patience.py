"""No test holds up all others for ever: whatever it waits for, it fails, with where it stood.

pytest-timeout 2.4 sets one alarm for a test with its fixtures and its reruns, and takes it back at
the first failure: what is put away then, and the rerun, could wait without end. Here each run of a
test, and each putting away, has the whole time for itself, and the alarm comes again.
"""

import signal
from collections.abc import Generator

import pytest
from pytest_timeout import Settings

Wrapper = Generator[None, object, object]
_SETTINGS = pytest.StashKey[Settings]()


@pytest.hookimpl(wrapper=True)
def pytest_timeout_set_timer(item: pytest.Item, settings: Settings) -> Wrapper:
    item.stash[_SETTINGS] = settings
    set_by = yield
    if settings.method == "signal":
        signal.setitimer(signal.ITIMER_REAL, settings.timeout, settings.timeout)
    return set_by


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Wrapper:
    _anew(item)
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Wrapper:
    _anew(item)
    return (yield)


def _anew(item: pytest.Item) -> None:
    """Of a test that no time is set for nothing is asked."""
    settings = item.stash.get(_SETTINGS, None)
    if settings:
        item.ihook.pytest_timeout_cancel_timer(item=item)
        item.ihook.pytest_timeout_set_timer(item=item, settings=settings)
