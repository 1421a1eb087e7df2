"""What a run left in its database and at the mail server, as plain values for the checker."""

from collections import defaultdict
from pathlib import Path

from faults import ledger
from faults.checker import Alert, Found, Owed, Record, Step, Taken
from faults.hub import Hub

RECORDS = """
select i.id::text, i.client_id::text, i.reference, h.urn, extract(epoch from i.recorded_at)::float
from incidents_incident i join homes_home h on h.id = i.home_id"""
ALERTS = """
select id::text, picture, coalesce(set_off_by::text, ''), coalesce(home_id::text, ''), kind, ended_at is not null
from oversight_alert"""
STEPS = """
select s.id::text, s.alert_id::text, s.branch_id::text, b.organisation_id::text, s.number,
    extract(epoch from s.opened_at)::float, extract(epoch from s.due_at)::float, b.state = 'waiting'
from oversight_step s join oversight_branch b on b.id = s.branch_id"""
#: An e-mail that left in another's carries the other's Message-ID. Heartbeats are tried once and owed to nobody.
OWED = """
select d.id::text, coalesce(c.message_id, d.message_id), d.address, d.state, extract(epoch from d.owed_since)::float,
    exists (select from oversight_attempt a where a.delivery_id = d.id and a.result like 'withheld%'), d.purpose = 'mail'
from oversight_delivery d left join oversight_delivery c on c.id = d.carried_by_id"""
#: Which e-mail told of which step.
TELLINGS = "select id::text, step_id::text from oversight_delivery where step_id is not null"
HANDLINGS = """
select count(*) filter (where done_at is null and parked_at is null), count(*) filter (where parked_at is not null)
from events_handling"""
#: What a run waits for before it is looked at: nothing to handle, nothing owed for long, nothing overdue for long.
WAITING = """
select (select count(*) from events_handling where done_at is null and parked_at is null)
    + (select count(*) from oversight_delivery where state = 'owed' and purpose = 'mail' and owed_since < now() - interval '4 seconds')
    + (select count(*) from oversight_branch where state = 'waiting' and due_at < now() - interval '4 seconds')"""


def waiting(hub: Hub) -> int:
    """How many things the hub still has to deal with."""
    return int(hub.statement(WAITING)[0][0])


def unhandled(hub: Hub) -> int:
    """How many handlings are open."""
    return int(hub.statement(HANDLINGS)[0][0])


def found(hub: Hub) -> Found:
    """Everything, read once the processes have ended."""
    tellings: dict[str, list[str]] = defaultdict(list)
    for delivery, step in hub.statement(TELLINGS):
        tellings[delivery].append(step)
    unhandled, parked = hub.statement(HANDLINGS)[0]
    return Found(
        records=[Record(*row) for row in hub.statement(RECORDS)],
        alerts=[Alert(*row) for row in hub.statement(ALERTS)],
        steps=[Step(*row) for row in hub.statement(STEPS)],
        owed=[
            Owed(key, message, address, state, since, tuple(tellings[key]), withheld, binding)
            for key, message, address, state, since, withheld, binding in hub.statement(OWED)
        ],
        taken=_taken(hub.taken),
        unhandled=unhandled,
        parked=parked,
        at=float(hub.statement("select extract(epoch from now())::float")[0][0]),
    )


def _taken(file: Path) -> list[Taken]:
    return [Taken(line["message_id"], line["at"], line["said"]) for line in ledger.read_lines(file)]
