"""What the database itself asks before an account, a post, a mailbox or an emergency right is made.

Functions run as their owner where a plain policy would need wider rights; each asks first who the viewer is, from the
same posts that everything else rests on. Called by the app's migration.
"""

from collections.abc import Iterable

from django.db.migrations.operations import RunSQL

from events.rls import NOW, VIEWER, Policy, secure
from homes.rls import REGULATES
from homes.roles import BREAKS_GLASS, GIVEN_BY_PROVIDER, KEEPS_MAILBOXES

LONGEST_GRANT = "24 hours"
SHORTEST_REASON = 20
_SAFE = "security definer set search_path = pg_catalog, public, pg_temp"
_IN_FORCE = f"starts_at <= {NOW} and (ends_at is null or ends_at > {NOW})"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(repr(str(word)) for word in words)


_PAIRS = ", ".join(f"({role!r}, {str(picture)!r})" for role, picture in BREAKS_GLASS.items())
_KEEPER = f"user_id = {VIEWER} and role in ({_listed(KEEPS_MAILBOXES)}) and {_IN_FORCE}"

#: Signature -> (what it gives, its body). All are stable questions about the viewer.
QUESTIONS: dict[str, tuple[str, str]] = {
    "homes_is_administrator()": (
        "boolean",
        f"select exists (select 1 from public.homes_post where user_id = {VIEWER}"
        f" and role = 'administrator' and {_IN_FORCE})",
    ),
    "homes_own_organisations()": (
        "setof uuid",
        f"select organisation_id from public.homes_post where user_id = {VIEWER} and {_IN_FORCE}",
    ),
    "homes_manages(organisation uuid, wanted text, place uuid)": (
        "boolean",
        f"""select exists (
          select 1 from public.homes_post mine
           where mine.user_id = {VIEWER} and mine.starts_at <= {NOW} and (mine.ends_at is null or mine.ends_at > {NOW})
             and (mine.role = 'administrator'
               or mine.role = 'responsible_individual' and mine.organisation_id = organisation
                  and wanted in ({_listed(GIVEN_BY_PROVIDER)}) and (mine.home_id is null or mine.home_id = place)
                  and exists (select 1 from public.homes_home h where h.id = place and h.provider_id = organisation)))""",
    ),
    "homes_manages_person(person uuid)": (
        "boolean",
        f"""select person <> {VIEWER}
          and exists (select 1 from public.homes_post where user_id = person
                       and public.homes_manages(organisation_id, role, home_id))
          and not exists (select 1 from public.homes_post where user_id = person
                       and (ends_at is null or ends_at > {NOW})
                       and not public.homes_manages(organisation_id, role, home_id))""",
    ),
    "homes_may_break_glass(wanted text)": (
        "boolean",
        f"""select exists (select 1 from public.homes_post p join (values {_PAIRS}) as may(role, picture)
              on may.role = p.role where p.user_id = {VIEWER} and p.starts_at <= {NOW}
               and (p.ends_at is null or p.ends_at > {NOW}) and may.picture = wanted)""",
    ),
    "homes_user_invited(wanted uuid)": (
        "uuid",
        f"""select user_id from public.homes_invitation
           where id = wanted and used_at is null and made_at <= {NOW} and ends_at > {NOW}""",
    ),
    "homes_user_of_address(wanted text)": (
        "uuid",
        f"""select u.id from public.homes_user u
           where (lower(u.email) = lower(wanted) or lower(u.username) = lower(wanted)) and not u.is_service
             and exists (select 1 from public.homes_post mine where mine.user_id = {VIEWER}
               and mine.role in ('administrator', 'responsible_individual')
               and mine.starts_at <= {NOW} and (mine.ends_at is null or mine.ends_at > {NOW}))
           order by u.joined_at limit 1""",
    ),
}

_REFUSE = "raise exception 'not allowed' using errcode = 'insufficient_privilege'"

#: Signature -> (what it gives, its body). Each asks a question above before it writes.
DEEDS: dict[str, tuple[str, str]] = {
    "homes_make_account(key uuid, called text, address text)": (
        "void",
        f"""begin
      if not exists (select 1 from public.homes_post where user_id = {VIEWER}
                      and role in ('administrator', 'responsible_individual') and {_IN_FORCE}) then
        {_REFUSE};
      end if;
      insert into public.homes_person (id, name) values (key, called);
      insert into public.homes_user (id, person_id, username, email, password, is_active, is_service, is_superuser,
                                     joined_at)
        values (key, key, address, address, '!' || gen_random_uuid(), true, false, false, {NOW});
    end""",
    ),
    "homes_close_account(person uuid)": (
        "void",
        f"""begin
      if not public.homes_manages_person(person) then
        {_REFUSE};
      end if;
      update public.homes_user set is_active = false, password = '!' || gen_random_uuid() where id = person;
      update public.homes_apitoken set ends_at = {NOW} where user_id = person and ends_at > {NOW} and made_at < {NOW};
      update public.homes_invitation set used_at = {NOW} where user_id = person and used_at is null;
      delete from public.mfa_authenticator where user_id = person;
    end""",
    ),
    "homes_take_up_invitation(wanted uuid, hashed text)": (
        "uuid",
        f"""declare person uuid;
    begin
      update public.homes_invitation set used_at = {NOW}
       where id = wanted and used_at is null and made_at <= {NOW} and ends_at > {NOW}
       returning user_id into person;
      if person is not null then
        update public.homes_invitation set used_at = {NOW} where user_id = person and used_at is null;
        update public.homes_user set password = hashed, is_active = true where id = person;
      end if;
      return person;
    end""",
    ),
    "homes_decide_mailbox_change(wanted uuid, yes boolean)": (
        "boolean",
        f"""declare asked public.homes_mailboxchange; mine boolean; theirs boolean;
    begin
      select * into asked from public.homes_mailboxchange where id = wanted and decided_at is null for update;
      if asked.id is null then
        return false;
      end if;
      mine := exists (select 1 from public.homes_post where organisation_id = asked.organisation_id and {_KEEPER});
      theirs := exists (select 1 from public.homes_post p where p.user_id = asked.proposed_by_id
        and p.organisation_id = asked.organisation_id and p.role in ({_listed(KEEPS_MAILBOXES)})
        and p.starts_at <= {NOW} and (p.ends_at is null or p.ends_at > {NOW}));
      if not (mine or public.homes_is_administrator()) or yes and not (mine or theirs)
         or yes and asked.proposed_by_id = {VIEWER} then
        {_REFUSE};
      end if;
      update public.homes_mailboxchange set decided_by_id = {VIEWER}, decided_at = {NOW}, confirmed = yes
       where id = wanted;
      if yes then
        insert into public.homes_dutymailbox (id, organisation_id, desk, hours, email, phone)
          values (asked.id, asked.organisation_id, asked.desk, asked.hours, asked.email, asked.phone)
        on conflict (organisation_id, desk, hours) do update set email = excluded.email, phone = excluded.phone;
      end if;
      return true;
    end""",
    ),
}


def functions() -> list[RunSQL]:
    """The questions and the deeds, each closed to all but the website."""
    made = []
    for language, known in (("sql stable", QUESTIONS), ("plpgsql", DEEDS)):
        for signature, (gives, body) in known.items():
            name, _, rest = signature.partition("(")
            kinds = ", ".join(part.split()[-1] for part in rest.rstrip(")").split(",") if part.strip())
            end = ";" if language == "plpgsql" else ""
            sql = f"""
            create function {signature} returns {gives} language {language} {_SAFE} as $$
            {body}{end}
            $$;
            grant execute on function {name}({kinds}) to hub_web;
            """
            made.append(RunSQL(sql, f"drop function {name}({kinds})"))
    return made


#: What a closed home's records holder reads stays as it was: from then on nothing from outside is shared with it.
NOTHING_NEW = f"""
create function homes_nothing_new() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
  if current_user = 'hub_web' and new.shared_with_provider_at is not null
     and exists (select 1 from homes_home h where h.id = new.home_id and homes_closed_at(h.closed_on) <= {NOW}) then
    if tg_op = 'INSERT' then
      new.shared_with_provider_at := null;
      new.shared_with_provider_by_id := null;
      new.shared_with_provider_why := '';
    else
      raise exception 'a closed home is shown nothing new' using errcode = 'check_violation';
    end if;
  end if;
  return new;
end $$;
grant execute on function homes_nothing_new(), homes_closed_at(date) to hub_web, hub_worker;
"""


#: Equality of two keys has no place in such a constraint without an extension that a server may lack; that of their
#: numbers has.
ONE_HOLDER = """
alter table homes_post add constraint one_records_holder_at_a_time
exclude using gist (
  numrange(uuid_hash_extended(home_id, 0)::numeric, uuid_hash_extended(home_id, 0)::numeric, '[]') with &&,
  tstzrange(starts_at, ends_at) with &&
) where (role = 'records_holder')
"""


def one_holder() -> RunSQL:
    """A home has one records holder at a time, whoever asked for two at once."""
    return RunSQL(ONE_HOLDER, "alter table homes_post drop constraint one_records_holder_at_a_time")


def nothing_new(table: str) -> RunSQL:
    """Keep what a closed home was not shown in its lifetime from its records holder."""
    return RunSQL(
        f"create trigger nothing_new before insert or update of shared_with_provider_at on {table}"
        " for each row execute function homes_nothing_new()",
        f"drop trigger nothing_new on {table}",
    )


POST_POLICIES = [
    Policy("administrator_reads", "select", using="(select homes_is_administrator())"),
    Policy(
        "given_by_a_manager",
        "insert",
        check=f"user_id <> {VIEWER} and homes_manages(organisation_id, role, home_id)",
    ),
    Policy(
        "ended_by_a_manager",
        "update",
        using=f"(ends_at is null or ends_at > {NOW}) and homes_manages(organisation_id, role, home_id)",
        check="homes_manages(organisation_id, role, home_id)",
    ),
]
GRANT_POLICIES = [
    Policy(
        "watched",
        "select",
        using=f"(select homes_is_administrator()) or {REGULATES}",
    ),
    Policy(
        "broken_glass",
        "insert",
        check=f"user_id = {VIEWER} and granted_by_id = {VIEWER} and starts_at between {NOW} - interval '1 minute'"
        f" and {NOW} + interval '1 minute'"
        f" and ends_at <= starts_at + interval '{LONGEST_GRANT}' and length(btrim(reason)) >= {SHORTEST_REASON}"
        " and homes_may_break_glass(picture)",
    ),
]
_MINE = f"organisation_id = any(array(select organisation_id from homes_post where {_KEEPER}))"


def security() -> list[RunSQL]:
    """Who may read and add invitations and changes of mailboxes; nobody changes one but the functions above."""
    return [
        secure(
            "homes_invitation",
            [
                Policy("reach", "select", using="homes_manages_person(user_id)"),
                Policy(
                    "made_by_a_manager",
                    "insert",
                    check=f"made_by_id = {VIEWER} and used_at is null and homes_manages_person(user_id)"
                    f" and ends_at <= {NOW} + interval '73 hours'",
                ),
            ],
            web="select, insert",
            worker="select",
        ),
        secure(
            "homes_mailboxchange",
            [
                Policy("reach", "select", using=f"{_MINE} or (select homes_is_administrator())"),
                Policy(
                    "proposed",
                    "insert",
                    check=f"proposed_by_id = {VIEWER} and decided_at is null"
                    f" and ({_MINE} or (select homes_is_administrator()))",
                ),
            ],
            web="select, insert",
            worker="select",
        ),
    ]
