"""How duties read to the person who must tell: by when, whom, on which number, under which law."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from events.clock import LONDON
from homes.models import DutyMailbox, Home, Organisation
from incidents.record.duties import Recipient, rule_of
from incidents.record.models import Duty

DESK, HOURS = DutyMailbox.Desk, DutyMailbox.Hours
AWAKE = (HOURS.ALWAYS, HOURS.OUT_OF_HOURS)
#: A duty nearer than this is shown as pressing.
SOON = timedelta(hours=4)
Item = dict[str, Any]


class AnyDuty(Protocol):
    """A duty that is owed, or one that stands in the record already."""

    @property
    def code(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def who(self) -> str: ...
    @property
    def legal_basis(self) -> str: ...
    @property
    def without_delay(self) -> bool: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def organisation(self) -> Organisation | None: ...


@dataclass(frozen=True)
class Numbers:
    """Telephone numbers of duty desks, by organisation and desk."""

    desks: Mapping[tuple[UUID, str], Sequence[DutyMailbox]]

    @classmethod
    def of(cls, organisations: Iterable[Organisation | None]) -> "Numbers":
        wanted = {one.pk for one in organisations if one}
        desks: dict[tuple[UUID, str], list[DutyMailbox]] = {}
        for box in DutyMailbox.objects.filter(organisation__in=wanted).order_by("hours"):
            desks.setdefault((box.organisation_id, box.desk), []).append(box)
        return cls(desks)

    def at(self, organisation: Organisation | None, desk: str) -> Sequence[DutyMailbox]:
        return self.desks.get((organisation.pk, desk), ()) if organisation else ()

    def awake(self, organisation: Organisation | None, desk: str) -> bool:
        """True where somebody answers out of hours: only then may a page say "now"."""
        return any(box.hours in AWAKE for box in self.at(organisation, desk))

    def said(self, organisation: Organisation | None, desk: str) -> str:
        boxes = [box for box in self.at(organisation, desk) if box.phone]
        return ", ".join(f"{box.phone} ({box.get_hours_display()})" for box in boxes)


def danger_numbers(home: Home) -> list[Item]:
    """Whom to ring where a child is in danger now: 999, then the host authority's social care."""
    host = home.host_authority
    items: list[Item] = [{"who": "Police and ambulance", "number": "999", "when": "day and night"}]
    if host:
        items += [
            {
                "who": f"{host.name} children’s social care",
                "number": box.phone,
                "when": box.get_hours_display(),
            }
            for box in Numbers.of([host]).at(host, DESK.SOCIAL_CARE)
            if box.phone
        ]
    return items


def said_when(moment: datetime, now: datetime) -> str:
    """17:00 today, 21:40 tonight, 09:00 tomorrow, or 17:00 on Wed 25 Nov 2026; London time."""
    local, today = moment.astimezone(LONDON), now.astimezone(LONDON).date()
    days = (local.date() - today).days
    if days == 0:
        return f"{local:%H:%M} {'tonight' if local.hour >= 18 else 'today'}"
    if days == 1:
        return "midnight tonight" if local.hour == local.minute == 0 else f"{local:%H:%M} tomorrow"
    return f"{local:%H:%M} on {local:%a} {local.day} {local:%b %Y}"


def length(span: timedelta) -> str:
    """3 h, 40 min or 2 days: roughly, as people say it."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return f"{max(minutes, 1)} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // 1440} days"


def items(duties: Sequence[AnyDuty], now: datetime) -> list[Item]:
    """Duties as the component tell.html shows them, in the order of their rank and then of their deadline."""
    numbers = Numbers.of(duty.organisation for duty in duties)

    def order(duty: AnyDuty) -> tuple[int, datetime]:
        rule = rule_of(duty.code, duty.version)
        return (rule.rank if rule else 99, duty.due_at)

    return [item(duty, numbers, now) for duty in sorted(duties, key=order)]


def item(duty: AnyDuty, numbers: Numbers, now: datetime) -> Item:
    """One duty in words."""
    rule = rule_of(duty.code, duty.version)
    desk = str(rule.desk) if rule else str(DESK.DUTY)
    phone = numbers.said(duty.organisation, desk)
    told_at = getattr(duty, "told_at", None)
    late, left = duty.due_at < now, duty.due_at - now
    awake = numbers.awake(duty.organisation, desk) or bool(rule and rule.recipient is Recipient.POLICE)
    return {
        "by": _by(duty, awake=awake, late=late and not told_at, now=now),
        "left": "" if told_at else (f"{length(-left)} late" if late else f"{length(left)} left"),
        "soon": not told_at and not late and left <= SOON,
        "late": not told_at and late,
        "who": duty.who,
        "why": " ".join(part for part in (rule.why if rule else "", f"{phone}." if phone else "") if part),
        "law": duty.legal_basis,
        "warning": rule.warning if rule else "",
        "told": _told(duty) if told_at else "",
        "ofsted": bool(rule and rule.recipient is Recipient.OFSTED),
        "duty": duty,
    }


def _by(duty: AnyDuty, *, awake: bool, late: bool, now: datetime) -> str:
    when = said_when(duty.due_at, now)
    if late:
        return f"Now. It was due by {when}" if awake and duty.without_delay else f"It was due by {when}"
    if not duty.without_delay:
        return f"By {when}"
    return f"Now; at the latest by {when}" if awake else f"Without delay; at the latest by {when}"


def _told(duty: AnyDuty) -> str:
    if not isinstance(duty, Duty) or duty.told_at is None:
        return ""
    local = duty.told_at.astimezone(LONDON)
    words = f"Told {local.day} {local:%b %Y}, {local:%H:%M}"
    if duty.told_by:
        words += f", recorded by {duty.told_by.name}"
    if duty.told_reference:
        words += f", reference {duty.told_reference}"
    if duty.told_at > duty.due_at:
        words += f". Late by {length(duty.told_at - duty.due_at)}"
        words += f": {duty.reason_late}" if duty.reason_late else ""
    return words
