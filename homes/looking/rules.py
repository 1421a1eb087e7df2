"""What the database itself does for the record of looking: who may read it, and what no application may choose.

The trigger takes both clocks, the login and the transaction's number from the server, and names a grant in force as
the purpose. Called by the app's migration.
"""

from collections.abc import Iterable

from django.db.migrations.operations import RunSQL

from events.rls import NOW, VIEWER, Policy, secure
from homes.looking.responsible import FOR_CHILD, FOR_HOME, FOR_ORGANISATION


def _posts(what: str, roles: Iterable[str]) -> str:
    listed = ", ".join(repr(role) for role in roles)
    return (
        f"select {what} from homes_post where user_id = {VIEWER} and starts_at <= {NOW}"
        f" and (ends_at is null or ends_at > {NOW}) and role in ({listed})"
    )


_CHILDREN = (
    f"select child_id from homes_accesschild where user_id = {VIEWER} and starts_at <= {NOW}"
    f" and (ends_at is null or ends_at > {NOW}) and capacity in ({', '.join(map(repr, FOR_CHILD))})"
)
READERS = " or ".join(
    (
        f"viewer = {VIEWER}",
        f"organisation_id = any(array({_posts('organisation_id', FOR_ORGANISATION)}))",
        f"(organisation_id = any(array({_posts('organisation_id', FOR_HOME)}))"
        f" and home = any(array({_posts('home_id', FOR_HOME)})))",
        f"(subjects && array({_CHILDREN}) and not held)",
    )
)

STAMP = f"""
create function homes_look_stamped() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare grant_reason text;
begin
  new.at := clock_timestamp();
  new.as_of := coalesce({NOW}, new.as_of);
  new.login := session_user;
  new.transaction := pg_current_xact_id()::text::bigint;
  if new.home is not null then
    select g.reason into grant_reason from public.homes_homegrant g
     where g.user_id = new.viewer and g.home_id = new.home and g.starts_at <= new.as_of and g.ends_at > new.as_of
     order by g.starts_at desc limit 1;
    if grant_reason is not null then
      new.purpose := left('by grant: ' || grant_reason, 400);
    end if;
  end if;
  return new;
end $$;
create trigger look_stamped before insert on homes_look for each row execute function homes_look_stamped();
"""


def security() -> list[RunSQL]:
    """The tables of looking under row-level security: added to, never changed; seals are the worker's."""
    return [
        secure(
            "homes_look",
            [
                Policy("reach", "select", using=READERS),
                Policy("own", "insert", check=f"viewer = {VIEWER}"),
            ],
            web="select, insert",
            worker="select",
        ),
        secure("homes_seal", [], worker="select, insert"),
        secure("homes_sealedlook", [], worker="select, insert"),
        RunSQL(STAMP, "drop function homes_look_stamped() cascade"),
    ]
