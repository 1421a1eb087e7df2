"""History kept by the database: one trigger function for every tracked table, and who may read what it wrote.

The function runs as its owner, so that the application can neither skip nor forge a line; there is no switch that
turns it off. Who may read a line follows the row as it stands, and for the provider's people also whether they could
read it then: what a record said before it was shared stays with the overseers. Called by the apps' migrations.
"""

from collections.abc import Sequence

from django.db.migrations.operations import RunSQL

from events.rls import secure
from homes.rls import stands
from homes.roles import Picture

#: In these pictures a reader may know what a row said before the provider could read it.
OTHERS = stands(*(picture for picture in Picture if picture is not Picture.PROVIDER))
#: provider_sees follows from other columns.
DERIVED = ("provider_sees",)

FUNCTION = """
create function homes_history_kept() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  key_column text := tg_argv[0];
  left_out text[] := tg_argv[1:];
  who uuid := nullif(current_setting('app.viewer', true), '')::uuid;
  moment timestamptz := nullif(current_setting('app.now', true), '')::timestamptz;
begin
  if tg_op = 'UPDATE' then
    insert into public.homes_change
      (of_table, of_row, kind, home_id, fields, provider_saw, viewer, as_of, login, at)
    select tg_table_name, public.homes_key_of(n.whole ->> key_column), 'update', (n.whole ->> 'home_id')::uuid,
           d.fields, coalesce((o.whole ->> 'provider_sees')::boolean and (n.whole ->> 'provider_sees')::boolean, true),
           who, moment, session_user, clock_timestamp()
      from (select to_jsonb(a) as whole from after_rows a) n
      join (select to_jsonb(b) as whole from before_rows b) o on n.whole ->> key_column = o.whole ->> key_column
      cross join lateral (
        select jsonb_object_agg(m.key, jsonb_build_array(p.value, m.value)) as fields
          from jsonb_each(n.whole) m join jsonb_each(o.whole) p on p.key = m.key
         where m.value is distinct from p.value and m.key <> all (left_out)) d
     where d.fields is not null;
  elsif tg_op = 'INSERT' then
    insert into public.homes_change
      (of_table, of_row, kind, home_id, fields, provider_saw, viewer, as_of, login, at)
    select tg_table_name, public.homes_key_of(n.whole ->> key_column), 'insert', (n.whole ->> 'home_id')::uuid,
           '{}', coalesce((n.whole ->> 'provider_sees')::boolean, true), who, moment, session_user, clock_timestamp()
      from (select to_jsonb(a) as whole from after_rows a) n;
  else
    insert into public.homes_change
      (of_table, of_row, kind, home_id, fields, provider_saw, viewer, as_of, login, at)
    select tg_table_name, public.homes_key_of(o.whole ->> key_column), 'delete', (o.whole ->> 'home_id')::uuid,
           o.whole - left_out, coalesce((o.whole ->> 'provider_sees')::boolean, true), who, moment, session_user,
           clock_timestamp()
      from (select to_jsonb(b) as whole from before_rows b) o;
  end if;
  return null;
end $$;
"""
KEY = """
create function homes_key_of(key text) returns uuid language sql immutable
set search_path = pg_catalog, public, pg_temp as $$
  select case when key ~ '^[0-9]+$' then lpad(to_hex(key::bigint), 32, '0')::uuid else key::uuid end
$$;
"""


def security() -> list[RunSQL]:
    """The table of changes: written by the trigger function alone, read through the row that changed."""
    return [
        RunSQL(KEY, "drop function homes_key_of(text)"),
        secure("homes_change", [], web="select", worker="select"),
        RunSQL(FUNCTION, "drop function homes_history_kept() cascade"),
    ]


def keep_history(
    table: str, *, key: str = "id", leave_out: Sequence[str] = (), readers: str = "true", number: bool = False
) -> RunSQL:
    """Keep every change to ``table``. Who reads the row as it stands reads its history, if ``readers`` holds too.

    leave_out: columns whose history is not kept, such as what is worked out anew again and again. number: the key
    is a number, not a UUID.
    """
    arguments = ", ".join(repr(name) for name in (key, *DERIVED, *leave_out))
    of_row = f"lpad(to_hex(t.{key}), 32, '0')::uuid" if number else f"t.{key}"
    run = f"for each statement execute function homes_history_kept({arguments})"
    forward = f"""
    create trigger history_added after insert on {table} referencing new table as after_rows {run};
    create trigger history_changed after update on {table}
      referencing old table as before_rows new table as after_rows {run};
    create trigger history_removed after delete on {table} referencing old table as before_rows {run};
    create policy of_{table} on homes_change for select to hub_web using (
      of_table = '{table}' and (provider_saw or {OTHERS}) and ({readers})
      and exists (select 1 from {table} t where {of_row} = homes_change.of_row))
    """
    back = f"""
    drop policy of_{table} on homes_change;
    drop trigger history_added on {table}; drop trigger history_changed on {table};
    drop trigger history_removed on {table};
    """
    return RunSQL(forward, back)
