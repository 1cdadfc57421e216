"""What a WSGI server loads: `wsgi:application`, configured from the environment."""

import sys

from app.config import Config, UnsafeConfig
from app.factory import create_app

try:
    application = create_app(Config.from_env())
except UnsafeConfig as refusal:
    sys.exit(f"{refusal}")  # one sentence and exit code 1, not a traceback
