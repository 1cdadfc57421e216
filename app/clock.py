"""The only reader of the time. Everything else takes the moment as an argument or asks here."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
