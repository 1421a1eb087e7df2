"""Random orders of what people inside and outside record, carried out twice: as it came, and without what the
provider cannot know of. The plan is plain data; ``Run`` carries it out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from events.context import acting_as
from homes.access import current_posts
from homes.models import Home
from homes.people.actions import break_glass
from incidents.complaints.actions import Complaint, record_complaint
from incidents.hospital.actions import Attendance, record_attendance
from incidents.lado.actions import Referral, record_outcome, record_referral, send_outcome_to_home
from incidents.lado.models import LadoOutcome
from incidents.record.actions import ChildPart, share_with_provider, withdraw
from incidents.record.happening import Happening
from incidents.record.models import Incident
from incidents.reg40.actions import Notification, record_notification
from incidents.whistleblowing.actions import Disclosure, record_disclosure
from oversight.escalation.actions import acknowledge
from oversight.escalation.models import Alert, Branch
from oversight.matters import actions as matters
from oversight.matters.models import Matter, MatterLink
from oversight.matters.queries import decision_of
from oversight.risk.actions import run_day
from oversight.visits.actions import NewConcern, raise_significant_concern
from tests.access import past
from tests.access.serving import served, signed_in
from tests.cast import Cast
from tests.conftest import owner, worker
from voice.heard import actions as voice
from voice.heard.models import View

T = TypeVar("T")
#: The number of the first record that was there before any step; the next are below it.
BEFORE = -2
#: kind -> who records it. What is `own` is the provider's from the start.
OWN = {
    "notice": "asha",
    "own_referral": "asha",
    "own_attendance": "ben",
    "own_complaint": "dan",
    "own_view": "ben",
}
ADDRESSED = {"addressed": "fran"}
OUTSIDE = {
    "disclosure": "mo",
    "attendance": "lee",
    "complaint": "fran",
    "said_to_worker": "hal",
    "referral": "ines",
    "told_advocate": "ola",
    "told_worker": "hal",
    "concern": "efe",
}
CLOSED = {"closed_attendance": "lee", "closed_referral": "ines"}
VIEWS = ("own_view", "told_advocate", "told_worker")
NEVER_SHARED = ("disclosure", "concern", "closed_attendance", "closed_referral")
WEIGHTS = {
    "outside": 12, "closed": 2, "own": 4, "addressed": 1, "share": 10, "amend": 4, "withdraw": 4, "outcome": 4,
    "send": 4, "decide": 4, "look": 1, "answer": 1, "glass": 1, "night": 2,
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One thing that somebody does. on: the number of the step that made what it is about; days: how long ago."""

    number: int
    what: str
    kind: str = ""
    on: int = -1
    other: int = -1
    days: float = 0
    child: str = "rowan"
    same: bool = True


def drawn(random: Random, length: int) -> list[Step]:
    """A plan. Pairs are decided on as they come: the run looks which ones the rule has proposed."""
    plan: list[Step] = []
    while len(plan) < length:
        made = [step for step in plan if step.kind]
        what = random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        number = len(plan)
        days = random.choice((0.5, 2.6, 3.2, 6, 20.2, 41, 90)) + number / 1000
        child = random.choice(("rowan", "sky"))
        if what in ("outside", "closed", "own", "addressed"):
            kinds = {"outside": OUTSIDE, "closed": CLOSED, "own": OWN, "addressed": ADDRESSED}[what]
            plan.append(Step(number, "record", random.choice(list(kinds)), days=days, child=child))
        elif what in ("share", "amend", "withdraw", "outcome", "send"):
            fits = [step for step in made if _fits(what, step.kind)]
            if fits:
                plan.append(Step(number, what, on=random.choice(fits).number, same=random.random() < 0.5))
        else:
            plan.append(Step(number, what, same=random.random() < 0.5))
    return plan


def _fits(what: str, kind: str) -> bool:
    match what:
        case "share":
            return kind in OUTSIDE and kind not in NEVER_SHARED
        case "outcome" | "send":
            return "referral" in kind and not kind.startswith("closed")
        case _:
            return kind not in VIEWS and kind != "concern"


def word(step: int, version: int = 0) -> str:
    """A word that stands in the text of one step's record only, of one wording of it."""
    return f"zq{step:02d}w{version}zq"


Dated = tuple[Step, datetime]


def as_told(done: Sequence[Dated]) -> list[list[Dated]]:
    """For each step what happens in a world that holds only what the provider may know: nothing, the step, or all
    that was said until now about a record which is shared by it. A LADO's outcome is the home's once it is sent.
    """
    kept: dict[int, list[Dated]] = {}
    outcomes: dict[int, Dated] = {}
    decisions: list[Dated] = []
    known: set[int] = set()
    told = []
    for dated in done:
        step = dated[0]
        now: list[Dated] = []
        match step.what:
            case "record" if step.kind not in (*OWN, *ADDRESSED):
                kept[step.number] = [dated]
            case "record":
                known.add(step.number)
                now = [dated]
            case "amend" | "withdraw" if step.on not in known:
                kept[step.on].append(dated)
            case "outcome":
                outcomes[step.on] = dated
            case "share" | "send":
                now = [*kept.pop(step.on, []), *([outcomes[step.on]] if step.what == "send" else []), dated]
                known.add(step.on)
            case "decide":
                decisions.append(dated)
            case "amend" | "withdraw" | "night":
                now = [dated]
        ready = [
            one
            for one in decisions
            if all(key in known or key <= BEFORE for key in (one[0].on, one[0].other))
        ]
        decisions = [one for one in decisions if one not in ready]
        told.append([*now, *ready])
    return told


@dataclass
class Run:
    """One world in which steps are carried out. day: its morning; rows: what each step recorded."""

    world: Cast
    fir: Home
    day: datetime
    rows: dict[int, Incident | View | None] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    making: int = 0

    def __post_init__(self) -> None:
        self.put_back()

    def put_back(self) -> None:
        """Only what was recorded before any step has a number: below zero."""
        with owner():
            before = Incident.objects.filter(home=self.world.elm, recorded_at__lt=self.day).order_by(
                "occurred_at"
            )
            self.rows = {BEFORE - place: row for place, row in enumerate(before)}
        self.versions = {}

    def reference(self, prefix: str) -> str:
        """The same in both worlds: records of one day are listed by it."""
        return f"{prefix}-ZQ{self.making:02d}-AAAA"

    def at(self, step: Step) -> datetime:
        return self.day + timedelta(minutes=3 * step.number)

    def carry_out(self, *steps: tuple[Step, datetime]) -> Step | None:
        """Do them, and let the worker follow; the last one as it was done, None where it could not be."""
        done: Step | None = None
        for step, self.world.now in steps:
            done = getattr(self, f"_{step.what}")(step)
        past.settle(self.world)
        return done

    def _record(self, step: Step) -> Step:
        making: Callable[[Step], Incident | View | None] = getattr(self, f"_make_{step.kind}")
        self.making = step.number
        self.rows[step.number] = making(step)
        return step

    def _share(self, step: Step) -> Step | None:
        row = self.rows[step.on]
        assert row is not None
        if row.shared_with_provider_at:
            return None
        if isinstance(row, View):
            with acting_as(self.world.hal.pk, self.world.now):
                voice.share_with_provider(view=row, why="Asked.", **self._by("hal"))
        else:
            with acting_as(self.world.mo.pk, self.world.now):
                share_with_provider(incident=row, why="It must know.", **self._by("mo"))
        self._again(step.on)
        return step

    def _amend(self, step: Step) -> Step:
        """By whatever path: somebody with the owner's rights, in the name of the regulator."""
        self.versions[step.on] = self.versions.get(step.on, 0) + 1
        with acting_as(self.world.mo.pk, self.world.now), owner():
            Incident.objects.filter(pk=self._key(step.on)).update(
                narrative=f"It was {word(step.on, self.versions[step.on])}.", severity=2 + step.number % 3
            )
        return step

    def _withdraw(self, step: Step) -> Step:
        with acting_as(self.world.mo.pk, self.world.now):
            withdraw(incident=self._incident(step.on), why=f"Untrue {word(step.on, 9)}", **self._by("mo"))
        return step

    def _outcome(self, step: Step) -> Step | None:
        with owner():
            if LadoOutcome.objects.filter(incident_id=self._key(step.on)).exists():
                return None
        with acting_as(self.world.ines.pk, self.world.now):
            outcome = "false" if step.same else "substantiated"
            record_outcome(incident=self._incident(step.on), outcome=outcome, **self._by("ines"))
        return step

    def _send(self, step: Step) -> Step | None:
        with owner():
            ready = LadoOutcome.objects.filter(incident_id=self._key(step.on), sent_home_at__isnull=True)
            if not ready.exists():
                return None
        with acting_as(self.world.ines.pk, self.world.now):
            send_outcome_to_home(incident=self._incident(step.on), **self._by("ines"))
        self._again(step.on)
        return step

    def _decide(self, step: Step) -> Step | None:
        """A person decides on a pair that the rule proposed, or that somebody decided on before."""
        if step.other != -1:
            return self._decide_anyway(step)
        numbers = {row.pk: number for number, row in self.rows.items() if row is not None}
        with owner():
            links = [
                link
                for link in MatterLink.objects.order_by("proposed_at", "id")
                if link.first_id in numbers and link.second_id in numbers
            ]
        if not links:
            return None
        link = links[step.number % len(links)]
        with acting_as(self.world.mo.pk, self.world.now):
            decide = matters.confirm if step.same else matters.refuse
            decide(link=link, reason="Compared.", opened=decision_of(link).seal, **self._by("mo"))
        return Step(
            step.number, "decide", on=numbers[link.first_id], other=numbers[link.second_id], same=step.same
        )

    def _decide_anyway(self, step: Step) -> Step:
        """The same decision where the rule proposes other pairs."""
        with owner():
            pair = {"first_id": self._key(step.on), "second_id": self._key(step.other)}
            found = MatterLink.objects.filter(**pair).first()
            if found is None:
                matter = Matter.objects.create(home=self.world.elm, opened_at=self.world.now)
                found = MatterLink.objects.create(
                    matter=matter, home=self.world.elm, kind="decided", rule_version=1,
                    proposed_at=self.world.now, **pair,
                )  # fmt: skip
            state = MatterLink.State.CONFIRMED if step.same else MatterLink.State.REFUSED
            MatterLink.objects.filter(pk=found.pk).update(
                state=state, reason="Compared.", decided_by_id=self.world.mo.pk, decided_at=self.world.now
            )
        return step

    def _look(self, step: Step) -> Step:
        """Those outside open what there is; their looks stay."""
        with owner():
            newest = Incident.objects.order_by("-recorded_at", "-id")[:2]
            pages = [f"/incidents/{one.reference}/" for one in newest]
        for name in ("mo", "fran"):
            client = signed_in(self.world.people[name])
            for page in (*pages, "/homes/DEMO001/", f"/children/{self.world.rowan.pk}/"):
                served(client, page)
        return step

    def _answer(self, step: Step) -> Step | None:
        """The regulator acknowledges an alert on the overseers' picture."""
        with owner():
            waiting = Branch.objects.filter(
                alert__picture="overseers", state="waiting", organisation=self.world.organisations["ofsted"]
            )
            branch = waiting.order_by("id").first()
        if branch is None:
            return None
        with acting_as(self.world.mo.pk, self.world.now):
            alert = Alert.objects.get(pk=branch.alert_id)
            acknowledge(alert=alert, branch=branch, note="Read.", **self._by("mo"))
        return step

    def _glass(self, step: Step) -> Step:
        """Somebody from outside opens the home in an emergency, and looks."""
        ivy = self.world.ivy.pk
        with acting_as(ivy, self.world.now):
            break_glass(
                home=self.world.elm,
                posts=current_posts(ivy, self.world.now),
                reason=f"A neighbour rang: {word(step.number)}",
                lasts=timedelta(hours=1),
                by=ivy,
                now=self.world.now,
            )
        served(signed_in(self.world.ivy), "/homes/DEMO001/")
        return step

    def _night(self, step: Step) -> Step:
        """The day ends and another begins."""
        with worker():
            run_day(day=self.day.date(), now=self.day + timedelta(hours=13))
        self.day += timedelta(days=1)
        return step

    # what is recorded

    def _make_notice(self, step: Step) -> Incident:
        told = Notification(happening=self._happening(step, severity=3), event="40(4)(e)")
        return self._as("asha", record_notification, notification=told)

    def _make_own_referral(self, step: Step) -> Incident:
        return self._as("asha", record_referral, referral=self._referral(step))

    def _make_referral(self, step: Step) -> Incident:
        return self._as("ines", record_referral, referral=self._referral(step))

    def _make_closed_referral(self, step: Step) -> Incident:
        return self._as("ines", record_referral, referral=self._referral(step, home=self.fir))

    def _make_own_attendance(self, step: Step) -> Incident:
        return self._as("ben", record_attendance, attendance=self._attendance(step))

    def _make_attendance(self, step: Step) -> Incident:
        return self._as("lee", record_attendance, attendance=self._attendance(step))

    def _make_closed_attendance(self, step: Step) -> Incident:
        return self._as("lee", record_attendance, attendance=self._attendance(step, home=self.fir))

    def _make_own_complaint(self, step: Step) -> Incident:
        return self._complaint("dan", step, "parent")

    def _make_complaint(self, step: Step) -> Incident:
        return self._complaint("fran", step, "placing_authority")

    def _make_said_to_worker(self, step: Step) -> Incident:
        return self._complaint("hal", step, "child_statutory_2006")

    def _make_addressed(self, step: Step) -> Incident:
        return self._complaint("fran", step, "placing_authority", addressed_to_home=True)

    def _make_disclosure(self, step: Step) -> Incident:
        told = Disclosure(
            happening=self._happening(step, adults=[self.world.worker]),
            identity="anonymous",
            relation="staff",
            category="poor_care",
        )
        return self._as("mo", record_disclosure, disclosure=told)

    def _make_own_view(self, step: Step) -> View:
        return self._as("ben", voice.record_view, new=self._said(step))

    def _make_told_advocate(self, step: Step) -> View:
        return self._as("ola", voice.record_view, new=self._said(step))

    def _make_told_worker(self, step: Step) -> View:
        return self._as("hal", voice.record_view, new=self._said(step))

    def _make_concern(self, step: Step) -> None:
        new = NewConcern(home=self.world.elm, what=f"Locked {word(step.number)}")
        self._as("efe", raise_significant_concern, new=new)

    def _complaint(self, name: str, step: Step, kind: str, *, addressed_to_home: bool = False) -> Incident:
        step = Step(step.number, step.what, step.kind, days=step.days)  # Rowan's, whose people these are
        told = Complaint(
            happening=self._happening(step), complaint_type=kind, addressed_to_home=addressed_to_home
        )
        return self._as(name, record_complaint, complaint=told)

    def _referral(self, step: Step, home: Home | None = None) -> Referral:
        return Referral(
            happening=self._happening(step, home=home, adults=[self.world.worker]), limbs=["harmed"]
        )

    def _attendance(self, step: Step, home: Home | None = None) -> Attendance:
        return Attendance(happening=self._happening(step, home=home), attendance="ed")

    def _happening(self, step: Step, home: Home | None = None, **more: Any) -> Happening:
        away = timedelta(days=step.days + (20 if home else 0))
        at = self.world.now - away
        child = self.world.__dict__[step.child]
        return Happening(
            home=home or self.world.elm, occurred_at=at, known_at=at, narrative=f"It was {word(step.number)}.",
            children=[ChildPart(child=child)], **more,
        )  # fmt: skip

    def _said(self, step: Step) -> voice.NewView:
        return voice.NewView(
            child=self.world.rowan, home=self.world.elm, said_at=self.world.now - timedelta(days=step.days),
            method="speech", words=f"They say {word(step.number)}", heard_by="a helper",
        )  # fmt: skip

    def _as(self, name: str, action: Callable[..., T], **what: object) -> T:
        with acting_as(self.world.people[name].pk, self.world.now):
            return action(**what, **self._by(name))

    def _by(self, name: str) -> dict[str, Any]:
        return past.by(self.world.people[name], self.world)

    def _key(self, number: int) -> UUID:
        row = self.rows[number]
        assert row is not None
        return row.pk

    def _incident(self, number: int) -> Incident:
        with owner():
            return Incident.objects.select_related("home").get(pk=self._key(number))

    def _again(self, number: int) -> None:
        row = self.rows[number]
        assert row is not None
        with owner():
            row.refresh_from_db()
