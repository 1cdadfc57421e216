"""Drives PyPI's `three` 0.8.0, which was written for Python 2.

It wants `itertools.ifilter`. What it reads XML with is of that time too: in XML it is asked for
what it got (`convert=False`).
"""

import itertools
import json
import sys
from pathlib import Path
from typing import Any

itertools.ifilter = filter

from three import Three  # noqa: E402


def opened(words: dict[str, Any]) -> dict[str, Any]:
    if "media" in words:
        words["media"] = Path(words["media"]).open("rb")  # noqa: SIM115 - ends with us
    return words


asked = json.load(sys.stdin)
client = Three(asked["endpoint"], api_key=asked["key"], format=asked["form"])
told = []
for name, args, words in asked["calls"]:
    given = getattr(client, name)(*args, **opened(words))
    told.append(given.decode() if isinstance(given, bytes) else given)
json.dump(told, sys.stdout)
