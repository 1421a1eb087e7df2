"""Replays a history through the real pipeline: every record saved by its action, every handler run, every ladder climbed.

The alarms are read from what the pipeline left in the database; the engine alone gives the same rows.
"""

import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TextIO

from django.db import connection, transaction

from events import outbox, world
from hesley_hub.replay import answering, deciding
from hesley_hub.replay.pouring import Days, Pourer
from hesley_hub.replay.scratch import LiveDatabaseError, scratch_database
from hesley_hub.replay.staging import set_stage
from oversight.escalation import delivering
from oversight.escalation.channels.email.sending import Outgoing
from oversight.escalation.deciding.actions import NewDecision
from oversight.escalation.models import Branch, Escalation, Tier
from oversight.risk import past
from oversight.risk.replay.alarms import Alarm, print_table, write_alarms
from oversight.risk.replay.reading import Histories, UnreadableError, read_histories

A_DAY = timedelta(days=1)
LEARN_AFTER = (3, 40, 160)  # days after which the planner is told how many rows there are
GROWING = (
    "incidents_incident",
    "events_event",
    "events_handling",
    "oversight_visit",
    "oversight_visitreport",
)
Report = Callable[[float], None]


class Sink:
    """Takes the e-mails of a replay and counts them."""

    def __init__(self) -> None:
        self.taken = 0

    def __call__(self, mail: Outgoing, now: datetime) -> None:
        self.taken += 1


def run_pipeline(histories: Histories, *, sink: Sink, report: Report = lambda share: None) -> list[Alarm]:
    """Every alarm that the pipeline raises on the overseers' picture. Call it as the owner of a scratch database.

    Raises RuntimeError in any other world.
    """
    if world.kind() != world.SCRATCH:
        raise RuntimeError("a replay runs in a scratch world only")
    first = min((home.begins_on for home in histories.homes), default=histories.until)
    token = outbox.prompts.set(False)
    try:
        with past.loading_a_past():
            _pour(histories, first, report)
            _walk(first, histories.until, sink, report)
    finally:
        outbox.prompts.reset(token)
    return alarms()


def _pour(histories: Histories, first: date, report: Report) -> None:
    with transaction.atomic():
        stage = set_stage(histories)
    everything = (record for theirs in histories.records.values() for record in theirs)
    start = min((home.watched_from or first for home in histories.homes), default=first)
    days = Days.of(everything, min(start, first), histories.until)
    pourer = Pourer(stage)
    total, done = max(days.count(), 1), 0
    for number, day in enumerate(sorted(days.visits.keys() | days.records.keys())):
        visited, records = days.visits.get(day, []), days.records.get(day, [])
        with transaction.atomic():
            pourer.pour(day, visited, records)
            pourer.take_saved()
        done += len(visited) + len(records)
        if number in LEARN_AFTER:
            _learn()
        report(0.8 * done / total)


def _learn() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"analyze {', '.join(GROWING)}")


def _walk(first: date, last: date, sink: Sink, report: Report) -> None:
    span = max((last - first).days, 1)

    def each_day(day: date, now: datetime) -> None:
        answering.answer(now, moment_of, lambda branch, at: "")
        deciding.decide(now, lambda answer, at: NOTHING_TO_DO)
        answering.climb(now)
        delivering.deliver_all(now=now, send=sink, limit=1_000_000)
        report(0.8 + 0.2 * (day - first).days / span)

    past.walk_days(first=first, last=last, each_day=each_day)


#: What simulated people decide: the ladder rests, and nothing is owed of it.
NOTHING_TO_DO = NewDecision(acts=False, reason="Replayed.")


def moment_of(branch: Branch) -> datetime:
    """Everybody answers when half of their time is gone, and placing authorities a day late, so that ladders climb."""
    opened = branch.escalation.opened_at
    if branch.escalation.tier == Tier.REGULATOR:
        return opened + timedelta(hours=2)
    return opened + timedelta(days=8 if branch.desk == "duty" else 1)


def alarms() -> list[Alarm]:
    """The alarms that stand in the database, one for each tier that an alert reached, in the order of the file."""
    found = []
    for reached in Escalation.objects.filter(alert__picture="overseers").select_related(
        "alert__home", "alert__provider"
    ):
        alert = reached.alert
        found.append(
            Alarm(
                scope=alert.scope,
                key=alert.home.urn if alert.home else alert.provider.name,
                kind=alert.kind,
                tier=reached.tier,
                pattern=reached.pattern,
                raised_on=reached.raised_on,
                began_on=reached.began_on or reached.raised_on,
                score=reached.score,
                bar=reached.bar,
                evidence=tuple(reached.evidence),
            )
        )
    return sorted(found, key=Alarm.order)


def replay_pipeline(
    homes: Path,
    events: Path,
    placements: Path | None = None,
    alarms_file: Path | None = None,
    until: date | None = None,
    *,
    out: TextIO | None = None,
    err: TextIO | None = None,
) -> int:
    """Reads, replays in a scratch database, prints the table and writes the alarms file; gives the exit status.

    2 for a row that cannot be read, before anything is made; 1 where the database is a live hub's.
    """
    out, err = out or sys.stdout, err or sys.stderr
    try:
        histories = read_histories(homes, events, placements, until)
    except UnreadableError as fault:
        err.write(f"{fault}\nNothing was written.\n")
        return 2
    for warning in histories.warnings:
        err.write(f"warning: {warning}\n")
    sink = Sink()
    try:
        with scratch_database():
            found = run_pipeline(histories, sink=sink, report=_bar(err))
    except LiveDatabaseError as refused:
        err.write(f"{refused}\n")
        return 1
    print_table(found, out)
    out.write(f"{sink.taken} e-mails were taken by the replay's own sink; none left this machine.\n")
    if alarms_file is not None:
        write_alarms(found, alarms_file)
    return 0


def _bar(out: TextIO) -> Report:
    """A progress bar on a terminal; nothing elsewhere."""
    shown = -1

    def report(share: float) -> None:
        nonlocal shown
        percent = int(100 * share)
        if out.isatty() and percent != shown:
            shown = percent
            out.write(
                f"\r[{'#' * (percent * 3 // 10):.<30}] {percent:3d}%" + ("\n" if percent == 100 else "")
            )
            out.flush()

    return report
