"""Figures: one fact a report, working time in SQL, what has changed, and the roll-ups made of it.

Expand: tables of their own. The code before never looks at them; what it writes is noted by the
triggers as well, so that nothing is missed while both run. Nothing is filled in here: the first run
of the job that keeps the figures makes them all.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

MOMENT = sa.DateTime(timezone=True)
GROUP_SUMS = (
    "received", "published", "accepted", "open", "rejected", "merged", "withdrawn", "resolved",
    "fixed", "planned", "explained", "not_found", "rejected_outside_scope", "rejected_unclear",
    "rejected_abusive", "rejected_personal", "rejected_already_answered", "rejected_other",
    "urgent", "timed", "on_time", "returned", "returns", "reopened", "extended", "recurring",
    "rested", "rest_s", "resting", "resting_from", "ratings", "rated", "stars_sum", "satisfied",
    "comments", "unanswered", "centre_in_time", "accept_n", "resolve_n", "centre_n",
)  # fmt: skip
CELL_SUMS = (
    "received", "open", "resolved", "rejected", "merged", "withdrawn", "timed", "on_time",
    "ratings", "satisfied", "resolve_n",
)  # fmt: skip
HELD_SUMS = ("reports", "seconds", "running", "running_from")
BIG = {"rest_s", "resting_from", "seconds", "running_from"}
PERCENTILES = (
    "accept_median", "accept_p90", "resolve_median", "resolve_p90", "centre_median", "centre_p90",
)  # fmt: skip

#: Seconds worked before a moment, counted from the first span there is: what lies between two
#: moments is the difference. Fractions of a second are cut off, as deadlines do.
WORKED = """
create function xom_worked(at timestamptz) returns bigint
language plpgsql stable strict parallel safe as $$
begin
    return coalesce((
        select worked_before
             + floor(extract(epoch from least(closes, $1) - opens))::bigint
          from public.work_span where opens <= $1 order by opens desc limit 1
    ), 0);
end $$
"""

#: Once a statement, whatever it wrote. Rows of a bulk load with `session_replication_role =
#: replica` are not noted: whoever loads so makes the figures anew.
NOTE = """
create function {name}() returns trigger language plpgsql as $$
begin
    insert into figure_change select {column} from written;
    return null;
end $$
"""
NOTED = {"report": "id", "rating": "report_id", "comment": "report_id"}
EVENTS = {"insert": "new", "update": "new", "delete": "old"}


def upgrade() -> None:
    op.create_table(
        "report_fact",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("cell", sa.BigInteger(), nullable=False),
        sa.Column("reporter_id", sa.Uuid(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(12), nullable=False),
        sa.Column("fate", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(20)),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("accept_s", sa.Integer()),
        sa.Column("resolve_s", sa.Integer()),
        sa.Column("rest_s", sa.Integer(), nullable=False),
        sa.Column("rest_from", sa.BigInteger()),
        sa.Column("centre_s", sa.Integer()),
        sa.Column("centre_in_time", sa.Boolean()),
        sa.Column("on_time", sa.Boolean()),
        sa.Column("late_from", MOMENT),
        *(
            sa.Column(name, sa.SmallInteger(), nullable=False)
            for name in ("reopened", "returned", "extended", "recurrence")
        ),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("stars_sum", "ratings", "satisfied", "comments", "unanswered")
        ),
        sa.CheckConstraint(
            "fate in ('open', 'rejected', 'merged', 'withdrawn', 'resolved')",
            name=op.f("ck_report_fact_fate"),
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_report_fact")),
    )
    op.create_index("ix_report_fact_day", "report_fact", ["day"])
    op.create_index("ix_report_fact_cell", "report_fact", ["cell", "day"])
    op.create_index(
        "ix_report_fact_late_from",
        "report_fact",
        ["late_from"],
        postgresql_where=sa.text("fate = 'open'"),
    )
    op.create_table(
        "report_held",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger()),
        sa.PrimaryKeyConstraint("report_id", "office_id", name=op.f("pk_report_held")),
    )
    op.create_table(
        "work_span",
        sa.Column("opens", MOMENT, nullable=False),
        sa.Column("closes", MOMENT, nullable=False),
        sa.Column("worked_before", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("opens", name=op.f("pk_work_span")),
    )
    op.create_table(
        "figure_state",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("as_of", MOMENT),
        sa.Column("worked", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("rebuild_after", sa.Uuid()),
        sa.Column("rest_until", MOMENT),
        sa.CheckConstraint("id = 1", name=op.f("ck_figure_state_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_state")),
    )
    op.create_table("figure_change", sa.Column("report_id", sa.Uuid(), nullable=False))
    roll_up("figure_group", ("area_id", "category_id", "office_id"), GROUP_SUMS, PERCENTILES)
    roll_up("figure_held", ("area_id", "category_id", "office_id"), HELD_SUMS)
    roll_up("figure_cell", ("category_id", "office_id", "cell"), CELL_SUMS, ("resolve_median",))
    op.execute(WORKED)
    for table, column in NOTED.items():
        name = f"xom_note_{table}"
        op.execute(NOTE.format(name=name, column=column))
        for event, rows in EVENTS.items():
            op.execute(
                f"create trigger note_{event} after {event} on {table} "
                f"referencing {rows} table as written "
                f"for each statement execute function {name}()"
            )


def roll_up(
    table: str, keys: tuple[str, ...], sums: tuple[str, ...], percentiles: tuple[str, ...] = ()
) -> None:
    op.create_table(
        table,
        sa.Column("span", sa.String(8), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        *(
            sa.Column(
                key,
                sa.BigInteger() if key == "cell" else sa.Integer(),
                autoincrement=False,
                nullable=False,
            )
            for key in keys
        ),
        *(
            sa.Column(name, sa.BigInteger() if name in BIG else sa.Integer(), nullable=False)
            for name in sums
        ),
        *(sa.Column(name, sa.Integer()) for name in percentiles),
        sa.CheckConstraint("span in ('month', 'quarter', 'year')", name=op.f(f"ck_{table}_span")),
        sa.PrimaryKeyConstraint("span", "start", *keys, name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    for table in NOTED:
        op.execute(f"drop function xom_note_{table}() cascade")
    op.execute("drop function xom_worked(timestamptz)")
    for table in (
        "figure_cell", "figure_held", "figure_group", "figure_change", "figure_state",
        "work_span", "report_held", "report_fact",
    ):  # fmt: skip
        op.drop_table(table)
