"""Drives PyPI's `georeport` 0.3.1, which reads and sends nothing."""

import json
import sys

from georeport import GeoReport

asked = json.load(sys.stdin)
client = GeoReport(asked["endpoint"], api_key=asked["key"], output_format=asked["form"])
told = [getattr(client, name)(*args, **words) for name, args, words in asked["calls"]]
json.dump(told, sys.stdout)
