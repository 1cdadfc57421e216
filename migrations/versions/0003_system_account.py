"""The house's own account, and history that cannot be rewritten.

`audit_entry` is never changed. `status_change` neither, but after `set local xom.erasing = 'on'`:
then a note may be emptied with its writer, and the history of demo reports removed with them.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

SYSTEM_ACCOUNT = """
insert into account (id, kind, locale, created_at)
values ('00000000-0000-0000-0000-000000000001', 'system', 'vi', now())
on conflict do nothing
"""

APPEND_ONLY = """
create function xom_append_only() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and tg_nargs > 0 and current_setting('xom.erasing', true) = 'on' then
        if to_jsonb(new) - tg_argv = to_jsonb(old) - tg_argv then
            return new;
        end if;
    elsif tg_op = 'DELETE' and tg_nargs > 0 and current_setting('xom.erasing', true) = 'on' then
        if exists (select from report where id = old.report_id and source = 'demo') then
            return old;
        end if;
    end if;
    raise exception '% is append-only: % refused', tg_table_name, lower(tg_op)
        using errcode = 'restrict_violation';
end
$$
"""


def upgrade() -> None:
    op.execute(SYSTEM_ACCOUNT)
    op.execute(APPEND_ONLY)
    keep("audit_entry")
    keep("status_change", erasable="'note'")


def keep(table: str, *, erasable: str = "") -> None:
    op.execute(
        f"create trigger keep_history before update or delete on {table} "
        f"for each row execute function xom_append_only({erasable})"
    )
    op.execute(
        f"create trigger keep_all_history before truncate on {table} "
        "for each statement execute function xom_append_only()"
    )


def downgrade() -> None:
    for table in ("audit_entry", "status_change"):
        op.execute(f"drop trigger keep_history on {table}")
        op.execute(f"drop trigger keep_all_history on {table}")
    op.execute("drop function xom_append_only()")
    # The system account stays: history may point at it.
