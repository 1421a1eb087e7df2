"""The replay that runs just the engine: every home on every day, alarms as a list, a CSV and a table."""

import gc
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TextIO, TypeVar

import numpy as np

from oversight.risk.engine.assessing import provider_raises_from, raises_from
from oversight.risk.engine.counting import ChangeArray, change_array, changes
from oversight.risk.engine.episodes import NO_EPISODE, Episode, advance
from oversight.risk.engine.evidence import Floats, Ints
from oversight.risk.engine.explaining import pattern_evidence
from oversight.risk.engine.fits import Fits, fit_history, quarters_between
from oversight.risk.engine.marks_seen import MarkSeen, held_of, marks_seen
from oversight.risk.engine.parameters import DEFAULT, Parameters, Pattern
from oversight.risk.engine.records import Decision, Home, Placement, Record
from oversight.risk.engine.rules import missing_reports, record_alarms
from oversight.risk.engine.walking import Walk
from oversight.risk.replay.alarms import Alarm, print_table, write_alarms
from oversight.risk.replay.reading import UnreadableError, read_histories

CELLS = 2_500_000  # homes times days walked together on seven patterns: about 500 MB
USUAL_PATTERNS = len(DEFAULT.patterns)
MOST_WORKERS = 4

T = TypeVar("T")


@dataclass(slots=True)
class Job:
    """What workers share: set before they are forked, so nothing of it is copied or sent."""

    homes: Sequence[Sequence[Home]]
    records: Mapping[str, Sequence[Record]]
    placements: Mapping[str, Sequence[Placement]]
    until: date
    parameters: Parameters
    known: Mapping[str, ChangeArray] = field(default_factory=dict)
    fits: Fits = field(default_factory=Fits)
    decisions: Mapping[str, Sequence[Decision]] = field(default_factory=dict)

    def walk(self, homes: Sequence[Home]) -> Walk:
        """Some of these homes, to be walked."""
        return Walk(
            homes,
            self.known,
            self.placements,
            self.until,
            self.fits,
            self.parameters,
            records=self.records,
            decisions=self.decisions,
        )


def run(
    homes: Sequence[Home],
    records: Mapping[str, Sequence[Record]],
    placements: Mapping[str, Sequence[Placement]],
    until: date,
    *,
    fits: Fits | None = None,
    parameters: Parameters = DEFAULT,
    decisions: Mapping[str, Sequence[Decision]] | None = None,
    progress: TextIO | None = None,
) -> list[Alarm]:
    """Every alarm of the overseers' picture up to `until`, in the order of the alarms file.

    `records`, `placements` and people's `decisions` are by URN. Without `fits` what is usual is learnt quarter by quarter, as in the hub.
    """
    job, alarms = prepared(
        homes, records, placements, until, fits=fits, parameters=parameters, decisions=decisions
    )
    for number, found in enumerate(in_workers(job, walk_block)):
        alarms.extend(found)
        if progress is not None:
            _show(progress, number + 1, len(job.homes))
    return sorted(alarms, key=Alarm.order)


def prepared(
    homes: Sequence[Home],
    records: Mapping[str, Sequence[Record]],
    placements: Mapping[str, Sequence[Placement]],
    until: date,
    *,
    fits: Fits | None = None,
    parameters: Parameters = DEFAULT,
    decisions: Mapping[str, Sequence[Decision]] | None = None,
) -> tuple[Job, list[Alarm]]:
    """What walking these homes needs, for `in_workers`; and the rules' alarms."""
    begun = [home for home in homes if home.begins_on <= until]
    pieces = blocks(begun, until, len(parameters.patterns))
    job = Job(pieces, records, placements, until, parameters, decisions=decisions or {})
    alarms: list[Alarm] = []
    known: dict[str, ChangeArray] = {}
    for raised, changed in in_workers(job, prepare_block):
        alarms.extend(raised)
        known.update(changed)
    if fits is None:
        first = min((home.begins_on for home in begun), default=until)
        fits = fit_history(begun, known, placements, quarters_between(first, until), parameters)
    job.known, job.fits = known, fits
    return job, alarms


def prepare_block(job: Job, homes: Sequence[Home]) -> tuple[list[Alarm], dict[str, ChangeArray]]:
    """The rules' alarms of some homes, and their counts' changes by URN."""
    alarms: list[Alarm] = []
    known = {}
    for home in homes:
        records = job.records.get(home.urn, ())
        alarms.extend(rule_alarms(home, records, job.until, job.parameters))
        known[home.urn] = change_array(changes(records, job.decisions.get(home.urn, ())))
    return alarms, known


def rule_alarms(home: Home, records: Sequence[Record], until: date, parameters: Parameters) -> list[Alarm]:
    """The alarms of one home that need no statistics."""
    found = [*record_alarms(records), *missing_reports(home, records, until, parameters=parameters)]
    return [
        Alarm(
            "home",
            home.urn,
            one.kind,
            one.tier,
            one.rule,
            one.raised_on,
            one.began_on,
            None,
            None,
            one.evidence,
        )
        for one in found
        if one.raised_on <= until
    ]


def blocks(homes: Sequence[Home], until: date, patterns: int = USUAL_PATTERNS) -> list[list[Home]]:
    """The homes in pieces to be walked together, providers whole, small enough for memory."""
    providers: dict[str, list[Home]] = {}
    for home in homes:
        providers.setdefault(home.provider, []).append(home)
    first = min((home.begins_on for home in homes), default=until)
    most = max(CELLS * USUAL_PATTERNS // patterns // ((until - first).days + 1), 1)
    made: list[list[Home]] = [[]]
    for _, theirs in sorted(providers.items()):
        if made[-1] and len(made[-1]) + len(theirs) > most:
            made.append([])
        made[-1].extend(theirs)
    return made if made[0] else []


def in_workers(job: Job, work: Callable[[Job, Sequence[Home]], T]) -> Iterator[T]:
    """The results of some work on each block, in order; in forked processes where there is more than one."""
    workers = min(os.cpu_count() or 1, MOST_WORKERS, len(job.homes))
    if workers < 2:
        for homes in job.homes:
            yield work(job, homes)
        return
    _Shared.job = job
    gc.collect()
    gc.freeze()
    try:
        # A process of its own for each block: the pages that counting references copies are given back with it.
        with multiprocessing.get_context("fork").Pool(workers, maxtasksperchild=1) as pool:
            yield from pool.imap(_work, [(work, number) for number in range(len(job.homes))], chunksize=1)
    finally:
        gc.unfreeze()
        _Shared.job = None


class _Shared:
    job: Job | None = None


def _work(task: tuple[Callable[[Job, Sequence[Home]], T], int]) -> T:
    if _Shared.job is None:
        raise RuntimeError("a worker was started without its job")
    work, number = task
    return work(_Shared.job, _Shared.job.homes[number])


def walk_block(job: Job, homes: Sequence[Home]) -> list[Alarm]:
    """The change and provider alarms of homes walked together."""
    walk = job.walk(homes)
    from_home = np.array([raises_from(home, job.parameters).toordinal() for home in walk.homes])
    from_provider = np.array(
        [
            (
                provider_raises_from([walk.homes[index] for index in theirs], job.parameters) or date.max
            ).toordinal()
            for theirs in walk.siblings
        ]
    )
    charts = (_Watch(False, from_home, job.parameters), _Watch(True, from_provider, job.parameters))
    found: list[Alarm] = []
    for _ in range(walk.days):
        day = walk.advance()
        for watch in charts:
            scores = walk.provider_scores if watch.provider else walk.scores
            for index in watch.due(scores, day):
                for tier in watch.advance(index, day, float(scores[index])):
                    found.append(_alarm(job, walk, watch.provider, index, tier, day, float(scores[index])))
    return found


class _Watch:
    """The episodes of one kind of chart, looked at only on the days that can change them."""

    def __init__(self, provider: bool, raises: Ints, parameters: Parameters) -> None:
        self.provider = provider
        self._raises = raises
        self._parameters = parameters
        self._episodes: dict[int, Episode] = {}
        self._next_bar = np.full(raises.shape[0], parameters.look)
        self._open = np.zeros(raises.shape[0], dtype=bool)
        self._low = np.zeros(raises.shape[0], dtype=bool)
        self._ends = np.full(raises.shape[0], date.max.toordinal())

    def due(self, scores: Floats, day: date) -> list[int]:
        """The charts whose episode this day changes."""
        today = day.toordinal()
        turned = self._open & (((scores < self._parameters.look / 2) != self._low) | (self._ends <= today))
        return [
            int(index)
            for index in np.flatnonzero(((scores >= self._next_bar) | turned) & (self._raises <= today))
        ]

    def advance(self, index: int, day: date, score: float) -> tuple[str, ...]:
        """The tiers that a chart reaches first on this day."""
        episode, reached = advance(self._episodes.get(index, NO_EPISODE), day, score, self._parameters)
        self._episodes[index] = episode
        self._open[index] = bool(episode.tiers)
        left = [bar for tier, bar in self._parameters.bars() if tier not in episode.tiers]
        self._next_bar[index] = min(left, default=np.inf)
        since = episode.low_since
        self._low[index] = since is not None
        last = (
            since.toordinal() + self._parameters.episode_end_weeks * 7 - 1 if since else date.max.toordinal()
        )
        self._ends[index] = last
        return reached


def _alarm(job: Job, walk: Walk, provider: bool, index: int, tier: str, day: date, score: float) -> Alarm:
    leading, began = walk.leading(index, provider=provider)
    pattern = job.parameters.patterns[leading]
    homes = [walk.homes[number] for number in walk.siblings[index]] if provider else [walk.homes[index]]
    records = [record for home in homes for record in job.records.get(home.urn, ())]
    return Alarm(
        scope="provider" if provider else "home",
        key=walk.providers[index] if provider else walk.homes[index].urn,
        kind="provider" if provider else "change",
        tier=tier,
        pattern=pattern.name,
        raised_on=day,
        began_on=began,
        score=score,
        bar=job.parameters.bar(tier),
        evidence=pattern_evidence(
            records, pattern, began, day, "overseers", _marks(job, homes, pattern, began, day)
        ),
    )


def _marks(job: Job, homes: Sequence[Home], pattern: Pattern, began: date, day: date) -> list[MarkSeen]:
    if job.parameters.marks is None or not pattern.marks:
        return []
    held = [
        held_of(
            home,
            job.records.get(home.urn, ()),
            job.decisions.get(home.urn, ()),
            job.placements.get(home.urn, ()),
            day,
            "overseers",
            job.parameters.beds_per_unit,
        )
        for home in homes
        if home.begins_on <= day
    ]
    found = marks_seen(held, began, day, job.parameters.marks)
    return [one for one in found if one.mark in pattern.marks]


def _show(out: TextIO, done: int, of: int) -> None:
    filled = 30 * done // of
    out.write(f"\r[{'#' * filled}{'.' * (30 - filled)}] {100 * done // of:3d}%")
    if done == of:
        out.write("\n")
    out.flush()


def replay_engine_only(
    homes: Path,
    events: Path,
    placements: Path | None = None,
    alarms: Path | None = None,
    until: date | None = None,
    *,
    out: TextIO | None = None,
    err: TextIO | None = None,
) -> int:
    """Reads, runs, prints the table and writes the alarms file; gives the exit status, 2 for a row not readable."""
    out, err = out or sys.stdout, err or sys.stderr
    with without_collecting():
        return _replay(homes, events, placements, alarms, until, out, err)


@contextmanager
def without_collecting() -> Iterator[None]:
    """Millions of rows, none of them a cycle: looking for cycles among them would take a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _replay(
    homes: Path,
    events: Path,
    placements: Path | None,
    alarms: Path | None,
    until: date | None,
    out: TextIO,
    err: TextIO,
) -> int:
    try:
        histories = read_histories(homes, events, placements, until)
    except UnreadableError as fault:
        err.write(f"{fault}\nNothing was written.\n")
        return 2
    for warning in histories.warnings:
        err.write(f"warning: {warning}\n")
    found = run(
        histories.homes,
        histories.records,
        histories.placements,
        histories.until,
        progress=err if err.isatty() else None,
    )
    print_table(found, out)
    if alarms is not None:
        write_alarms(found, alarms)
    return 0
