"""Extensions, search folding, and the queue's own tables.

The queue's schema is procrastinate's own file, read from the installed package; a test holds its
version against the one named here, since an upgrade of the package brings migrations of its own.
"""

from importlib.resources import files

from alembic import op

revision = "0001"
down_revision = None

PROCRASTINATE = "3.10.0"

FOLD = """
create function xom_fold(words text) returns text language sql immutable strict parallel safe as
$$ select lower(public.unaccent('public.unaccent', normalize(words, NFC))) $$
"""


def upgrade() -> None:
    op.execute("create extension if not exists unaccent")
    op.execute("create extension if not exists pg_trgm")
    op.execute(FOLD)
    schema = (files("procrastinate") / "sql" / "schema.sql").read_text()
    op.get_bind().connection.driver_connection.execute(schema)


def downgrade() -> None:
    raise NotImplementedError("The first migration is not undone: drop the database instead.")
