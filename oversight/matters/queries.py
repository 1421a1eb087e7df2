"""What stands of a home's LADO and hospital records: which have the home's own notice, and which lack it.

A missing notice is a question, not a finding: not every attendance is notifiable.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.db import models

from events.clock import london_day
from homes.access import capacities
from homes.crossing import Standing as Decided
from homes.models import Home
from homes.roles import ROLES, Picture
from incidents.record import queries as records
from oversight.matters.models import MatterLink
from oversight.risk import engine
from oversight.risk.engine.matching import NOTICE_AFTER
from oversight.risk.queries import engine_world

STREAM_WORDS = {
    "reg40": "Reg 40",
    "lado": "LADO",
    "whistleblowing": "Whistleblowing",
    "complaint": "Complaints",
    "hospital": "Hospital",
}
SOURCE_WORDS = {
    "home": "the home",
    "lado": "the LADO",
    "hospital": "a hospital",
    "placing_authority": "a placing authority",
    "regulator": "the regulator",
    "visitor": "the visitor",
    "whistleblower": "a whistleblower",
    "police": "the police",
    "parent": "a parent",
    "child": "a child",
}
#: Streams whose records ask for a notice under regulation 40.
ASKING = ("lado", "hospital")


class Notice(StrEnum):
    """How a record stands to the home's own notice of the same matter."""

    MATCHED = "matched"
    WAITING = "no notice yet"
    DUTY_MISSED = "duty missed"
    OUTSIDE_ONLY = "known outside only"


@dataclass(frozen=True)
class Standing:
    """One LADO or hospital record. notice: reference of the matching notice; judge_on: when its days are over."""

    reference: str
    stream: str
    source: str
    occurred_on: date
    state: Notice
    judge_on: date
    notice: str = ""

    @property
    def stream_words(self) -> str:
        return STREAM_WORDS[self.stream]

    @property
    def source_words(self) -> str:
        return SOURCE_WORDS[self.source]


def standing_of(home: Home, now: datetime) -> list[Standing]:
    """Each LADO and hospital record of a home against its notices, as the database shows them to whoever asks.

    Newest first. Read it as somebody who sees the home's records whole (the regulator, the visitor, the worker): for
    anybody else a notice that they may not see would pass for one that was never made.
    """
    world = engine_world([home])
    found, decisions = world.records.get(home.urn, []), world.decisions.get(home.urn, [])
    today = london_day(now)
    missing = {one.reference: one for one in engine.missing_notices(found, today, decisions)}
    rows = []
    for matter in engine.matters(found, today, decisions):
        notice = next((record.reference for record in matter if record.stream == "reg40"), "")
        rows += [
            _standing(record, notice, missing.get(record.reference))
            for record in matter
            if record.stream in ASKING
        ]
    return sorted(rows, key=lambda row: (row.occurred_on, row.reference), reverse=True)


def _standing(record: engine.Record, notice: str, missing: engine.MissingNotice | None) -> Standing:
    if notice:
        state = Notice.MATCHED
    elif missing is None:
        state = Notice.WAITING
    else:
        state = Notice.DUTY_MISSED if missing.duty_missed else Notice.OUTSIDE_ONLY
    return Standing(
        reference=record.reference,
        stream=record.stream,
        source=record.source,
        occurred_on=record.occurred_on,
        state=state,
        judge_on=record.recorded_on + NOTICE_AFTER,
        notice=notice,
    )


@dataclass(frozen=True)
class Side:
    """One of the two records of a link, as a reader chooses between them."""

    reference: str
    stream: str
    source: str
    occurred_on: date


@dataclass(frozen=True)
class LinkShown:
    """Two records that may be about one matter, how the link came about and who decided it."""

    link: MatterLink
    first: Side
    second: Side
    days_apart: int


def links_of(home: Home, viewer: UUID, now: datetime) -> list[LinkShown]:
    """The links of a home that the viewer may read, undecided first, then newest records first."""
    links = MatterLink.objects.filter(home=home, home_id__in=_homes(viewer, now)).select_related("decided_by")
    rows = {row.id: row for row in records.history_for(viewer, [home.pk], now)}
    shown = []
    for link in links:
        sides = [rows.get(key) for key in (link.first_id, link.second_id)]
        if None in sides:
            continue
        first, second = sorted(
            (_side(row) for row in sides if row is not None), key=lambda side: side.occurred_on
        )
        shown.append(LinkShown(link, first, second, (second.occurred_on - first.occurred_on).days))
    undecided_last = sorted(shown, key=lambda one: one.second.occurred_on, reverse=True)
    return sorted(undecided_last, key=lambda one: one.link.state != MatterLink.State.PROPOSED)


def _side(row: records.RecordRow) -> Side:
    words = STREAM_WORDS[row.stream], SOURCE_WORDS[row.source]
    return Side(row.reference, *words, london_day(row.occurred_at))


def _homes(viewer: UUID, now: datetime) -> models.QuerySet[Home]:
    return Home.objects.visible_to(viewer, now, [Picture.REGULATOR])


#: What a person's decision is called on the form.
DECISIONS = {MatterLink.State.CONFIRMED.value: "same", MatterLink.State.REFUSED.value: "different"}


def decision_of(link: MatterLink) -> Decided:
    """The decision as it stands, as the form asks it; it says nothing while no person decided."""
    says = {"decision": DECISIONS.get(link.state, ""), "reason": link.reason}
    return Decided(says, link.decided_by.name if link.decided_by else "", link.decided_at)


def may_decide(viewer: UUID, home: UUID, now: datetime) -> bool:
    """Whether the person answers for the regulator here; a joint inspector reads and decides nothing."""
    return any(
        capacity.picture is Picture.REGULATOR and ROLES[capacity.role].acknowledges
        for capacity in capacities(viewer, home, now)
        if capacity.role in ROLES
    )
