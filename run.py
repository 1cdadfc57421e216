"""What `make run` calls: everything that Xom needs, on a machine with nothing but Python.

    python3 run.py            install, start the database, the demo city, web and worker
    python3 run.py install    only the packages (`--dev`: those of the checks too)
    python3 run.py flask ...    a command on the demo that runs: city demo --remove, roles list, ...

This file only finds a Python that is new enough, so it is written in words that an old one can
read; the story goes on in app/launch/story.py.
"""

import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)
CANDIDATES = ("python3.13", "python3.12", "python3.11", "python3.14")
ANSWERS = "import sys; sys.exit(sys.version_info < (3, 11))"


def newer_python():
    """A Python on the PATH that is new enough, or None."""
    for name in CANDIDATES:
        path = shutil.which(name)
        if path and subprocess.call([path, "-c", ANSWERS], stderr=subprocess.DEVNULL) == 0:
            return path
    return None


def main():
    """Go on in the launcher, under a Python that can read it."""
    if os.name == "nt":
        sys.exit("Xom runs on Linux and macOS. On Windows, run it inside WSL: wsl --install")
    if sys.version_info < OLDEST:
        mine = "%d.%d (%s)" % (sys.version_info[0], sys.version_info[1], sys.executable)  # noqa: UP031
        found = newer_python()
        if found is None:
            sys.exit(
                "Xom needs Python 3.11 or newer, and this is Python "
                + mine
                + ". Install a newer one (Debian, Ubuntu: apt install python3.11 python3.11-venv; "
                + "macOS: brew install python), or name it: make run PYTHON=/path/to/python3"
            )
        sys.stderr.write("This is Python " + mine + ", too old for Xom; using " + found + ".\n")
        sys.stderr.flush()
        os.execv(found, [found] + sys.argv)  # noqa: S606, RUF005
    from app.launch import story

    sys.exit(story.main(sys.argv[1:]))


if __name__ == "__main__":
    main()
