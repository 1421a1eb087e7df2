"""What came of LADO referrals in the story: most are decided within three months; a few were false."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from events.deadlines import start_of_day
from hesley_hub.demo.country import HOMES, MANAGERS_HOME
from hesley_hub.demo.draws import pick, share
from hesley_hub.demo.keys import key
from hesley_hub.demo.world import holder
from incidents.lado import actions as lado
from oversight.risk.engine import Record

if TYPE_CHECKING:
    from incidents.record.models import Incident

DECIDED, SENT = 0.75, 0.6
AFTERNOON = timedelta(hours=15)
OUTCOMES = (
    *("unsubstantiated", "unsubstantiated", "substantiated", "substantiated", "unfounded", "unfounded"),
    *("unsubstantiated", "substantiated", "unsubstantiated", "false"),
)


class Outcomes:
    """Remembers referrals until the day on which the LADO decides. What is undecided at the end stays undecided."""

    def __init__(self) -> None:
        self._pending: dict[date, list[tuple[Record, Incident]]] = defaultdict(list)

    def decide(self, day: date, saved: Iterable[tuple[Record, "Incident"]]) -> None:
        """Take note of the day's referrals, and decide those whose day has come."""
        for record, incident in saved:
            if record.stream == "lado" and share(f"decided {record.reference}") < DECIDED:
                wait = 20 + int(70 * share(f"wait {record.reference}"))
                self._pending[record.recorded_on + timedelta(days=wait)].append((record, incident))
        for record, incident in self._pending.pop(day, []):
            self._decide(record, incident, day)

    def _decide(self, record: Record, incident: "Incident", day: date) -> None:
        now = start_of_day(day) + AFTERNOON
        by = key("person", holder("lado", HOMES[record.urn].host))
        outcome = pick(OUTCOMES, f"outcome {record.reference}")
        if outcome == "false" and record.urn == MANAGERS_HOME:
            outcome = "unfounded"  # the home's place on the brink rests on its counts
        lado.record_outcome(incident=incident, outcome=outcome, by=by, now=now)
        if share(f"sent {record.reference}") < SENT:
            lado.send_outcome_to_home(incident=incident, by=by, now=now + timedelta(minutes=5))
