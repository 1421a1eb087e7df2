"""The two things that the website may do for whoever holds a link, and nothing more. Called by the app's migration."""

from events.rls import NOW

_SAFE = "security definer set search_path = pg_catalog, public, pg_temp"
#: What the page shows: a reference, a deadline, an organisation; never a home, a child or a pattern.
FUNCTIONS = f"""
create function oversight_asked_by_link(wanted uuid)
returns table (reference text, organisation text, due_at timestamptz, waiting boolean, used boolean)
language sql stable {_SAFE} as $$
  select a.reference, o.name, s.due_at, b.state = 'waiting',
         exists (select 1 from public.oversight_linkanswer l where l.delivery_id = d.id)
    from public.oversight_delivery d
    join public.oversight_step s on s.id = d.step_id
    join public.oversight_branch b on b.id = s.branch_id
    join public.oversight_alert a on a.id = s.alert_id
    join public.homes_organisation o on o.id = s.organisation_id
   where d.id = wanted
$$;
create function oversight_answer_by_link(wanted uuid, name text, post text) returns boolean
language plpgsql {_SAFE} as $$
begin
  insert into public.oversight_linkanswer (id, alert_id, delivery_id, name_said, post_said, at)
  select gen_random_uuid(), s.alert_id, d.id, btrim(name), btrim(post), {NOW}
    from public.oversight_delivery d
    join public.oversight_step s on s.id = d.step_id
    join public.oversight_branch b on b.id = s.branch_id
   where d.id = wanted and b.state = 'waiting' and length(btrim(name)) > 1 and length(btrim(post)) > 1
  on conflict (delivery_id) do nothing;
  return found;
end $$;
grant execute on function oversight_asked_by_link(uuid), oversight_answer_by_link(uuid, text, text) to hub_web;
"""
FUNCTIONS_BACK = """
drop function oversight_asked_by_link(uuid);
drop function oversight_answer_by_link(uuid, text, text);
"""
