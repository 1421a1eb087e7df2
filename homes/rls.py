"""The questions that policies ask of the access tables, as SQL written once.

Policies ask functions, not tables: a table's own policies would be planned anew within every query of a child or a
record, and the viewer and the moment read anew for every row of a regulator's 4,000 homes.
"""

from events.rls import NOW, VIEWER
from homes.roles import Picture

_IN_FORCE = f"user_id = {VIEWER} and starts_at <= {NOW} and (ends_at is null or ends_at > {NOW})"
_SAFE = "stable security definer set search_path = pg_catalog, public, pg_temp"


def _listed(words: tuple[str, ...]) -> str:
    return "'{" + ",".join(words) + "}'"


def homes_in(*pictures: Picture) -> str:
    """A query for the homes that the viewer may open now, in any picture or in the given ones."""
    which = f" and picture = any ({_listed(pictures)})" if pictures else ""
    return f"select home_id from homes_accesshome where {_IN_FORCE}{which}"


def homes_listed(*pictures: Picture) -> str:
    """The same as an array, with which an index can be searched."""
    return f"(select homes_stood_at({_listed(pictures) if pictures else 'null'}))::uuid[]"


#: Whether the viewer acts for a regulator, who stands at every home: asked once a query instead of listing them all.
REGULATES = "(select homes_regulates())"
#: For tables that are searched by it. Where another condition finds the rows, stands() is cheaper.
REACH = f"home_id = any({homes_listed()})"


def stands(*pictures: Picture) -> str:
    """Whether the viewer may open the home of the row now, in any picture or in one of the given ones."""
    asked = pictures or tuple(Picture)
    listed = tuple(picture for picture in asked if picture is not Picture.REGULATOR)
    if not listed:
        return REGULATES
    in_list = f"home_id = any({homes_listed(*listed)})"
    return f"({REGULATES} or {in_list})" if Picture.REGULATOR in asked else in_list


def organisations_in(*pictures: Picture) -> str:
    """An array of the organisations for which the viewer holds access now, in any picture or in the given ones."""
    return f"(select homes_acted_for({_listed(pictures) if pictures else 'null'}))::uuid[]"


#: Organisations for which the viewer holds a placing authority's post now, whether or not a child of theirs lives anywhere.
PLACES_FOR = "(select homes_places_for())::uuid[]"


def children_as(*capacities: str, columns: str = "child_id") -> str:
    """A query for the children to whom the viewer stands in one of these capacities now."""
    return f"select {columns} from homes_accesschild where {_IN_FORCE} and capacity = any ({_listed(capacities)})"


MY_CHILDREN = "(select homes_my_children(true))::uuid[]"
MY_CHILDREN_NOT_AS_FAMILY = "(select homes_my_children(false))::uuid[]"
#: Children whose responsible commissioner is a board that the viewer leads: they name them in hospital records only.
BOARDS_CHILDREN = "(select homes_boards_children())::uuid[]"
#: (home, child) whose case record is open to the visitor of the home: both consents, for a placement that lasts.
OPEN_CASES = "select home_id, child_id from homes_open_cases()"
_MOMENT = f"declare viewer uuid := {VIEWER}; moment timestamptz := {NOW};"
_HELD = "a.user_id = viewer and a.starts_at <= moment and (a.ends_at is null or a.ends_at > moment)"
ASKED = f"""
create function homes_regulates() returns boolean language plpgsql {_SAFE} as $$
{_MOMENT}
begin
  return exists (select 1 from public.homes_accesshome a where {_HELD} and a.picture = '{Picture.REGULATOR}');
end $$;
create function homes_stood_at(pictures text[]) returns uuid[] language plpgsql {_SAFE} as $$
{_MOMENT}
begin
  return array(select a.home_id from public.homes_accesshome a
    where {_HELD} and (pictures is null or a.picture = any (pictures)));
end $$;
create function homes_acted_for(pictures text[]) returns uuid[] language plpgsql {_SAFE} as $$
{_MOMENT}
begin
  return array(select distinct a.organisation_id from public.homes_accesshome a
    where {_HELD} and a.organisation_id is not null and (pictures is null or a.picture = any (pictures)));
end $$;
create function homes_places_for() returns uuid[] language plpgsql {_SAFE} as $$
{_MOMENT}
begin
  return array(select distinct p.organisation_id from public.homes_post p where p.role = 'placing_authority'
    and p.user_id = viewer and p.starts_at <= moment and (p.ends_at is null or p.ends_at > moment));
end $$;
create function homes_my_children(as_family boolean) returns uuid[] language plpgsql {_SAFE} as $$
{_MOMENT}
begin
  return array(select a.child_id from public.homes_accesschild a
    where {_HELD} and (as_family or a.capacity <> 'family'));
end $$;
create function homes_boards_children() returns uuid[] language plpgsql {_SAFE} as $$
{_MOMENT}
begin
  return array(select b.child_id from public.homes_responsibleboard b
    where b.starts_at <= moment and (b.ends_at is null or b.ends_at > moment) and b.board_id in (
      select a.organisation_id from public.homes_accesshome a where {_HELD} and a.picture = '{Picture.ICB}'));
end $$;
create function homes_open_cases() returns table (home_id uuid, child_id uuid) language plpgsql {_SAFE} as $$
#variable_conflict use_column
{_MOMENT}
begin
  return query select p.home_id, p.child_id
    from public.homes_placement p join public.homes_caseconsent c on c.placement_id = p.id
    where p.home_id in (
        select a.home_id from public.homes_accesshome a where {_HELD} and a.picture = '{Picture.VISITOR}')
      and p.starts_at <= moment and (p.ends_at is null or p.ends_at > moment)
      and c.given_at <= moment and (c.withdrawn_at is null or c.withdrawn_at > moment)
    group by p.id, p.home_id, p.child_id having count(distinct c.whose) = 2;
end $$;
grant execute on function homes_regulates(), homes_stood_at(text[]), homes_acted_for(text[]),
  homes_places_for(), homes_my_children(boolean), homes_boards_children(), homes_open_cases() to hub_web;
"""
ASKED_BACK = """
drop function homes_regulates(), homes_stood_at(text[]), homes_acted_for(text[]), homes_places_for(), homes_my_children(boolean),
  homes_boards_children(), homes_open_cases()
"""
IS_ADMINISTRATOR = f"exists (select 1 from homes_post where {_IN_FORCE} and role = 'administrator')"  # own posts are readable
