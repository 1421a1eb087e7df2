"""Who must be told of a record, by when and under which law: one table, and the code that reads it.

The clocks say when the hub counts a telling as late. Where the law says "without delay" and gives no number, the number
is a choice of this product, stated in the row.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from events import deadlines
from events.clock import london_day
from homes.models import Child, DutyMailbox, Home, Organisation, Placement
from homes.roles import Kind
from incidents.record.actions import DutyOwed
from incidents.record.models import Stream

#: The regulator that takes notifications, by its name among the organisations.
OFSTED = "Ofsted"
DESK = DutyMailbox.Desk


class Recipient(StrEnum):
    SOCIAL_CARE = "social_care"
    POLICE = "police"
    OFSTED = "ofsted"
    PLACING = "placing_authority"
    HOST = "host_authority"
    ICB = "icb"
    MINISTER = "secretary_of_state"
    PPO = "ppo"
    LADO = "lado"
    RELEVANT = "relevant"
    PAEDIATRICIAN = "paediatrician"
    ALL_TOLD = "all_told"


class Trigger(StrEnum):
    """What must be so before a rule holds."""

    ALWAYS = "always"
    HARM = "harm"  # harm by somebody is suspected
    CRIME = "crime"  # a crime may have been committed
    CANNOT_MOVE = "cannot_move"  # injury to a child who cannot move about alone


@dataclass(frozen=True, kw_only=True)
class Clock:
    """One of: elapsed hours, working days ending at 17:00, or the London day itself."""

    hours: int = 0
    working_days: int = 0

    def due(self, known_at: datetime) -> datetime:
        if self.hours:
            return deadlines.after_hours(known_at, self.hours)
        if self.working_days:
            return deadlines.after_working_days(known_at, self.working_days)
        return deadlines.end_of_day(london_day(known_at))


@dataclass(frozen=True, kw_only=True)
class DutyRule:
    """One duty. events empty: every event of the stream. provider_only: it binds the registered person alone."""

    code: str
    rank: int
    streams: frozenset[str]
    recipient: Recipient
    clock: Clock
    why: str
    legal_basis: str
    events: frozenset[str] = frozenset()
    trigger: Trigger = Trigger.ALWAYS
    provider_only: bool = True
    without_delay: bool = True
    desk: str = DESK.DUTY
    warning: str = ""
    version: int = 1
    effective_from: date = date(2015, 4, 1)


def _streams(*names: str) -> frozenset[str]:
    return frozenset(names)


AT_ONCE, A_DAY, WORKING_DAY, SAME_DAY = Clock(hours=4), Clock(hours=24), Clock(working_days=1), Clock()
DEATH, DBS = frozenset({"40(1)"}), frozenset({"40(3)"})
ALLEGATION = frozenset({"40(4)(c)"})
HARMFUL = frozenset({"40(4)(a)", "40(4)(c)"})
SERIOUS = frozenset({f"40(4)({limb})" for limb in ("a", "b", "c", "d)(i", "d)(ii", "e")})
_R40, _LADO, _HOS = _streams(Stream.REG40), _streams(Stream.LADO), _streams(Stream.HOSPITAL)

RULES: tuple[DutyRule, ...] = (
    DutyRule(code="social_care", rank=1, streams=_R40 | _LADO | _HOS, trigger=Trigger.HARM,
             recipient=Recipient.SOCIAL_CARE, clock=AT_ONCE, desk=DESK.SOCIAL_CARE, provider_only=False,
             why="A child may have been harmed by somebody.",
             warning="Agree with them what is said to the child, and when.",
             legal_basis="Reg 34; Working Together to Safeguard Children"),
    DutyRule(code="police", rank=2, streams=_R40 | _LADO | _HOS, trigger=Trigger.CRIME,
             recipient=Recipient.POLICE, clock=AT_ONCE, provider_only=False,
             why="A crime may have been committed.",
             legal_basis="Working Together to Safeguard Children"),
    DutyRule(code="injury_social_care", rank=1, streams=_HOS, trigger=Trigger.CANNOT_MOVE,
             recipient=Recipient.SOCIAL_CARE, clock=SAME_DAY, desk=DESK.SOCIAL_CARE, provider_only=False,
             why="An injury to a child who cannot move about alone is always looked into.",
             legal_basis="Local safeguarding partners' procedure on injury in children who are not mobile"),
    DutyRule(code="injury_paediatrician", rank=3, streams=_HOS, trigger=Trigger.CANNOT_MOVE,
             recipient=Recipient.PAEDIATRICIAN, clock=SAME_DAY, provider_only=False,
             why="Ask for an urgent paediatric opinion.",
             legal_basis="Local safeguarding partners' procedure on injury in children who are not mobile"),
    *(DutyRule(code=f"death_{recipient}", rank=10, streams=_R40, events=DEATH, recipient=recipient, clock=AT_ONCE,
               why="A child has died.", legal_basis="Reg 40(1)")
      for recipient in (Recipient.OFSTED, Recipient.PLACING, Recipient.MINISTER, Recipient.HOST, Recipient.ICB,
                        Recipient.PPO, Recipient.RELEVANT)),
    *(DutyRule(code=f"dbs_{recipient}", rank=20, streams=_R40, events=DBS, recipient=recipient, clock=A_DAY,
               why="A person working here was referred to the Disclosure and Barring Service.",
               legal_basis="Reg 40(3)")
      for recipient in (Recipient.OFSTED, Recipient.PLACING, Recipient.RELEVANT)),
    *(DutyRule(code=f"serious_{recipient}", rank=20, streams=_R40, events=SERIOUS, recipient=recipient, clock=A_DAY,
               why="A serious event is notified without delay.", legal_basis="Reg {event}")
      for recipient in (Recipient.OFSTED, Recipient.RELEVANT)),
    DutyRule(code="lado", rank=15, streams=_R40, events=ALLEGATION, recipient=Recipient.LADO, clock=WORKING_DAY,
             without_delay=False, desk=DESK.LADO, why="One working day from when you knew.",
             warning="Do not question the worker first.",
             legal_basis="Working Together to Safeguard Children 2023; local LADO procedure"),
    DutyRule(code="lado_referral", rank=15, streams=_LADO, recipient=Recipient.LADO, clock=WORKING_DAY,
             without_delay=False, desk=DESK.LADO, why="One working day from when you knew.",
             warning="Do not question the worker first.",
             legal_basis="Working Together to Safeguard Children 2023; local LADO procedure"),
    DutyRule(code="lado_ofsted", rank=20, streams=_LADO, recipient=Recipient.OFSTED, clock=A_DAY,
             why="An allegation against a person working here is also notified. Record it as Reg 40 too.",
             legal_basis="Reg 40(4)(c)"),
    DutyRule(code="in_writing", rank=30, streams=_R40, recipient=Recipient.ALL_TOLD, clock=A_DAY,
             without_delay=False, why="Confirm in writing what you said by telephone.",
             legal_basis="Reg 40, confirmation in writing; check the wording with your authority"),
)  # fmt: skip

_BY_CODE = {(rule.code, rule.version): rule for rule in RULES}

#: Relevant persons that the registered person may name; the key, and how it reads.
RELEVANT = {
    "placing_authority": "The placing authority",
    "social_worker": "The child’s social worker",
    "iro": "The independent reviewing officer",
    "parents": "Parents, as the child’s plan allows",
    "host_authority": "The host authority’s children’s social care",
    "icb": "The integrated care board",
    "health": "Health staff who know the child",
    "school": "The child’s school",
    "police": "The police",
    "advocate": "The child’s advocate",
}


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What the duties of a record follow from. relevant: keys of RELEVANT, as decided and recorded."""

    home: Home
    stream: str
    known_at: datetime
    by_provider: bool
    event: str = ""
    children: Sequence[Child] = ()
    harm: bool = False
    crime: bool = False
    moves_alone: bool | None = None
    relevant: Sequence[str] = ()

    def holds(self, trigger: Trigger) -> bool:
        return {
            Trigger.ALWAYS: True,
            Trigger.HARM: self.harm or self.crime or self.event in HARMFUL,
            Trigger.CRIME: self.crime,
            Trigger.CANNOT_MOVE: self.moves_alone is False,
        }[trigger]


@dataclass(frozen=True)
class _Told:
    who: str
    organisation: Organisation | None = None


def rule_of(code: str, version: int) -> DutyRule | None:
    """The row that a duty was made from."""
    return _BY_CODE.get((code, version))


def owed(circumstances: Circumstances) -> list[DutyOwed]:
    """Everybody who must be told, the most pressing first; each organisation once."""
    found: list[tuple[int, datetime, DutyOwed]] = []
    seen: set[tuple[str, UUID | None]] = set()
    for rule in RULES:
        if not _applies(rule, circumstances):
            continue
        due = rule.clock.due(circumstances.known_at)
        for told in _RECIPIENTS[rule.recipient](circumstances):
            key = (told.who, told.organisation.pk if told.organisation else None)
            if key in seen:
                continue
            seen.add(key)
            found.append((rule.rank, due, _owed(rule, told, due, circumstances.event)))
    return [item for _, _, item in sorted(found, key=lambda each: each[:2])]


def _applies(rule: DutyRule, so: Circumstances) -> bool:
    return (
        so.stream in rule.streams
        and (not rule.events or so.event in rule.events)
        and so.holds(rule.trigger)
        and (so.by_provider or not rule.provider_only)
        and rule.effective_from <= london_day(so.known_at)
    )


def _owed(rule: DutyRule, told: _Told, due: datetime, event: str) -> DutyOwed:
    return DutyOwed(
        code=rule.code,
        version=rule.version,
        who=told.who,
        organisation=told.organisation,
        legal_basis=rule.legal_basis.format(event=event),
        without_delay=rule.without_delay,
        due_at=due,
    )


def placing_authorities(home: Home, children: Sequence[Child], at: datetime) -> list[Organisation]:
    """Who placed these children (all who live there where none is named), in the order of their names."""
    placed = Placement.objects.filter(home=home, starts_at__lte=at).exclude(ends_at__lte=at)
    if children:
        placed = placed.filter(child__in=[child.pk for child in children])
    wanted = placed.values("placing_authority_id")
    return list(Organisation.objects.filter(pk__in=wanted).order_by("name"))


def _placing(so: Circumstances) -> Iterator[_Told]:
    for authority in placing_authorities(so.home, so.children, so.known_at):
        yield _Told(f"{authority.name}, who placed the child", authority)


def _host(so: Circumstances) -> Iterator[_Told]:
    host = so.home.host_authority
    placing = {authority.pk for authority in placing_authorities(so.home, so.children, so.known_at)}
    if host and host.pk not in placing:
        yield _Told(f"{host.name}, the host authority", host)


def _social_care(so: Circumstances) -> Iterator[_Told]:
    host = so.home.host_authority
    yield _Told(f"{host.name} children’s social care" if host else "The local children’s social care", host)


def _lado(so: Circumstances) -> Iterator[_Told]:
    host = so.home.host_authority
    yield _Told(f"{host.name} LADO" if host else "The LADO of the home’s area", host)


def _ofsted(so: Circumstances) -> Iterator[_Told]:
    regulator = Organisation.objects.filter(kind=Kind.REGULATOR, name=OFSTED).first()
    yield _Told("Ofsted, on its own form", regulator)


def _icb(so: Circumstances) -> Iterator[_Told]:
    if so.home.icb:
        yield _Told(so.home.icb.name, so.home.icb)


def _ppo(so: Circumstances) -> Iterator[_Told]:
    if so.home.kind == Home.HomeKind.SECURE:
        yield _Told("The Prisons and Probation Ombudsman")


def _relevant(so: Circumstances) -> Iterator[_Told]:
    for key in so.relevant:
        if key == "placing_authority":
            yield from _placing(so)
        elif key == "host_authority":
            yield from _social_care(so)
        elif key == "icb":
            yield from _icb(so)
        elif key == "police":
            yield from _police(so)
        elif key in RELEVANT:
            yield _Told(RELEVANT[key])


def _police(so: Circumstances) -> Iterator[_Told]:
    yield _Told("The police: 999 where there is danger, else 101")


def _named(who: str) -> Callable[[Circumstances], Iterator[_Told]]:
    return lambda so: iter([_Told(who)])


_RECIPIENTS: dict[Recipient, Callable[[Circumstances], Iterator[_Told]]] = {
    Recipient.SOCIAL_CARE: _social_care,
    Recipient.POLICE: _police,
    Recipient.OFSTED: _ofsted,
    Recipient.PLACING: _placing,
    Recipient.HOST: _host,
    Recipient.ICB: _icb,
    Recipient.MINISTER: _named("The Secretary of State for Education"),
    Recipient.PPO: _ppo,
    Recipient.LADO: _lado,
    Recipient.RELEVANT: _relevant,
    Recipient.PAEDIATRICIAN: _named("A paediatrician, through the hospital or community health"),
    Recipient.ALL_TOLD: _named("Everyone you told by telephone"),
}
