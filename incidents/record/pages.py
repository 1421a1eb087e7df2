"""What the page of one record shows to one reader: children by marks, adults by right, duties by clock."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from events.clock import LONDON
from homes.access import capacities
from homes.models import AccessChild, Adult, Child
from homes.roles import Picture
from incidents.record import marks
from incidents.record.models import AdultInvolvement, Incident, Involvement
from incidents.record.rights import NAMES_ADULTS
from incidents.recording.flow import Flow
from incidents.recording.questions import SEVERITY

Row = dict[str, Any]


@dataclass(frozen=True)
class Reader:
    """What one person may read in the records of one home."""

    names_adults: bool
    by_provider: bool
    visits: bool = False


def reader(user: UUID, home: UUID, now: datetime) -> Reader:
    held = capacities(user, home, now)
    return Reader(
        names_adults=any(capacity.role in NAMES_ADULTS for capacity in held),
        by_provider=any(capacity.picture is Picture.PROVIDER for capacity in held),
        visits=any(capacity.picture is Picture.VISITOR for capacity in held),
    )


def initials(parts: list[Involvement], user: UUID, now: datetime) -> dict[str, str]:
    """Mark to initials, for the children whom the person may see; the others are left out."""
    keys = [part.child_id for part in parts]
    own = AccessChild.objects.in_force(user, now).filter(child_id__in=keys).values("child_id")
    seen = (
        Child.objects.visible_to(user, now).filter(pk__in=keys) | Child.objects.filter(pk__in=own).distinct()
    )
    known = {child.pk: child.initials for child in seen}
    return {part.mark: known[part.child_id] for part in parts if part.child_id in known}


def rows(incident: Incident, flow: Flow, user: UUID, now: datetime) -> list[Row]:
    """The record as questions and answers, as this person may read it."""
    parts = list(Involvement.objects.filter(incident=incident).order_by("mark"))
    known = initials(parts, user, now)
    may = reader(user, incident.home_id, now)
    closed = _closed(parts, user, now) if may.visits else frozenset()
    found = [
        ("Children", _children(incident, parts, known)),
        ("When it happened", ("about " if incident.occurred_about else "") + _moment(incident.occurred_at)),
        ("When they came to know", _moment(incident.known_at)),
        ("Recorded", f"{_moment(incident.recorded_at)}, by {incident.recorded_by.name}"),
        ("Severity", dict(SEVERITY).get(str(incident.severity), "")),
        ("Adult of concern", _adults(incident, names=may.names_adults)),
        ("What happened", incident.narrative),
        *flow.facts(incident),
        *(
            (f"In the words of child {part.mark}", part.account)
            for part in parts
            if part.child_id not in closed
        ),
    ]
    return [{"key": key, "value": marks.rendered(value, known)} for key, value in found if value]


def _closed(parts: list[Involvement], user: UUID, now: datetime) -> frozenset[UUID]:
    """Children whose own account is part of a case record that is closed to the reader."""
    keys = {part.child_id for part in parts}
    opened = Child.objects.case_open_to(user, now).filter(pk__in=keys).values_list("pk", flat=True)
    return frozenset(keys - set(opened))


def _children(incident: Incident, parts: list[Involvement], known: dict[str, str]) -> str:
    named = [f"Child {part.mark}: {known[part.mark]}" for part in parts if part.mark in known]
    others = len(incident.child_ids) - len(named)
    if others:
        named.append(f"{others} {'child' if others == 1 else 'children'} whose name you may not see")
    return ", ".join(named)


def _adults(incident: Incident, *, names: bool) -> str:
    keys = list(AdultInvolvement.objects.filter(incident=incident).values_list("adult_id", flat=True))
    if not keys:
        return ""
    people = list(Adult.objects.filter(pk__in=keys).order_by("name").values_list("name", flat=True))
    if names and people:
        return ", ".join(people)
    return "One person" if len(keys) == 1 else f"{len(keys)} people"


def sharing(incident: Incident, user: UUID, now: datetime) -> str:
    """Whether the provider knows of it, and who said so."""
    if incident.by_provider:
        return "The home recorded this."
    if reader(user, incident.home_id, now).by_provider:
        return f"Shared with the provider on {_moment(incident.shared_with_provider_at or now)}."
    if incident.shared_with_provider_at:
        who = incident.shared_with_provider_by
        return (
            f"Shared with the provider on {_moment(incident.shared_with_provider_at)}"
            f" by {who.name if who else 'somebody'}: {incident.shared_with_provider_why}"
        )
    return "The provider has not been shown this record."


def _moment(when: datetime) -> str:
    local = when.astimezone(LONDON)
    return f"{local:%a} {local.day} {local:%b %Y}, {local:%H:%M}"
