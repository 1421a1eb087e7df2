"""Who may read which record (ARCHITECTURE, Two pictures), and what the website may write."""

from django.db import migrations

from events.rls import NOW, VIEWER, Policy, readable, secure
from homes.history.rules import keep_history
from homes.people.rules import nothing_new
from homes.rls import BOARDS_CHILDREN, MY_CHILDREN, REACH, REGULATES, organisations_in, stands
from homes.roles import Picture

OUTSIDE = "stream <> 'whistleblowing'"
PICTURE = " or ".join(
    (
        REGULATES,
        f"(provider_sees and {stands(Picture.PROVIDER)})",
        f"({OUTSIDE} and {stands(Picture.VISITOR)})",
        f"({OUTSIDE} and concerns_adult and {stands(Picture.LADO)})",
        f"({OUTSIDE} and {stands(Picture.AUTHORITY)} and child_ids && {MY_CHILDREN})",
        f"(stream = 'hospital' and {stands(Picture.ICB)} and child_ids && {BOARDS_CHILDREN})",
        f"({OUTSIDE} and recorded_by_id = {VIEWER})",
        f"({OUTSIDE} and recorded_for_id = any("
        f"{organisations_in(Picture.AUTHORITY, Picture.AUTHOR, Picture.LADO)}))",
    )
)
ITS_INCIDENT = "exists (select 1 from incidents_incident i where i.id = incident_id)"
PART = f"{REGULATES} or (provider_sees and {stands(Picture.PROVIDER)}) or {ITS_INCIDENT}"
CHILD_PART = (
    f"{REGULATES} or (provider_sees and {stands(Picture.PROVIDER)})"
    f" or ({stands(Picture.LADO, Picture.VISITOR, Picture.AUTHOR)} and {ITS_INCIDENT})"
    f" or (child_id = any({MY_CHILDREN}) and {ITS_INCIDENT})"
    f" or (child_id = any({BOARDS_CHILDREN}) and {ITS_INCIDENT})"
)
OWN = "incidents_recorded_by_viewer(incident_id)"

AUTHOR = f"""
create function incidents_recorded_by_viewer(wanted uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select exists (select 1 from public.incidents_incident where id = wanted and recorded_by_id = {VIEWER})
$$;
grant execute on function incidents_recorded_by_viewer(uuid) to hub_web;
"""

#: What is said about a person: as whom a complaint is about, or as an adult of concern with an account. The website is
#: told of its viewer only. A function, because its tables' own policies would be planned anew within every query.
ABOUT = f"""
create function incidents_about(person uuid) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if {VIEWER} <> person then
    return;
  end if;
  return query select incident_id from public.incidents_complaintdetails where about_person_id = person
    union all select a.incident_id from public.incidents_adultinvolvement a
      join public.homes_adult d on d.id = a.adult_id where d.person_id = person;
end $$;
grant execute on function incidents_about(uuid) to hub_web, hub_worker;
"""


def not_about_me(column: str) -> list[Policy]:
    """The subject of a complaint or allegation never reads it, whatever their post."""
    rule = f"{column} <> all (array(select incidents_about({VIEWER})))"
    return [
        Policy("not_about_me", "select", rule, restrictive=True),
        Policy("not_about_me_update", "update", rule, restrictive=True),
    ]


#: An adult whom only outside records name is known through them, never through a home's list of workers.
ADULT_NAMED = """
create policy named_in_a_record on homes_adult for select to hub_web
  using (exists (select 1 from incidents_adultinvolvement a where a.adult_id = homes_adult.id))
"""

#: Nor does a home learn the name of such an adult by putting them on its list.
KNOWN_ADULT = """
create function incidents_name_adult(wanted uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select exists (select 1 from public.incidents_adultinvolvement where adult_id = wanted)
$$;
grant execute on function incidents_name_adult(uuid) to hub_web;
create policy nobody_named_elsewhere on homes_employment as restrictive for insert to hub_web
  with check (not incidents_name_adult(adult_id));
"""
KNOWN_ADULT_BACK = """
drop policy nobody_named_elsewhere on homes_employment;
drop function incidents_name_adult(uuid);
"""

#: The website may not choose whose picture a record enters: it follows from the author's access to the home.
SIDE = f"""
create function incidents_side_is_true() returns trigger language plpgsql as $$
begin
  if current_user = 'hub_web' and new.by_provider <> exists (
    select 1 from homes_accesshome a where a.user_id = {VIEWER} and a.home_id = new.home_id
       and a.picture = 'provider' and a.starts_at <= {NOW} and (a.ends_at is null or a.ends_at > {NOW})) then
    raise exception 'by_provider follows from who records' using errcode = 'check_violation';
  end if;
  return new;
end $$;
grant execute on function incidents_side_is_true() to hub_web, hub_worker;
create trigger side_is_true before insert on incidents_incident
  for each row execute function incidents_side_is_true();
"""


NOT_ABOUT_ME = f"incident_id <> all (array(select incidents_about({VIEWER})))"


def part(table: str, *, picture: str = PART, update: str = "") -> migrations.RunSQL:
    """A table that hangs on incidents; update lists the columns that the website may change."""
    web = "select, insert" + (f", update ({update})" if update else "")
    rules = [*readable(f"{stands()} and ({picture})"), *not_about_me("incident_id")]
    return secure(
        table,
        [
            *(rule for rule in rules if update or rule.command == "select"),
            # Whoever recorded it may be unable to read it back; whoever has left adds nothing to what they recorded.
            Policy("author_adds", "insert", check=f"({OWN} and {REACH}) or ({picture})"),
            # Nobody adds to what is said about them, unless they recorded it themselves.
            Policy("not_about_me_insert", "insert", check=f"{OWN} or {NOT_ABOUT_ME}", restrictive=True),
        ],
        web=web,
    )


DECIDES = stands(Picture.LADO)
FOUND_HERE = f"decided_by_id = {VIEWER} and {DECIDES} and {ITS_INCIDENT}"
#: What a LADO found is the home's once it is sent to the home, whoever recorded the referral.
FOUND = f"(provider_sees or not {stands(Picture.PROVIDER)}) and {ITS_INCIDENT}"

DETAILS = (
    "incidents_reg40details",
    "incidents_ladodetails",
    "incidents_whistleblowingdetails",
    "incidents_complaintdetails",
    "incidents_hospitaldetails",
)


#: The record that a reply is to, as the viewer may open it.
REPLIED = "exists (select 1 from incidents_incident i where i.id = incident_id"


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial"), ("homes", "0002_security")]

    operations = [
        migrations.RunSQL(ABOUT, "drop function incidents_about(uuid)"),
        secure(
            "incidents_incident",
            [
                *readable(REACH, PICTURE),
                *not_about_me("id"),
                Policy("author_records", "insert", check=f"recorded_by_id = {VIEWER} and {REACH}"),
            ],
            web="select, insert, update (notified_at, status, withdrawn_at, withdrawn_why,"
            " shared_with_provider_at, shared_with_provider_by_id, shared_with_provider_why)",
        ),
        migrations.RunSQL(AUTHOR, "drop function incidents_recorded_by_viewer(uuid)"),
        migrations.RunSQL(SIDE, "drop function incidents_side_is_true() cascade"),
        nothing_new("incidents_incident"),
        part("incidents_involvement", picture=CHILD_PART),
        part("incidents_adultinvolvement"),
        part("incidents_incidenttheme"),
        part("incidents_duty", update="told_at, told_by_id, told_reference, reason_late"),
        part("incidents_reg40details", update="ofsted_form_submitted_at, ofsted_form_reference"),
        part("incidents_ladodetails"),
        secure(
            "incidents_ladooutcome",
            [
                # Whoever the referral is about does not read it, and so nothing of this either.
                Policy("reach", "select", using=f"{stands()} and {FOUND}"),
                Policy("found_by_a_lado", "insert", check=FOUND_HERE),
                Policy("sent_by_a_lado", "update", using=f"{DECIDES} and {ITS_INCIDENT}"),
            ],
            web="select, insert, update (sent_home_at)",
            worker="select",
        ),
        # Whoever recorded it reads what came of it, while they may open it; and the writer what they wrote.
        secure(
            "incidents_reply",
            [
                Policy(
                    "reach",
                    "select",
                    using=f"{REPLIED} and (by_id = {VIEWER} or i.recorded_by_id = {VIEWER}))",
                ),
                Policy(
                    "own",
                    "insert",
                    check=f"by_id = {VIEWER} and organisation_id = any({organisations_in()})"
                    f" and {REPLIED} and i.home_id = incidents_reply.home_id and i.stream <> 'whistleblowing')",
                ),
            ],
            web="select, insert",
            worker="",
        ),
        part("incidents_whistleblowingdetails"),
        part("incidents_complaintdetails"),
        part("incidents_hospitaldetails"),
        secure(
            "incidents_draft",
            [
                Policy("own", "select", using=f"user_id = {VIEWER}"),
                Policy("own_added", "insert", check=f"user_id = {VIEWER} and {REACH}"),
                Policy(
                    "own_changed",
                    "update",
                    using=f"user_id = {VIEWER}",
                    check=f"user_id = {VIEWER} and {REACH}",
                ),
            ],
            web="select, insert, update",
        ),
        secure(
            "incidents_submission",
            [
                Policy("own", "select", f"user_id = {VIEWER}"),
                Policy("own_added", "insert", check=f"user_id = {VIEWER}"),
            ],
            web="select, insert",
            worker="select",
        ),
        *map(
            keep_history,
            ("incidents_incident", "incidents_involvement", "incidents_adultinvolvement", "incidents_duty"),
        ),
        *[keep_history(table, key="incident_id") for table in (*DETAILS, "incidents_ladooutcome")],
        migrations.RunSQL(ADULT_NAMED, "drop policy named_in_a_record on homes_adult"),
        migrations.RunSQL(KNOWN_ADULT, KNOWN_ADULT_BACK),
    ]
