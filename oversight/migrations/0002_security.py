"""Who may read alerts, assessments, visits and matters; what the website may write of them."""

from django.db import migrations

from events.rls import VIEWER, Policy, readable, reference, secure
from homes.history.rules import keep_history
from homes.rls import IS_ADMINISTRATOR, PLACES_FOR, REGULATES, homes_listed, organisations_in, stands
from homes.roles import Picture
from oversight.escalation.by_link import rules as by_link

OVERSEEN = (Picture.REGULATOR, Picture.AUTHORITY)


def at(*pictures: Picture) -> str:
    """A row of a home at which the viewer stands in one of the pictures, or of a provider that runs such a home."""
    return (
        f"({stands(*pictures)} or (home_id is null and provider_id in"
        f" (select provider_id from homes_home where id = any({homes_listed(*pictures)}))))"
    )


ALERTS = " or ".join(
    (
        f"(picture = 'provider' and not skips_provider and {at(Picture.PROVIDER)})",
        f"(picture = 'overseers' and {at(*OVERSEEN)})",
        f"(picture = 'overseers' and told_ids && {organisations_in(Picture.LADO, Picture.ICB)})",
        # Whoever was told because a child of theirs lived there keeps this alert, and nothing else, when it has left.
        f"(picture = 'overseers' and placing_ids && {PLACES_FOR})",
    )
)
ITS_ALERT = "exists (select 1 from oversight_alert a where a.id = alert_id)"
OVERSEERS_ALERT = "exists (select 1 from oversight_alert a where a.id = alert_id and a.picture = 'overseers')"
ITS_DELIVERY = "exists (select 1 from oversight_delivery d where d.id = delivery_id)"
#: The organisations for which the viewer may answer an alert that they read.
MINE = f"({organisations_in()} || {PLACES_FOR})"
#: Whose desk a step told may answer on that branch too: the regulator, at the end of another's ladder.
TOLD_THERE = "(b.organisation_id = {0} or exists (select 1 from oversight_step s where s.branch_id = b.id and s.organisation_id = {0}))"


def own_words(table: str, *of: str) -> str:
    """What somebody adds to an alert is in their own name, for an organisation of theirs, and of that very alert."""
    mine = f"by_id = {VIEWER} and {ITS_ALERT} and organisation_id = any({MINE})"
    told = TOLD_THERE.format(f"{table}.organisation_id")
    branch = f"exists (select 1 from oversight_branch b where b.alert_id = {table}.alert_id and {told}"
    return " and ".join((mine, f"{branch}{''.join(f' and {one}' for one in of)})"))


#: How many have signed that the alert is closed, and whether anybody is still waited for.
CLOSES = """
create function oversight_closing_is_signed() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if (select count(*) from public.oversight_closing c where c.alert_id = new.id and c.tier = new.tier)
      < (case new.tier when 'regulator' then 2 else 1 end)
    or exists (select 1 from public.oversight_branch b
                where b.alert_id = new.id and b.state in ('waiting', 'acknowledged')) then
    raise exception 'an alert is closed by those who sign, once everybody has decided';
  end if;
  return new;
end $$;
create trigger closing_is_signed before insert or update on oversight_alert for each row
  when (new.state = 'closed') execute function oversight_closing_is_signed();
"""
CLOSES_BACK = "drop trigger closing_is_signed on oversight_alert; drop function oversight_closing_is_signed()"
PICTURES = f"(picture = 'provider' and {at(Picture.PROVIDER)}) or (picture = 'overseers' and {at(*OVERSEEN)})"
#: Whether the viewer oversees any home. Bars rest on every record, so no provider's people read them.
OVERSEES = f"({REGULATES} or cardinality({homes_listed(Picture.AUTHORITY)}) > 0)"
#: The regulator reads every record but those about the reader: a pair is read with both of its records.
BOTH_RECORDS = " and ".join(
    f"{side} <> all (array(select incidents_about({VIEWER})))" for side in ("first_id", "second_id")
)
VISITS = stands(Picture.PROVIDER, Picture.REGULATOR, Picture.AUTHORITY, Picture.VISITOR, Picture.VISITS)
REPORTS = stands(Picture.PROVIDER, Picture.REGULATOR, Picture.AUTHORITY, Picture.VISITOR)
#: Whoever is given a report in a version of their own does not read its earlier wordings.
FULL_REPORTS = stands(Picture.REGULATOR, Picture.VISITOR)
CONCERNS = stands(Picture.REGULATOR, Picture.AUTHORITY, Picture.VISITOR)
VISITED = stands(Picture.VISITOR)


def of_visit(table: str) -> str:
    """What is filed belongs to a visit to the very home that it names."""
    return f"exists (select 1 from oversight_visit v where v.id = visit_id and v.home_id = {table}.home_id)"


#: Ages in seconds and numbers, for anybody; nothing that an outside record of one home could be read from.
AGES = """
create function events_ages(
  out oldest_unhandled_event double precision, out oldest_unsent_delivery double precision, out parked integer,
  out beat_recorded double precision, out beat_handled double precision, out beat_delivered double precision,
  out beat_answered double precision, out beat_told double precision)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select
    (select extract(epoch from clock_timestamp() - min(e.recorded_at)) from public.events_handling h
       join public.events_event e on e.id = h.event_id where h.done_at is null and h.parked_at is null),
    (select extract(epoch from clock_timestamp() - min(d.owed_since)) from public.oversight_delivery d
      where d.state = 'owed' and d.purpose = 'mail'),
    (select count(*)::integer from public.events_handling h where h.parked_at is not null),
    extract(epoch from clock_timestamp() - max(b.began_at)),
    extract(epoch from clock_timestamp() - max(b.handled_at)),
    extract(epoch from clock_timestamp() - max(b.delivered_at)),
    extract(epoch from clock_timestamp() - max(b.answered_at)),
    extract(epoch from clock_timestamp() - max(b.told_at))
  from public.oversight_heartbeat b
$$;
grant execute on function events_ages() to hub_web, hub_worker;
"""
#: What the hub's administrator sees besides, without a word of whom it is about; nothing for anybody else.
ARREARS = """
create function oversight_arrears(
  out oldest_unanswered_step double precision, out unanswered integer, out dead integer, out bounced integer)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select
    (select extract(epoch from clock_timestamp() - min(s.opened_at)) from public.oversight_step s
       join public.oversight_branch b on b.id = s.branch_id where b.state = 'waiting' and homes_is_administrator()),
    (select count(*)::integer from public.oversight_branch b where b.state = 'waiting' and homes_is_administrator()),
    (select count(*)::integer from public.oversight_delivery d
      where d.state = 'dead' and d.purpose = 'mail' and d.owed_since > clock_timestamp() - interval '7 days'
        and homes_is_administrator()),
    (select count(*)::integer from public.oversight_delivery d
      where d.state = 'bounced' and d.bounced_at > clock_timestamp() - interval '7 days' and homes_is_administrator())
$$;
revoke execute on function oversight_arrears() from public;
grant execute on function oversight_arrears() to hub_web;
"""
#: Heartbeats are the one thing that is removed: a made-up event a minute would outgrow the real ones.
FORGET_HEARTBEATS = """
create function oversight_forget_heartbeats() returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  gone integer;
begin
  delete from public.oversight_attempt a using public.oversight_delivery d
   where d.id = a.delivery_id and d.purpose = 'heartbeat' and d.owed_since < clock_timestamp() - interval '2 days';
  delete from public.oversight_delivery d
   where d.purpose = 'heartbeat' and d.owed_since < clock_timestamp() - interval '2 days';
  delete from public.events_handling h using public.events_event e
   where e.id = h.event_id and e.kind = 'oversight.heartbeat_began'
     and e.recorded_at < clock_timestamp() - interval '2 days';
  delete from public.events_event e
   where e.kind = 'oversight.heartbeat_began' and e.recorded_at < clock_timestamp() - interval '2 days';
  delete from public.oversight_heartbeat b where b.began_at < clock_timestamp() - interval '2 days';
  get diagnostics gone = row_count;
  return gone;
end $$;
revoke execute on function oversight_forget_heartbeats() from public;
grant execute on function oversight_forget_heartbeats() to hub_worker;
"""
#: An e-mail takes its turn as the handlings of its home do (events_turn).
TURNS = """
create function oversight_take_turn() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  new.turn_at := public.events_turn((select a.home_id from public.oversight_alert a where a.id = new.alert_id));
  return new;
end
$$;
create trigger take_turn before insert on oversight_delivery for each row execute function oversight_take_turn();
"""


class Migration(migrations.Migration):
    dependencies = [("oversight", "0001_initial"), ("incidents", "0002_security")]

    operations = [
        secure("oversight_alert", readable(ALERTS), web="select, update (state)"),
        secure("oversight_escalation", [Policy("reach", "select", using=ITS_ALERT)], web="select"),
        secure(
            "oversight_branch",
            [
                Policy("reach", "select", using=ITS_ALERT),
                Policy(
                    "own_ladder",
                    "update",
                    using=f"{ITS_ALERT} and (organisation_id = any({MINE}) or exists (select 1 from oversight_step s"
                    f" where s.branch_id = oversight_branch.id and s.organisation_id = any({MINE})))",
                ),
            ],
            web="select, update (state)",
        ),
        secure("oversight_step", [Policy("reach", "select", using=ITS_ALERT)], web="select"),
        secure("oversight_delivery", [Policy("reach", "select", using=ITS_ALERT)], web="select"),
        secure("oversight_attempt", [Policy("reach", "select", using=ITS_DELIVERY)], web="select"),
        secure(
            "oversight_seen",
            [
                Policy("reach", "select", using=ITS_ALERT),
                Policy("own", "insert", check=f"by_id = {VIEWER} and {ITS_ALERT}"),
            ],
            web="select, insert",
        ),
        secure(
            "oversight_acknowledgement",
            [
                Policy("reach", "select", using=ITS_ALERT),
                Policy("own", "insert", check=own_words("oversight_acknowledgement", "b.id = branch_id")),
            ],
            web="select, insert",
        ),
        secure(
            "oversight_decision",
            [
                Policy("reach", "select", using=ITS_ALERT),
                Policy("own", "insert", check=own_words("oversight_decision", "b.id = branch_id")),
            ],
            web="select, insert",
            worker="select, insert",
        ),
        secure(
            "oversight_outcome",
            [
                Policy("reach", "select", using=ITS_ALERT),
                Policy(
                    "own",
                    "insert",
                    check=own_words("oversight_outcome")
                    + " and exists (select 1 from oversight_decision d where d.id = decision_id"
                    " and d.alert_id = oversight_outcome.alert_id"
                    " and d.organisation_id = oversight_outcome.organisation_id)",
                ),
            ],
            web="select, insert",
            worker="select, insert",
        ),
        secure(
            "oversight_providertold",
            [
                Policy("reach", "select", using=OVERSEERS_ALERT),
                Policy("own", "insert", check=f"{own_words('oversight_providertold')} and {OVERSEERS_ALERT}"),
            ],
            web="select, insert",
            worker="select, insert",
        ),
        secure(
            "oversight_closing",
            [
                Policy("reach", "select", using=ITS_ALERT),
                Policy("own", "insert", check=own_words("oversight_closing")),
            ],
            web="select, insert",
            worker="select, insert",
        ),
        migrations.RunSQL(CLOSES, CLOSES_BACK),
        secure(
            "oversight_operatoralarm",
            [
                Policy("administrator", "select", using=IS_ADMINISTRATOR),
                Policy(
                    "administrator_clears",
                    "update",
                    using=f"{IS_ADMINISTRATOR} and cleared_at is null",
                    check=f"{IS_ADMINISTRATOR} and cleared_by_id = {VIEWER}",
                ),
            ],
            web="select, update (cleared_at, cleared_by_id)",
        ),
        secure("oversight_heartbeat", []),
        secure("oversight_assessment", [Policy("reach", "select", using=PICTURES)], web="select"),
        secure(
            "oversight_homemonth",
            [
                Policy(
                    "reach",
                    "select",
                    using=f"((picture = 'provider' and {stands(Picture.PROVIDER)})"
                    f" or (picture = 'overseers' and {stands(*OVERSEEN, Picture.ICB)}))"
                    f" and (stream <> 'whistleblowing' or {REGULATES})",
                ),
            ],
            web="select",
            worker="select, insert, update, delete",
        ),
        reference("oversight_assessedday", worker="select, insert"),
        secure("oversight_episode", []),
        secure("oversight_quarterfit", [], worker="select, insert"),
        secure(
            "oversight_calibration",
            [Policy("overseers", "select", using=OVERSEES)],
            web="select",
            worker="select",
        ),
        secure(
            "oversight_matter",
            [Policy("reach", "select", using=stands(*OVERSEEN))],
            web="select",
        ),
        secure(
            "oversight_matterlink",
            readable(f"{REGULATES} and {BOTH_RECORDS}"),
            web="select, update (state, decided_by_id, decided_at, reason)",
            worker="select, insert, update, delete",
        ),
        secure(
            "oversight_visit",
            [
                Policy("reach", "select", using=VISITS),
                Policy("visitor_records", "insert", check=f"visitor_id = {VIEWER} and {VISITED}"),
            ],
            web="select, insert",
        ),
        secure(
            "oversight_visitreport",
            [
                Policy("reach", "select", using=REPORTS),
                Policy(
                    "visitor_files",
                    "insert",
                    check=f"filed_by_id = {VIEWER} and {VISITED} and {of_visit('oversight_visitreport')}",
                ),
            ],
            web="select, insert",
        ),
        secure(
            "oversight_recommendation",
            [
                Policy("reach", "select", using=REPORTS),
                Policy("visitor_closes", "update", using=VISITED),
                Policy(
                    "visitor_files",
                    "insert",
                    check=f"{VISITED} and exists (select 1 from oversight_visitreport r"
                    " where r.visit_id = report_id and r.home_id = oversight_recommendation.home_id)",
                ),
            ],
            web="select, insert, update (closed_at, closed_by_id, answer)",
        ),
        secure(
            "oversight_significantconcern",
            [
                Policy("reach", "select", using=CONCERNS),
                Policy(
                    "visitor_raises",
                    "insert",
                    check=f"raised_by_id = {VIEWER} and {VISITED}"
                    f" and (visit_id is null or {of_visit('oversight_significantconcern')})",
                ),
            ],
            web="select, insert",
        ),
        secure(
            "oversight_visitdraft",
            [
                Policy("own", "select", using=f"user_id = {VIEWER}"),
                Policy("own_added", "insert", check=f"user_id = {VIEWER} and {VISITED}"),
                Policy(
                    "own_changed",
                    "update",
                    using=f"user_id = {VIEWER}",
                    check=f"user_id = {VIEWER} and {VISITED}",
                ),
                Policy("done_with", "delete", using=f"user_id = {VIEWER}"),
            ],
            web="select, insert, update, delete",
            worker="select, insert, update, delete",
        ),
        secure(
            "oversight_linkanswer",
            [Policy("reach", "select", using=ITS_ALERT)],
            web="select",
            worker="select",
        ),
        migrations.RunSQL(by_link.FUNCTIONS, by_link.FUNCTIONS_BACK),
        migrations.RunSQL(AGES, "drop function events_ages()"),
        migrations.RunSQL(ARREARS, "drop function oversight_arrears()"),
        migrations.RunSQL(FORGET_HEARTBEATS, "drop function oversight_forget_heartbeats()"),
        migrations.RunSQL(
            TURNS, "drop trigger take_turn on oversight_delivery; drop function oversight_take_turn()"
        ),
        keep_history(
            "oversight_alert",
            leave_out=["explanation", "evidence", "score", "bar", "strengthened_at", "began_on"],
        ),
        keep_history("oversight_visit"),
        keep_history("oversight_visitreport", key="visit_id", readers=FULL_REPORTS),
        keep_history("oversight_recommendation"),
        keep_history("oversight_significantconcern"),
    ]
