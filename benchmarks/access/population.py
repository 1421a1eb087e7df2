"""A made country of homes, large enough that a page's cost shows: rows written by SQL, invented throughout.

Proportions, all assumed: 4 children a home, 5 homes a provider, 152 local authorities, 42 integrated care boards
(the numbers of England, 2026), half of the records of streams other than Reg 40 from outside the provider.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from events.identity import new_id
from homes.models import Home, Organisation, Person, Post, User

AUTHORITIES, BOARDS, HOMES_A_PROVIDER, LARGEST_PROVIDER = 152, 42, 5, 100

#: Where each row of the made country comes from; %(name)s is a parameter.
ORGANISATIONS = """
insert into homes_organisation (id, name, kind, takes_referrals_here)
select uuidv7(), kind || ' ' || n, kind, false
from (values ('local_authority', %(authorities)s), ('icb', %(boards)s), ('provider', %(providers)s),
             ('regulator', 1), ('hub', 1)) as kinds(kind, many), generate_series(1, many) as n"""
HOMES = """
with ranked as (select id, kind, row_number() over (partition by kind order by id) - 1 as n from homes_organisation)
insert into homes_home (id, urn, name, provider_id, kind, places, town, host_authority_id, icb_id, opened_on)
select uuidv7(), 'DEMO' || (700000 + s.n), 'House ' || s.n, p.id, 'home', 4, 'Town', a.id, i.id, date '2015-01-01'
from generate_series(0, %(homes)s - 1) as s(n)
join ranked p on p.kind = 'provider' and p.n = case when s.n < %(largest)s then 0 else s.n / %(each)s end
join ranked a on a.kind = 'local_authority' and a.n = s.n %% %(authorities)s
join ranked i on i.kind = 'icb' and i.n = s.n %% %(boards)s"""
CHILDREN = """
insert into homes_child (id, name, initials, communicates_by)
select uuidv7(), 'Child ' || n, 'C' || n, '' from generate_series(1, %(homes)s * 4) as n"""
PLACEMENTS = """
with child as (select id, row_number() over (order by id) - 1 as n from homes_child),
     home as (select id, row_number() over (order by urn) - 1 as n from homes_home),
     authority as (select id, row_number() over (order by id) - 1 as n from homes_organisation where kind = 'local_authority')
insert into homes_placement (id, child_id, home_id, placing_authority_id, starts_at)
select uuidv7(), child.id, home.id, authority.id, %(now)s::timestamptz - interval '900 days'
from child join home on home.n = child.n / 4 join authority on authority.n = (child.n * 7) %% %(authorities)s"""
INCIDENTS = """
with home as (select id, row_number() over (order by urn) - 1 as number from homes_home),
     living as (select home_id, array_agg(child_id) as children from homes_placement group by home_id),
     drawn as (select n, home.id as home_id, living.children[1 + n / %(homes)s %% 4] as child,
                      (array['reg40', 'reg40', 'lado', 'complaint', 'hospital', 'whistleblowing'])[1 + (n::bigint * 7919) %% 6] as stream,
                      (n / 6) %% 2 = 0 as inside,
                      %(now)s::timestamptz - make_interval(mins => (n::bigint * 104729 %% 1576800)::int + 60) as at
               from generate_series(0, %(incidents)s - 1) as n
               join home on home.number = n %% %(homes)s join living on living.home_id = home.id)
insert into incidents_incident (id, reference, home_id, stream, occurred_at, occurred_about, known_at, recorded_at, source,
    severity, narrative, status, withdrawn_why, recorded_by_id, client_id, child_ids, concerns_adult, by_provider,
    shared_with_provider_why)
select uuidv7(), 'B' || n, home_id, stream, at, false, at, at, case when stream = 'reg40' or inside then 'home' else 'hospital' end,
    1 + n %% 5, repeat('It was loud at tea and a plate broke. ', 6), 'recorded', '', %(author)s, gen_random_uuid(), array[child],
    stream = 'lado', stream = 'reg40' or (inside and stream <> 'whistleblowing'), ''
from drawn"""
INVOLVEMENTS = """
insert into incidents_involvement (id, incident_id, home_id, provider_sees, child_id, part_played, mark, account)
select uuidv7(), id, home_id, provider_sees, child_ids[1], 'subject', 'A', '' from incidents_incident"""
DETAILS = {
    "reg40": """
insert into incidents_reg40details (incident_id, home_id, provider_sees, event, how_known, action_taken, enquiry_outcome,
    concludes_reference, relevant_persons, relevant_reason, ofsted_form_reference)
select id, home_id, provider_sees, '40(4)(e)', '', 'Talked it over.', '', '', '[]', '', ''
from incidents_incident where stream = 'reg40'""",
    "complaint": """
insert into incidents_complaintdetails (incident_id, home_id, provider_sees, complaint_type, addressed_to_home, wanted, action_taken)
select id, home_id, provider_sees, 'parent', false, '', '' from incidents_incident where stream = 'complaint'""",
    "hospital": """
insert into incidents_hospitaldetails (incident_id, home_id, provider_sees, attendance, explanation, follow_up)
select id, home_id, provider_sees, 'ed', '', '' from incidents_incident where stream = 'hospital'""",
}
DUTIES = """
insert into incidents_duty (id, incident_id, home_id, provider_sees, code, version, who, legal_basis, without_delay, due_at,
    told_at, told_by_id, told_reference, reason_late)
select uuidv7(), id, home_id, provider_sees, 'reg40_ofsted', 1, 'ofsted', 'reg 40', true, recorded_at + interval '1 day',
    recorded_at, recorded_by_id, '', '' from incidents_incident where stream = 'reg40' and severity >= 3"""
MONTHS = """
insert into oversight_homemonth (id, picture, home_id, month_on, stream, told, outside)
select uuidv7(), picture, home_id, date_trunc('month', occurred_at)::date, stream, count(*) filter (where by_provider),
    count(*) filter (where not by_provider)
from incidents_incident, (values ('overseers'), ('provider')) as pictures(picture)
where picture = 'overseers' or provider_sees group by 2, 3, 4, 5"""
ASSESSMENTS = """
insert into oversight_assessment (id, picture, home_id, provider_id, as_of, assessed_on, engine_version, parameters, score,
    tier, pattern, explanation, recorded_at)
select uuidv7(), picture, id, provider_id, %(now)s::timestamptz, (%(now)s::timestamptz)::date, '1', '', 2.5, '', '', '{}', now()
from homes_home, (values ('overseers'), ('provider')) as pictures(picture)"""
TABLES = (
    "homes_organisation", "homes_home", "homes_child", "homes_placement", "incidents_incident", "incidents_involvement",
    "incidents_reg40details", "incidents_complaintdetails", "incidents_hospitaldetails", "incidents_duty",
    "oversight_homemonth", "oversight_assessment",
)  # fmt: skip
#: Whose pages are asked for: role -> the kind of organisation of the post.
VIEWERS = {
    "registered_manager": "provider",
    "responsible_individual": "provider",
    "placing_authority": "local_authority",
    "lado": "local_authority",
    "icb_lead": "icb",
    "inspector": "regulator",
}


@dataclass(frozen=True)
class Country:
    """users: by role. urn: of the home whose page is asked for."""

    users: Mapping[str, User]
    urn: str


def build(*, homes: int, incidents: int, now: datetime) -> Country:
    """Fill an empty, migrated database as its owner. About two minutes for a million incidents."""
    author = Person.objects.create(name="Somebody")
    values: dict[str, int | str | datetime] = {
        "authorities": AUTHORITIES, "boards": BOARDS, "homes": homes, "incidents": incidents, "largest": LARGEST_PROVIDER,
        "each": HOMES_A_PROVIDER, "providers": max(homes // HOMES_A_PROVIDER, 1), "now": now, "author": str(author.pk),
    }  # fmt: skip
    statements = (
        ORGANISATIONS, HOMES, CHILDREN, PLACEMENTS, INCIDENTS, INVOLVEMENTS, *DETAILS.values(), DUTIES, MONTHS, ASSESSMENTS,
    )  # fmt: skip
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"alter table {table} disable trigger user")
        for statement in statements:
            cursor.execute(statement, values)
        for table in TABLES:
            cursor.execute(f"alter table {table} enable trigger user")
    home = Home.objects.get(urn="DEMO700000")
    users = {role: _person(role, kind, home, now) for role, kind in VIEWERS.items()}
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    return Country(users, home.urn)


def _person(role: str, kind: str, home: Home, now: datetime) -> User:
    organisation = {
        "provider": home.provider,
        "local_authority": home.host_authority,
        "icb": home.icb,
        "regulator": Organisation.objects.get(kind="regulator"),
    }[kind]
    if organisation is None:
        raise RuntimeError("every made home has an authority and a board")
    if role == "placing_authority":
        organisation = home.placements.order_by("id")[0].placing_authority
    key = new_id()
    Person.objects.create(id=key, name=f"Somebody, {role}")
    user = User.objects.create(id=key, person_id=key, username=role, joined_at=now)
    at_home = home if role == "registered_manager" else None
    Post.objects.create(user=user, organisation=organisation, home=at_home, role=role, starts_at=now)
    return user
