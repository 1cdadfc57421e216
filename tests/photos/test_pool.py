"""One dead or hung child costs one photo; a full pool says so; nobody is left behind."""

import fcntl
import io
import os
import signal
import subprocess
import sys
import tempfile
import termios
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import psutil
import pytest
from PIL import Image

from app.config import ROOT
from reports.darkroom import pool as pool_module
from reports.darkroom.child import Order
from reports.darkroom.errors import BadPhoto, PhotoBusy
from reports.darkroom.headers import Kind, Lane, look
from reports.darkroom.pool import PATIENCE, Child, PhotoPool
from reports.darkroom.printing import Processed


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(out, "JPEG")
    return out.getvalue()


PHOTO = jpeg()
ORDER = Order(look(PHOTO))


@pytest.fixture
def pool() -> Iterator[PhotoPool]:
    pool = PhotoPool(1)
    yield pool
    pool.close()


def ask(pool: PhotoPool) -> Processed:
    photo = pool.ask(PHOTO, ORDER)
    assert isinstance(photo, Processed)
    return photo


def only_child(pool: PhotoPool) -> Child:
    """The child of a pool of one, which is left where it was."""
    ask(pool)
    child = pool._free.get_nowait()
    assert child
    pool._free.put(child)
    return child


def in_background(work: Callable[[], Any]) -> Future[Any]:
    future: Future[Any] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except Exception as error:
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future


@contextmanager
def stopped(child: Child) -> Iterator[None]:
    """The child as it is when it hangs: it neither answers nor uses CPU."""
    os.kill(child.pid, signal.SIGSTOP)
    psutil_child = psutil.Process(child.pid)
    while psutil_child.status() != psutil.STATUS_STOPPED:
        pass
    try:
        yield
    finally:
        if psutil.pid_exists(child.pid):
            os.kill(child.pid, signal.SIGCONT)


def wait_until_sent(child: Child) -> None:
    """Until an order lies unread in the child's pipe: it is then at work on it, as far as anybody
    outside can tell."""
    unread = bytearray(4)
    while not int.from_bytes(unread, sys.byteorder):
        fcntl.ioctl(child._pipe.fileno(), termios.TIOCOUTQ, unread)


def test_a_child_killed_at_work_costs_that_one_photo(pool: PhotoPool) -> None:
    child = only_child(pool)
    with stopped(child):
        photo = in_background(lambda: ask(pool))
        wait_until_sent(child)
        os.kill(child.pid, signal.SIGKILL)

    with pytest.raises(PhotoBusy):  # killed from outside: not the photo's fault
        photo.result(timeout=10)
    assert ask(pool).width == 256


def test_a_child_killed_while_idle_costs_nobody_anything(pool: PhotoPool) -> None:
    for _ in range(3):
        child = only_child(pool)
        os.kill(child.pid, signal.SIGKILL)
        child._process.join()

        assert ask(pool).width == 256
        assert only_child(pool).pid != child.pid


def test_a_hung_child_is_replaced(pool: PhotoPool, monkeypatch: pytest.MonkeyPatch) -> None:
    # A tenth of a second instead of six: nobody else is waited for.
    monkeypatch.setattr(pool_module, "PATIENCE", 0.05)
    child = only_child(pool)

    with stopped(child), pytest.raises(PhotoBusy):
        ask(pool)
    monkeypatch.setattr(pool_module, "PATIENCE", PATIENCE)

    assert not psutil.pid_exists(child.pid)
    assert ask(pool).width == 256


@pytest.mark.parametrize(
    ("exitcode", "error"),
    [
        (-signal.SIGPROF, BadPhoto),  # its CPU was spent
        (-signal.SIGSEGV, BadPhoto),  # a library crashed on it
        (-signal.SIGABRT, BadPhoto),
        (-signal.SIGKILL, PhotoBusy),  # the kernel was out of memory, or the operator did it
        (-signal.SIGTERM, PhotoBusy),
        (None, PhotoBusy),  # hung without using CPU
        (1, PhotoBusy),  # a fault of ours
    ],
)
def test_whose_fault_a_loss_was(exitcode: int | None, error: type[Exception]) -> None:
    assert isinstance(pool_module._loss(1, exitcode, ORDER.header), error)


def test_photos_wait_their_turn_and_one_too_many_is_sent_away(pool: PhotoPool) -> None:
    child = only_child(pool)
    with stopped(child), ThreadPoolExecutor(3) as threads:
        at_work = [threads.submit(ask, pool) for _ in range(3)]
        wait_until_sent(child)
        while pool._places._value:
            pass

        with pytest.raises(PhotoBusy) as busy:
            ask(pool)

        assert busy.value.facts["retry_after"] > 0
        os.kill(child.pid, signal.SIGCONT)
        assert [photo.result(timeout=20).width for photo in at_work] == [256, 256, 256]


def test_two_children_work_at_once() -> None:
    pool = PhotoPool(2)
    first = only_child(pool)

    with stopped(first):
        slow = in_background(lambda: ask(pool))
        wait_until_sent(first)
        assert ask(pool).width == 256
    assert slow.result(timeout=10).width == 256
    pool.close()


@pytest.fixture
def lane_of_our_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Tests that run beside this one have large photos too: they shall not meet."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return {**os.environ, "TMPDIR": str(tmp_path)}


def test_large_photos_are_taken_one_at_a_time_in_all_processes(
    lane_of_our_own: dict[str, str],
) -> None:
    """Another process holds the lane: `flock` by hand, as a neighbour web process would."""
    script = (
        "import sys\n"
        "from reports.darkroom.headers import Lane\n"
        "from reports.darkroom.pool import _one_at_a_time\n"
        "with _one_at_a_time(Lane.LARGE):\n"
        "    print('mine', flush=True); sys.stdin.read()\n"
    )
    neighbour = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=lane_of_our_own,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert neighbour.stdin and neighbour.stdout
    assert neighbour.stdout.readline() == b"mine\n"

    def mine(lane: Lane) -> str:
        with pool_module._one_at_a_time(lane):
            return "mine"

    waiting = in_background(lambda: mine(Lane.LARGE))
    assert mine(Lane.LIGHT) == "mine"
    assert not waiting.done()
    neighbour.stdin.close()

    assert waiting.result(timeout=10) == "mine"
    assert neighbour.wait(10) == 0
    neighbour.stdout.close()


@pytest.mark.usefixtures("lane_of_our_own")
def test_the_large_lane_gives_up_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "WAIT", 0)  # not eight seconds

    with (
        pool_module._one_at_a_time(Lane.LARGE),
        pytest.raises(PhotoBusy),
        pool_module._one_at_a_time(Lane.LARGE),
    ):
        pass


@pytest.mark.parametrize("state", ["idle", "at work"])
def test_the_children_of_a_killed_web_process_end(state: str) -> None:
    script = (
        "import os, sys, threading\n"
        "from tests.photos.test_pool import ORDER, PHOTO\n"
        "from reports.darkroom.pool import Child, _child_file\n"
        "child = Child()\n"
        "with _child_file(PHOTO) as file: assert child.ask(ORDER, file)\n"
        "if sys.argv[1] == 'at work':\n"  # on a file whose bytes never come
        "    file = os.fdopen(os.pipe()[0], 'rb')\n"
        "    threading.Thread(target=child.ask, args=(ORDER, file), daemon=True).start()\n"
        "print(child.pid, flush=True); sys.stdin.read()\n"
    )
    web = subprocess.Popen(
        [sys.executable, "-c", script, state],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert web.stdin and web.stdout
    child = psutil.Process(int(web.stdout.readline()))
    assert child.is_running()

    web.kill()
    web.wait()

    child.wait(timeout=10)  # raises when it is still there
    web.stdin.close()
    web.stdout.close()


def test_children_do_not_carry_the_web_with_them(tmp_path: Path) -> None:
    """Python imports the main module again in every child; theirs would be all of the web's."""
    main = tmp_path / "main.py"
    main.write_text(
        "import psutil, sqlalchemy\n"
        "from reports.darkroom.pool import Child\n"
        "from tests.photos.test_pool import PhotoPool, only_child\n"
        "if __name__ == '__main__':\n"
        "    pool = PhotoPool(1)\n"
        "    child = psutil.Process(only_child(pool).pid)\n"
        "    print(*(region.path for region in child.memory_maps()))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    ran = subprocess.run(
        [sys.executable, main],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "_imaging" in ran.stdout
    assert "sqlalchemy" not in ran.stdout


def test_what_was_sent_is_on_no_disk() -> None:
    with pool_module._child_file(PHOTO) as file:
        assert os.fstat(file.fileno()).st_nlink == 0
        assert file.read() == PHOTO


def test_heic_takes_the_large_lane() -> None:
    header = look(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")

    assert header.kind is Kind.HEIC
    assert header.lane is Lane.LARGE
