"""The questions that policies ask of the access tables, as SQL written once.

``= any(array(...))`` gives an index condition; ``in (...)`` as a second test is a hashed lookup.
"""

from events.rls import NOW, VIEWER
from homes.roles import Picture

_IN_FORCE = f"user_id = {VIEWER} and starts_at <= {NOW} and (ends_at is null or ends_at > {NOW})"


def homes_in(*pictures: Picture) -> str:
    """Homes that the viewer may open now, in any picture or in the given ones."""
    which = f" and picture in ({', '.join(repr(str(p)) for p in pictures)})" if pictures else ""
    return f"select home_id from homes_accesshome where {_IN_FORCE}{which}"


def organisations_in(*pictures: Picture) -> str:
    """Organisations for which the viewer holds access now."""
    which = f" and picture in ({', '.join(repr(str(p)) for p in pictures)})" if pictures else ""
    return f"select organisation_id from homes_accesshome where {_IN_FORCE}{which}"


def children_as(*capacities: str, columns: str = "child_id") -> str:
    """Children to whom the viewer stands in one of these capacities now."""
    which = ", ".join(repr(capacity) for capacity in capacities)
    return f"select {columns} from homes_accesschild where {_IN_FORCE} and capacity in ({which})"


MY_CHILDREN = f"select child_id from homes_accesschild where {_IN_FORCE}"
MY_CHILDREN_NOT_AS_FAMILY = f"{MY_CHILDREN} and capacity <> 'family'"
#: Children whose responsible commissioner is a board that the viewer leads: they name them in hospital records only.
BOARDS_CHILDREN = "select homes_boards_children()"
#: (home, child) whose case record is open to the visitor of the home: both consents, for a placement that lasts.
OPEN_CASES = "select home_id, child_id from homes_open_cases()"
#: What the two above ask. Functions, because the policies of the tables that they read would be planned anew within
#: every query of a child or a record: that took ten times as long as the query itself.
ASKED = f"""
create function homes_boards_children() returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return query select child_id from public.homes_responsibleboard
    where starts_at <= {NOW} and (ends_at is null or ends_at > {NOW})
      and board_id in ({organisations_in(Picture.ICB)});
end $$;
create function homes_open_cases() returns table (home_id uuid, child_id uuid)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
  return query select p.home_id, p.child_id
    from public.homes_placement p join public.homes_caseconsent c on c.placement_id = p.id
    where p.home_id in ({homes_in(Picture.VISITOR)})
      and p.starts_at <= {NOW} and (p.ends_at is null or p.ends_at > {NOW})
      and c.given_at <= {NOW} and (c.withdrawn_at is null or c.withdrawn_at > {NOW})
    group by p.id, p.home_id, p.child_id having count(distinct c.whose) = 2;
end $$;
grant execute on function homes_boards_children(), homes_open_cases() to hub_web;
"""
REACH = f"home_id = any(array({homes_in()}))"
IS_ADMINISTRATOR = f"exists (select 1 from homes_post where {_IN_FORCE} and role = 'administrator')"  # own posts are readable
