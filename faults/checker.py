"""What a run came to: the clients' ledger, the database and the mail server's file, held against each other.

Pure functions of what was found; times are seconds since 1970. Words as in Jepsen's total-queue checker: *lost* was
acknowledged (or owed) and is not there, *unexpected* is there and nobody sent it, *recovered* was acknowledged only
after another try.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from faults.ledger import Ledger

#: A step that fell due, or a record that came, is mailed within this many seconds, counted from the end of the fault.
WITHIN = 60.0
#: What is owed for a shorter time than this when the run is stopped may still be under way.
UNDER_WAY = 15.0
DEATH_PICTURES = ("overseers", "provider")


@dataclass(frozen=True)
class Record:
    """A record as stored. key: the Idempotency-Key that it came with."""

    id: str
    key: str
    reference: str
    home: str
    recorded_at: float


@dataclass(frozen=True)
class Alert:
    """An alert; set_off_by: the record whose rule opened it, empty for the statistical ones."""

    id: str
    picture: str
    set_off_by: str
    home: str
    kind: str
    ended: bool = False


@dataclass(frozen=True)
class Step:
    """A step of an organisation's branch; waiting: nobody has answered and no higher tier took over."""

    id: str
    alert: str
    branch: str
    organisation: str
    number: int
    opened_at: float
    due_at: float
    waiting: bool = True


@dataclass(frozen=True)
class Owed:
    """An e-mail owed; steps may be none (the operator's). state: owed, sent, bounced or dead.

    withheld: given up since nobody there may be told any more. binding: false for a heartbeat, which may be missed.
    """

    id: str
    message_id: str
    address: str
    state: str
    owed_since: float
    steps: tuple[str, ...] = ()
    withheld: bool = False
    binding: bool = True


@dataclass(frozen=True)
class Taken:
    """An e-mail that the mail server took. said: whether its 250 went out."""

    message_id: str
    at: float
    said: bool = True


@dataclass(frozen=True)
class Found:
    """Everything that was found when the run was quiet. unhandled, parked: numbers of handlings."""

    records: Sequence[Record]
    alerts: Sequence[Alert]
    steps: Sequence[Step]
    owed: Sequence[Owed]
    taken: Sequence[Taken]
    unhandled: int = 0
    parked: int = 0
    at: float = 0.0


@dataclass(frozen=True)
class Expected:
    """What the plan allows. must_be_told: home -> organisations of a death there. healed_at: when the fault ended.

    crashes: how many e-mails can have been in hand when their process was ended; each may be repeated once. dead:
    recipients (their address begins so) whom the mail server refused for good. parked: poison that was put in.
    """

    must_be_told: dict[str, Sequence[str]]
    healed_at: float
    crashes: int = 0
    dead: tuple[str, ...] = ()
    parked: int = 0


@dataclass
class Verdict:
    """The numbers of a run, and for each thing that is wrong a line that says what."""

    attempted: int = 0
    acknowledged: int = 0
    lost: int = 0
    duplicated: int = 0
    late: int = 0
    unexpected: int = 0
    recovered: int = 0
    repeated_mails: int = 0
    alerts: int = 0
    mails: int = 0
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not self.wrong

    def blame(self, column: str, lines: Iterable[str]) -> None:
        """Count what is wrong under a column and keep the lines."""
        found = list(lines)
        setattr(self, column, getattr(self, column) + len(found))
        self.wrong += [f"{column}: {line}" for line in found]


def check(ledger: Ledger, found: Found, expected: Expected) -> Verdict:
    """Everything about a run."""
    tries = Counter(one.tries > 1 for one in ledger.acknowledged)
    verdict = Verdict(
        attempted=len(ledger.attempted),
        acknowledged=len({one.key for one in ledger.acknowledged}),
        recovered=tries[True],
        alerts=len(found.alerts),
        mails=len({one.message_id for one in found.taken}),
    )
    verdict.blame("unexpected", (f"a refusal nobody asked for: {text}" for text in ledger.refused))
    _records(verdict, ledger, found)
    _alerts(verdict, ledger, found, expected)
    _mails(verdict, found, expected)
    _steps(verdict, found, expected)
    verdict.blame("lost", (f"an event that no handler dealt with ({n})" for n in range(found.unhandled)))
    parked = found.parked - expected.parked
    verdict.blame("lost", (f"an event that a handler gave up on ({n})" for n in range(parked)))
    return verdict


def _records(verdict: Verdict, ledger: Ledger, found: Found) -> None:
    by_key: dict[str, list[Record]] = defaultdict(list)
    for record in found.records:
        by_key[record.key].append(record)
    told: dict[str, set[str]] = defaultdict(set)
    for one in ledger.acknowledged:
        told[one.key].add(one.reference)
    known = {one.key for one in ledger.attempted}
    verdict.blame("lost", (f"record {key} was acknowledged" for key in told if key not in by_key))
    verdict.blame(
        "lost",
        (
            f"{reference} was acknowledged and another stands there"
            for key, references in told.items()
            for reference in references - {record.reference for record in by_key.get(key, [])}
            if key in by_key
        ),
    )
    verdict.blame("duplicated", (f"{len(rows)} records of {key}" for key, rows in by_key.items() if rows[1:]))
    verdict.blame(
        "unexpected", (f"a record of {key}, which nobody sent" for key in by_key if key not in known)
    )


def _alerts(verdict: Verdict, ledger: Ledger, found: Found, expected: Expected) -> None:
    deaths = {one.key for one in ledger.attempted if one.death}
    opened = Counter((alert.set_off_by, alert.picture) for alert in found.alerts if alert.set_off_by)
    told: dict[tuple[str, str], set[str]] = defaultdict(set)
    by_id = {alert.id: alert for alert in found.alerts}
    for step in found.steps:
        alert = by_id[step.alert]
        told[alert.set_off_by, alert.picture].add(step.organisation)
    for record in found.records:
        if record.key not in deaths:
            continue
        for picture in DEATH_PICTURES:
            if not opened[record.id, picture]:
                verdict.blame("lost", [f"no alert on the {picture} picture for {record.reference}"])
        missing = set(expected.must_be_told[record.home]) - told[record.id, "overseers"]
        verdict.blame("lost", (f"{body} has no step for {record.reference}" for body in sorted(missing)))
    verdict.blame(
        "duplicated",
        (f"{many} alerts of {key} on {picture}" for (key, picture), many in opened.items() if many > 1),
    )
    standing = Counter(
        (alert.home, alert.picture, alert.kind)
        for alert in found.alerts
        if not alert.set_off_by and not alert.ended and alert.home
    )
    verdict.blame(
        "duplicated", (f"{many} open alerts of {key}" for key, many in standing.items() if many > 1)
    )


def _mails(verdict: Verdict, found: Found, expected: Expected) -> None:
    taken = Counter(one.message_id for one in found.taken)
    dropped = Counter(one.message_id for one in found.taken if not one.said)
    known = {one.message_id for one in found.owed}
    verdict.blame("unexpected", (f"an e-mail {key} that nobody owed" for key in taken if key not in known))
    for one in (one for one in found.owed if one.binding):
        if one.state in ("sent", "bounced") and not taken[one.message_id]:
            verdict.blame("lost", [f"{one.message_id} is noted as sent and was never taken"])
        elif one.state == "owed" and found.at - one.owed_since > UNDER_WAY:
            verdict.blame("lost", [f"{one.message_id} to {one.address} is still owed"])
        elif one.state == "dead" and not (one.withheld or _may_die(one, expected)):
            verdict.blame("lost", [f"{one.message_id} to {one.address} was given up"])
    twice = Counter((step, one.address) for one in found.owed for step in one.steps)
    verdict.blame(
        "duplicated",
        (f"{many} e-mails to {who} for step {step}" for (step, who), many in twice.items() if many > 1),
    )
    verdict.repeated_mails = sum(many - 1 for many in taken.values())
    allowed = expected.crashes + sum(dropped.values())
    if verdict.repeated_mails > allowed:
        verdict.blame("duplicated", [f"{verdict.repeated_mails} e-mails repeated, {allowed} allowed"])


def _may_die(one: Owed, expected: Expected) -> bool:
    return one.address.startswith(expected.dead) if expected.dead else False


def _steps(verdict: Verdict, found: Found, expected: Expected) -> None:
    first_taken: dict[str, float] = {}
    for mail in found.taken:
        first_taken[mail.message_id] = min(mail.at, first_taken.get(mail.message_id, mail.at))
    mailed: dict[str, float] = {}
    hopeless = set()
    for one in found.owed:
        for told in one.steps:
            if one.message_id in first_taken:
                mailed[told] = min(first_taken[one.message_id], mailed.get(told, float("inf")))
            elif one.state == "dead":
                hopeless.add(told)
    branches: dict[str, list[Step]] = defaultdict(list)
    for step in found.steps:
        branches[step.branch].append(step)
    for steps in branches.values():
        steps.sort(key=lambda step: step.number)
        due = steps[0].opened_at
        for step in steps:
            _step(verdict, step, due, mailed.get(step.id), step.id in hopeless, found, expected)
            due = step.due_at
        if steps[-1].waiting and found.at - max(due, expected.healed_at) > WITHIN:
            verdict.blame("late", [f"branch {steps[-1].branch} did not climb after step {steps[-1].number}"])


def _step(
    verdict: Verdict,
    step: Step,
    due: float,
    mailed: float | None,
    hopeless: bool,
    found: Found,
    expected: Expected,
) -> None:
    """One step: mailed in time, or under way, or its recipients were refused for good."""
    since = max(due, expected.healed_at)
    if mailed is None:
        if not hopeless and found.at - since > UNDER_WAY:
            verdict.blame("lost", [f"step {step.number} of branch {step.branch} was never mailed"])
        return
    verdict.slowest = max(verdict.slowest, mailed - since)
    if mailed - since > WITHIN:
        verdict.blame("late", [f"step {step.number} of branch {step.branch}: {mailed - since:.0f} s"])
