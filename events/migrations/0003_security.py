"""Who may read and write events: the website records, the worker carries."""

from django.db import migrations

from events.rls import Policy, reference, secure

#: A home in a storm queues behind itself and not before others: what is its n-th thing within a minute has its turn
#: n seconds later than it would have alone; and an event's handlers a second after each other, as they are wired, so
#: that what may set off a rule comes before what takes stock. An order, not a wait: with nothing else to do, all is
#: done at once.
TURNS = """
create function events_turn(home uuid) returns timestamptz
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
  select clock_timestamp() + make_interval(secs => (select count(*) from (
    select 1 from public.events_event e
     where e.home_id = home and e.recorded_at > clock_timestamp() - interval '1 minute' limit 300) as recent))
$$;
revoke execute on function events_turn(uuid) from public;
create function events_take_turn() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  new.turn_at := public.events_turn((select e.home_id from public.events_event e where e.id = new.event_id))
    + make_interval(secs => (select count(*) from public.events_handling h where h.event_id = new.event_id));
  return new;
end
$$;
create trigger take_turn before insert on events_handling for each row execute function events_take_turn();
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0002_initial")]

    operations = [
        reference("events_world"),
        secure(
            "events_event",
            [Policy("record", "insert", check="true")],
            web="insert",
            worker="select, insert",
        ),
        secure(
            "events_handling",
            [Policy("record", "insert", check="true")],
            web="insert",
            worker="select, insert, update",
        ),
        migrations.RunSQL(
            TURNS,
            "drop trigger take_turn on events_handling;"
            " drop function events_take_turn(); drop function events_turn(uuid)",
        ),
    ]
