"""Where this machine's Chromium is: `CHROMIUM` in the environment, else under its usual names."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> Path:
    """Its program; where there is none, a path that does not exist."""
    given = os.environ.get("CHROMIUM")
    found = given or next(filter(None, map(shutil.which, NAMES)), None)
    return Path(found or "/usr/bin/chromium")
