"""What keeps the embedded PostgreSQL from running; the message names the way out."""


class CannotRun(Exception):
    """A sentence for whoever started us."""
