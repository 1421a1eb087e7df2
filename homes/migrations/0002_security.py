"""Who may read people and homes; how rights are projected from posts, placements, appointments and grants."""

from django.conf import settings
from django.db import migrations

from events.rls import VIEWER, Policy, reference, secure
from homes.consents import rules as consents
from homes.history import rules as history
from homes.looking import rules as looking
from homes.people import rules as people
from homes.rls import (
    ASKED,
    ASKED_BACK,
    BOARDS_CHILDREN,
    IS_ADMINISTRATOR,
    MY_CHILDREN,
    REGULATES,
    homes_in,
    homes_listed,
    stands,
)
from homes.roles import Picture

NAMED = homes_listed(Picture.PROVIDER, Picture.REGULATOR, Picture.VISITOR)
ADULTS = stands(Picture.PROVIDER, Picture.REGULATOR, Picture.LADO)

#: A home that closed on a day is closed from the midnight after it, in London.
CLOSED = """
create function homes_closed_at(day date) returns timestamptz language sql stable
set search_path = pg_catalog, pg_temp as $$ select (day + 1)::timestamp at time zone 'Europe/London' $$;
"""

PROJECT = """
create function homes_access_project(person uuid) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from public.homes_accesshome where user_id = person;
  delete from public.homes_accesschild where user_id = person;
  if not exists (select 1 from public.homes_user where id = person and is_active) then
    return;
  end if;

  insert into public.homes_accesshome (user_id, home_id, organisation_id, capacity, picture, starts_at, ends_at)
  select person, h.id, p.organisation_id, p.role, 'provider', p.starts_at,
         least(p.ends_at, public.homes_closed_at(h.closed_on))
    from public.homes_post p join public.homes_home h on h.id = p.home_id
   where p.user_id = person and p.role in ('registered_manager', 'deputy_manager', 'staff', 'responsible_individual')
     and p.starts_at < coalesce(least(p.ends_at, public.homes_closed_at(h.closed_on)), 'infinity')
  union all
  select person, h.id, p.organisation_id, p.role, 'provider', p.starts_at,
         least(p.ends_at, public.homes_closed_at(h.closed_on))
    from public.homes_post p join public.homes_home h on h.provider_id = p.organisation_id
   where p.user_id = person and p.home_id is null and p.role = 'responsible_individual'
     and p.starts_at < coalesce(least(p.ends_at, public.homes_closed_at(h.closed_on)), 'infinity')
  union all
  select person, h.id, p.organisation_id, p.role, 'provider',
         greatest(p.starts_at, public.homes_closed_at(h.closed_on)),
         least(p.ends_at, public.homes_closed_at(h.closed_on) + interval '15 years')
    from public.homes_post p join public.homes_home h on h.id = p.home_id
   where p.user_id = person and p.role = 'records_holder' and h.closed_on is not null
     and greatest(p.starts_at, public.homes_closed_at(h.closed_on))
         < least(p.ends_at, public.homes_closed_at(h.closed_on) + interval '15 years')
  union all
  select person, h.id, p.organisation_id, p.role, 'regulator', p.starts_at, p.ends_at
    from public.homes_post p cross join public.homes_home h
   where p.user_id = person and p.role in ('inspector', 'cqc_inspector')
  union all
  select person, h.id, p.organisation_id, p.role,
         case p.role when 'lado' then 'lado' else 'authority' end, p.starts_at, p.ends_at
    from public.homes_post p join public.homes_home h on h.host_authority_id = p.organisation_id
   where p.user_id = person and p.role in ('host_authority', 'lado')
  union all
  select person, h.id, p.organisation_id, p.role, 'icb', p.starts_at, p.ends_at
    from public.homes_post p join public.homes_home h on h.icb_id = p.organisation_id
   where p.user_id = person and p.role = 'icb_lead'
  union all
  select person, h.id, p.organisation_id, p.role, 'author', p.starts_at, p.ends_at
    from public.homes_post p
    join public.homes_organisation o on o.id = p.organisation_id
    join public.homes_home h on h.icb_id = o.part_of_id
   where p.user_id = person and p.role = 'hospital_staff'
  union all
  select person, l.home_id, p.organisation_id, p.role, 'authority',
         greatest(p.starts_at, l.starts_at), least(p.ends_at, l.ends_at)
    from public.homes_post p join public.homes_placement l on l.placing_authority_id = p.organisation_id
   where p.user_id = person and p.role = 'placing_authority'
     and greatest(p.starts_at, l.starts_at) < coalesce(least(p.ends_at, l.ends_at), 'infinity')
  union all
  select person, a.home_id, a.nominated_by_id, 'visitor', 'visitor', a.starts_at, a.ends_at
    from public.homes_appointment a where a.user_id = person
  union all
  select distinct person, a.home_id, p.organisation_id, p.role, 'visits', p.starts_at, p.ends_at
    from public.homes_post p join public.homes_appointment a on a.nominated_by_id = p.organisation_id
   where p.user_id = person and p.role = 'visitor_commissioner'
  union all
  select person, g.home_id, null, 'grant', g.picture, g.starts_at, g.ends_at
    from public.homes_homegrant g where g.user_id = person
  union all
  select person, l.home_id, p.organisation_id, r.capacity,
         case r.capacity when 'social_worker' then 'authority' else 'child' end,
         greatest(r.starts_at, l.starts_at), least(r.ends_at, l.ends_at)
    from public.homes_childrelation r
    join public.homes_placement l on l.child_id = r.child_id
    left join lateral (
      select organisation_id from public.homes_post
       where user_id = person and role = r.capacity order by starts_at desc limit 1) p on true
   where r.user_id = person
     and greatest(r.starts_at, l.starts_at) < coalesce(least(r.ends_at, l.ends_at), 'infinity');

  insert into public.homes_accesschild (user_id, child_id, organisation_id, capacity, starts_at, ends_at)
  select person, l.child_id, p.organisation_id, p.role,
         greatest(p.starts_at, l.starts_at), least(p.ends_at, l.ends_at)
    from public.homes_post p join public.homes_placement l on l.placing_authority_id = p.organisation_id
   where p.user_id = person and p.role = 'placing_authority'
     and greatest(p.starts_at, l.starts_at) < coalesce(least(p.ends_at, l.ends_at), 'infinity')
  union all
  select person, r.child_id, null, r.capacity, r.starts_at, r.ends_at
    from public.homes_childrelation r where r.user_id = person;
end $$
"""

#: For each table of truths: the people whose rights a changed row may move.
AFFECTED = {
    "homes_user": "select id from changed",
    "homes_post": "select user_id from changed",
    "homes_homegrant": "select user_id from changed",
    "homes_childrelation": "select user_id from changed",
    "homes_appointment": """
        select user_id from changed
        union select p.user_id from changed c
          join public.homes_post p on p.organisation_id = c.nominated_by_id and p.role = 'visitor_commissioner'""",
    "homes_placement": """
        select p.user_id from changed c
          join public.homes_post p on p.organisation_id = c.placing_authority_id and p.role = 'placing_authority'
        union select r.user_id from changed c join public.homes_childrelation r on r.child_id = c.child_id""",
    "homes_home": """
        select p.user_id from public.homes_post p where p.role in ('inspector', 'cqc_inspector')
        union select p.user_id from changed c join public.homes_post p
          on p.organisation_id in (c.provider_id, c.host_authority_id, c.icb_id)
        union select p.user_id from changed c
          join public.homes_organisation o on o.part_of_id = c.icb_id
          join public.homes_post p on p.organisation_id = o.id""",
}


def triggers(table: str, people: str) -> migrations.RunSQL:
    """One function and three statement-level triggers: rights move in the transaction of the truth itself."""
    name = f"{table}_moves_access"
    forward = f"""
    create function {name}() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    begin
      perform public.homes_access_project(person) from ({people}) as affected(person) where person is not null;
      return null;
    end $$;
    create trigger {name}_insert after insert on {table}
      referencing new table as changed for each statement execute function {name}();
    create trigger {name}_update after update on {table}
      referencing new table as changed for each statement execute function {name}();
    create trigger {name}_leave after update on {table}
      referencing old table as changed for each statement execute function {name}();
    create trigger {name}_delete after delete on {table}
      referencing old table as changed for each statement execute function {name}();
    """
    return migrations.RunSQL(forward, f"drop function {name}() cascade")


TOKEN = """
create function homes_user_of_token(wanted text, at timestamptz) returns uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select t.user_id from public.homes_apitoken t join public.homes_user u on u.id = t.user_id
   where t.digest = wanted and t.made_at <= at and t.ends_at > at and u.is_active
$$;
grant execute on function homes_user_of_token(text, timestamptz) to hub_web, hub_worker;
"""

SIGN_IN = """
grant select on auth_permission, auth_group, auth_group_permissions, django_content_type to hub_web, hub_worker;
grant select, update (password, last_login) on homes_user to hub_web;
grant select on homes_user to hub_worker;
grant select on homes_user_groups, homes_user_user_permissions to hub_web;
grant select, insert, update, delete on django_session to hub_web;
grant select (expire_date), delete on django_session to hub_worker;
grant select, insert, update, delete on mfa_authenticator to hub_web;
grant select, insert, update on account_emailaddress, account_emailconfirmation to hub_web;
grant usage on all sequences in schema public to hub_web;
"""
SIGN_IN_BACK = """
revoke all on homes_user, homes_user_groups, homes_user_user_permissions, django_session, mfa_authenticator,
  account_emailaddress, account_emailconfirmation from hub_web, hub_worker
"""


#: A worker whom nobody knows yet may be added where the viewer reads who works; nobody known elsewhere is drawn in.
NEW_WORKER = """
create function homes_adult_is_new(wanted uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select not exists (select 1 from public.homes_employment where adult_id = wanted)
$$;
grant execute on function homes_adult_is_new(uuid) to hub_web;
"""

#: Somebody outside who treats or answers for a child says the child's name; the list of residents stays closed.
RESIDENT = f"""
create function homes_resident_named(wanted uuid, said text, at timestamptz) returns uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select c.id from public.homes_child c join public.homes_placement l on l.child_id = c.id
   where l.home_id = wanted and l.starts_at <= at and (l.ends_at is null or l.ends_at > at)
     and lower(c.name) = lower(btrim(said))
     and l.home_id in ({homes_in()})
   order by c.id limit 1
$$;
grant execute on function homes_resident_named(uuid, text, timestamptz) to hub_web;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("homes", "0001_initial"),
        ("events", "0003_security"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("sessions", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(ASKED, ASKED_BACK),
        *people.functions(),
        migrations.RunSQL(NEW_WORKER, "drop function homes_adult_is_new(uuid)"),
        migrations.RunSQL(RESIDENT, "drop function homes_resident_named(uuid, text, timestamptz)"),
        reference("homes_person"),
        secure(
            "homes_organisation",
            [
                Policy("names_are_public", "select", using="true"),
                Policy("administrator_adds", "insert", check=IS_ADMINISTRATOR),
            ],
            web="select, insert",
            worker="select",
        ),
        reference("homes_dutymailbox"),
        secure(
            "homes_home",
            [
                Policy("names_are_public", "select", using="true"),
                Policy("administrator_adds", "insert", check=IS_ADMINISTRATOR),
                Policy("administrator_corrects", "update", using=IS_ADMINISTRATOR, check=IS_ADMINISTRATOR),
            ],
            web="select, insert, update",
        ),
        secure(
            "homes_placement",
            [
                Policy(
                    "reach",
                    "select",
                    using=f"home_id = any({NAMED}) or child_id = any({MY_CHILDREN})",
                )
            ],
            web="select",
        ),
        secure(
            "homes_child",
            [
                Policy(
                    "reach",
                    "select",
                    using=f"{REGULATES} or id = any({MY_CHILDREN}) or id = any({BOARDS_CHILDREN}) or exists"
                    " (select 1 from homes_placement p where p.child_id = homes_child.id)",
                )
            ],
            web="select",
        ),
        secure(
            "homes_employment",
            [
                Policy("reach", "select", using=ADULTS),
                Policy(
                    "adds_a_worker",
                    "insert",
                    check=f"{ADULTS} and homes_adult_is_new(adult_id)",
                ),
            ],
            web="select, insert",
        ),
        secure(
            "homes_adult",
            [
                Policy(
                    "reach",
                    "select",
                    using="exists (select 1 from homes_employment e where e.adult_id = homes_adult.id)",
                ),
                Policy("adds_a_worker", "insert", check=f"person_id is null and exists ({homes_in()})"),
            ],
            web="select, insert",
        ),
        secure(
            "homes_post",
            [
                Policy(
                    "reach",
                    "select",
                    # Colleagues also where their organisation stands at no home at the moment.
                    using=f"user_id = {VIEWER} or home_id is not null and {stands()} or organisation_id in (select homes_own_organisations())",
                ),
                *people.POST_POLICIES,
            ],
            web="select, insert, update (ends_at, reviewed_by_id, reviewed_at)",
        ),
        secure("homes_appointment", [Policy("reach", "select", using=stands())], web="select"),
        secure(
            "homes_childrelation",
            [Policy("reach", "select", using=f"user_id = {VIEWER} or child_id = any({MY_CHILDREN})")],
            web="select",
        ),
        secure(
            "homes_homegrant",
            [Policy("own", "select", using=f"user_id = {VIEWER}"), *people.GRANT_POLICIES],
            web="select, insert",
        ),
        secure("homes_apitoken", [], worker=""),
        secure(
            "homes_accesshome",
            [Policy("own", "select", using=f"user_id = {VIEWER}")],
            web="select",
            worker="select",
        ),
        secure(
            "homes_accesschild",
            [Policy("own", "select", using=f"user_id = {VIEWER}")],
            web="select",
            worker="select",
        ),
        *people.security(),
        *consents.security(),
        migrations.RunSQL(CLOSED, "drop function homes_closed_at(date)"),
        people.one_holder(),
        migrations.RunSQL(people.NOTHING_NEW, "drop function homes_nothing_new()"),
        migrations.RunSQL(PROJECT, "drop function homes_access_project(uuid)"),
        *[triggers(table, people) for table, people in AFFECTED.items()],
        migrations.RunSQL(TOKEN, "drop function homes_user_of_token(text, timestamptz)"),
        migrations.RunSQL(SIGN_IN, SIGN_IN_BACK),
        *looking.security(),
        *history.security(),
        *map(
            history.keep_history,
            (
                "homes_placement",
                "homes_post",
                "homes_appointment",
                "homes_childrelation",
                "homes_caseconsent",
                "homes_responsibleboard",
            ),
        ),
        history.keep_history("homes_homegrant", number=True),
    ]
