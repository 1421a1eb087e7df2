"""What matters do when a home's records were looked at anew."""

from datetime import datetime

from events.registry import Fact
from homes.models import Home
from oversight.matters import actions
from oversight.matters.facts import MatterDecided
from oversight.risk.facts import HomeAssessed


def propose_on_assessment(fact: HomeAssessed, *, now: datetime) -> None:
    """A record was added, shared or withdrawn: the rule may now join others."""
    _propose(fact, now)


def propose_on_decision(fact: MatterDecided, *, now: datetime) -> None:
    """A refused link frees both records for the next nearest."""
    _propose(fact, now)


def _propose(fact: Fact, now: datetime) -> None:
    if fact.home_id is not None:
        actions.propose(home=Home.objects.get(pk=fact.home_id), now=now)
