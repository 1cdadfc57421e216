"""What a WSGI server loads: `wsgi:application`, configured from the environment."""

from app.config import Config
from app.factory import create_app

application = create_app(Config.from_env())
