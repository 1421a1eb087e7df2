"""What happens when a heartbeat's event is handled."""

from datetime import datetime

from oversight.heartbeat import actions
from oversight.heartbeat.facts import HeartbeatBegan


def owe_heartbeat(fact: HeartbeatBegan, *, now: datetime) -> None:
    """Its e-mail is owed, as an alert's would be."""
    actions.owe(heartbeat=fact.heartbeat_id, now=now)
