"""From a committed record to the e-mail accepted by the mail server: ordinary days, no broker, and one home in a storm.

The real website, worker, clock, broker, PostgreSQL and a mail server on loopback, with the product's own waits. Each
home records one death, which sets off a rule and so several e-mails; they come one after another at a fixed pace,
whether or not the hub keeps up. Both ends of every span are read from clocks of this one machine: the record's own
moment, which lies before its commit, and the moment at which the mail server had the e-mail on disk.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks.figures import Figure
from faults import clients, snapshot
from faults.checker import Found
from faults.ground import Ground, ground
from faults.hub import Hub
from faults.populate import Size
from hesley_hub.launching.process import wait_until

#: Six hundred homes of twelve providers, in as many authorities as England has (152).
WHOLE, QUICK = Size(12, 50, 152), Size(12, 5, 152)
A_SECOND = 5
STORM = 100
QUIET_WITHIN = 300.0
#: The product's clocks and waits, not those of the fault suite.
AS_SHIPPED = {"DJANGO_SETTINGS_MODULE": "hesley_hub.settings"}


@dataclass(frozen=True)
class Submission:
    """after: seconds after the beginning."""

    after: float
    token: str
    home: dict[str, Any]


@dataclass(frozen=True)
class Measured:
    """Seconds from record to e-mail, by the home's URN; untold: records without an e-mail."""

    spans: dict[str, list[float]]
    untold: int

    def of(self, *, but: str = "") -> list[float]:
        return sorted(span for urn, spans in self.spans.items() if urn != but for span in spans)


def from_record_to_mail(*, quick: bool) -> list[Figure]:
    """Percentiles over all e-mails. quick: 60 homes instead of 600."""
    with (
        tempfile.TemporaryDirectory(prefix="hub-") as folder,
        ground(Path(folder), QUICK if quick else WHOLE) as made,
    ):
        steady = _each_home_once(made)
        figures = [*_told("broker up", _measured(made, "up", steady))]
        figures += _told("broker down", _measured(made, "down", steady, without=("valkey",)))
        figures += _storm(made, steady)
    return figures


def _storm(made: Ground, steady: list[Submission]) -> Iterator[Figure]:
    """A second of the run in which one home records a hundred times what every other does in all of it."""
    calm, one = steady[1:], steady[0]
    middle = calm[len(calm) // 2].after
    storm = [Submission(middle + n / STORM, one.token, one.home) for n in range(STORM)]
    without = _percentile(_measured(made, "calm", calm).of(), 95)
    stormy = _measured(made, "storm", sorted([*calm, *storm], key=lambda sent: sent.after))
    others = _percentile(stormy.of(but=one.home["urn"]), 95)
    yield Figure("one home in a storm: the others' p95 before", without, "s")
    yield Figure("one home in a storm: the others' p95", others, "s", note=f"{STORM} records in a second")
    yield Figure("one home in a storm: records without an e-mail", stormy.untold, "records")


def _each_home_once(made: Ground) -> list[Submission]:
    pairs = [(one["token"], home) for one in made.world["clients"] for home in one["homes"]]
    return [Submission(n / A_SECOND, token, home) for n, (token, home) in enumerate(pairs)]


def _measured(made: Ground, name: str, sent: list[Submission], *, without: tuple[str, ...] = ()) -> Measured:
    hub = Hub(made, made.folder / "runs" / name, waits={}, extra=AS_SHIPPED)
    try:
        hub.start(without=without)
        _submit(hub.port, sent)
        if not wait_until(lambda: _left(hub) == 0, seconds=QUIET_WITHIN, every=0.5):
            sys.stdout.write(f"{name}: not all was dealt with in {QUIET_WITHIN:.0f} s\n")
        return _spans(snapshot.found(hub))
    finally:
        hub.end()


def _left(hub: Hub) -> int:
    """What is still to be handled or sent."""
    owed = "select count(*) from oversight_delivery where state = 'owed' and purpose = 'mail'"
    return snapshot.unhandled(hub) + int(hub.statement(owed)[0][0])


def _submit(port: int, sent: list[Submission]) -> None:
    """Each at its moment, whether or not those before it were answered."""
    began = time.monotonic() + 1
    with ThreadPoolExecutor(64) as people:
        for one in sent:
            time.sleep(max(0.0, began + one.after - time.monotonic()))
            people.submit(_record, port, one)


def _record(port: int, one: Submission) -> None:
    now = datetime.now(UTC)
    body = {
        "home": one.home["urn"],
        "occurred_at": (now - timedelta(hours=3)).isoformat(),
        "known_at": (now - timedelta(hours=2)).isoformat(),
        "narrative": "[A] died.",
        "children": one.home["children"][:1],
        "event": "40(1)",
        "action_taken": "Everybody was told.",
    }
    key = str(uuid4())
    for wait in (1, 2, 4, 8, 16, None):
        status, answer = clients.post(port, one.token, "reg40-notifications", body, key)
        if status == 201:
            return
        if wait is None or status in clients.NO_RETRY:
            raise RuntimeError(f"not taken: {status} {answer}")
        time.sleep(wait)


def _spans(found: Found) -> Measured:
    """Each e-mail's first acceptance after its record, the e-mails of a first step only."""
    records = {record.id: record for record in found.records}
    alerts = {alert.id: records[alert.set_off_by] for alert in found.alerts if alert.set_off_by in records}
    steps = {step.id: alerts[step.alert] for step in found.steps if step.alert in alerts and step.number == 1}
    taken: dict[str, float] = {}
    for mail in found.taken:
        taken[mail.message_id] = min(mail.at, taken.get(mail.message_id, mail.at))
    spans: dict[str, list[float]] = {}
    told = set()
    for owed in found.owed:
        for step in owed.steps:
            if step in steps and owed.message_id in taken:
                record = steps[step]
                told.add(record.id)
                spans.setdefault(record.home, []).append(taken[owed.message_id] - record.recorded_at)
    return Measured(spans, len(records.keys() - told))


def _told(name: str, measured: Measured) -> Iterator[Figure]:
    every = measured.of()
    for share in (50, 95, 99):
        yield Figure(
            f"record to e-mail, {name}: p{share}",
            _percentile(every, share),
            "s",
            note=f"{len(every)} e-mails",
        )
    yield Figure(f"record to e-mail, {name}: records without an e-mail", measured.untold, "records")


def _percentile(ordered: list[float], share: int) -> float:
    """The value below which so many of a hundred lie; infinity where there is none."""
    if not ordered:
        return float("inf")
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]
