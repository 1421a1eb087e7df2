"""What the story's keys stand for, who recorded what, and what they wrote."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from hesley_hub.demo import words
from hesley_hub.demo.country import HOMES, MANAGERS_HOME, SECOND_HOME
from hesley_hub.demo.draws import pick, share
from hesley_hub.demo.keys import key
from hesley_hub.demo.people import visitor_of
from hesley_hub.demo.stays import residents
from hesley_hub.demo.story import Story
from hesley_hub.demo.world import authority_of, holder, hospital_near
from homes.models import Adult, Child, Home
from incidents import past
from incidents.record.actions import NewRecord, record_told
from incidents.record.happening import Happening
from incidents.reg40.actions import Notification, record_notification
from oversight.risk.engine import Record
from oversight.visits import actions as visits
from oversight.visits.models import Visit

if TYPE_CHECKING:
    from incidents.record.models import Incident

#: Notices of so many last days have their duties; this share of them was done at once.
WITH_DUTIES, TOLD = timedelta(days=14), 0.75
#: Visits of so many days before the evening bring what children said, and recommendations.
VOICES, RECOMMENDED = timedelta(days=150), timedelta(days=365)


class StoryCast:
    """The cast of the demonstration (hesley_hub.replay.pouring.Cast)."""

    def __init__(self, told: Story) -> None:
        self.told = told
        self._placed_by = {one.child: authority_of(one) for one in told.placements}
        self._homes = {home.urn: home for home in Home.objects.all()}

    def home(self, urn: str) -> Home:
        return self._homes[urn]

    def child(self, key_: str) -> Child:
        return _child(key_)

    def adult(self, key_: str) -> Adult:
        return Adult(id=key("adult", key_))

    def by_provider(self, record: Record) -> bool:
        return record.source in ("home", "child")

    def save(self, record: Record, new: NewRecord, now: datetime) -> "Incident":
        """By the past's own action; the latest notices of two homes as their managers' forms do, with their duties."""
        by = key("person", self._author(record))
        recent = self.told.evening - record.recorded_on < WITH_DUTIES
        if recent and record.stream == "reg40" and record.urn in (MANAGERS_HOME, SECOND_HOME):
            return notify(record, new, by, now)
        return past.record_past(new=new, by=by, now=now)

    def _author(self, record: Record) -> str:
        if self.by_provider(record):
            return holder("registered_manager", record.urn)
        if record.source in ("lado", "police"):
            return holder("lado", HOMES[record.urn].host)
        if record.source == "hospital":
            return hospital_near(record.urn)
        if record.source in ("placing_authority", "parent"):
            return holder("placing_authority", self._placed_by[record.child])
        return holder("inspector", "ofsted")

    def visitor(self, record: Record) -> UUID:
        return key("person", visitor_of(record.urn))

    def shared_why(self, record: Record) -> str:
        addressed = record.stream == "complaint" and share(f"addressed {record.reference}") < 0.6
        return "" if self.by_provider(record) or not addressed else "The complaint was addressed to the home"

    def narrative(self, record: Record) -> str:
        return words.narrative(record)

    def client_id(self, record: Record) -> UUID:
        return key("form", record.reference)

    def report(self, record: Record, visit: Visit) -> visits.NewReport:
        opinion = next(iter(record.details() & {"yes", "partly", "no"}), "yes")
        well_being = "partly" if share(f"well-being {record.reference}") < 0.04 else "yes"
        living = residents(self.told.placements, record.urn, record.occurred_on)
        seen = max(len(living) - int(share(f"seen {record.reference}") * 3), 0)
        recent = self.told.evening - record.occurred_on
        return visits.NewReport(
            visit=visit,
            safeguarded=opinion,
            safeguarded_reasons=words.OPINIONS[opinion],
            well_being=well_being,
            well_being_reasons=words.WELL_BEING[well_being],
            children_living=len(living),
            children_seen=seen,
            children_private=max(seen - 1, 0),
            staff_private=2,
            said=[self._said(record, living)] if living and recent < VOICES else [],
            recommendations=self._recommended(record) if recent < RECOMMENDED else [],
            reference=record.reference,
        )

    def _said(self, record: Record, living: list[str]) -> visits.ChildSaid:
        method, text, symbols, _ = pick(words.CHILDREN_SAY, f"said {record.reference}")
        return visits.ChildSaid(
            child=_named_child(pick(living, f"child {record.reference}")),
            words=text,
            symbols=symbols,
            method=method,
            share=share(f"agreed {record.reference}") < 0.7,
        )

    def _recommended(self, record: Record) -> list[visits.NewRecommendation]:
        if share(f"recommends {record.reference}") > 0.35:
            return []
        text = pick(words.RECOMMENDATIONS, record.reference)
        consider_by = record.recorded_on + timedelta(days=28)
        return [visits.NewRecommendation(text=text, consider_by=consider_by)]


def notify(record: Record, new: NewRecord, by: UUID, now: datetime) -> "Incident":
    """A notice with everybody who must be told of it; most of them were told at once, some not yet."""
    happening = Happening(
        home=new.home,
        occurred_at=new.occurred_at,
        known_at=new.known_at,
        narrative=new.narrative,
        severity=new.severity,
        children=new.children,
        client_id=new.client_id,
    )
    incident = record_notification(
        notification=Notification(happening=happening, event="40(4)(e)"), by=by, now=now
    )
    for duty in incident.duties.all():
        if share(f"told {record.reference} {duty.code}") < TOLD:
            record_told(duty=duty, at=now, by=by, now=now)
    return incident


def _child(name: str) -> Child:
    return Child(id=key("child", name))


@lru_cache(maxsize=2000)
def _named_child(name: str) -> Child:
    return Child.objects.get(pk=key("child", name))
