"""The highs of every home's chart, walked in pieces that fit into memory: all that setting a bar needs."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

import numpy as np

from oversight.risk.engine.assessing import raises_from
from oversight.risk.engine.fits import Fits
from oversight.risk.engine.parameters import DEFAULT, Parameters
from oversight.risk.engine.records import Home, Placement, Record
from oversight.risk.replay.engine_only import Job, in_workers, prepared
from oversight.risk.replay.measuring import Chart, High


def charts_of_homes(
    homes: Sequence[Home],
    records: Mapping[str, Sequence[Record]],
    placements: Mapping[str, Sequence[Placement]],
    until: date,
    *,
    fits: Fits | None = None,
    parameters: Parameters = DEFAULT,
    counted_from: Mapping[str, date] | None = None,
) -> dict[str, Chart]:
    """Each home's chart by URN, without patterns, from its first weeks on, or from `counted_from` where that is later.

    Scores below zero are left out. Without `fits` what is usual is learnt from these homes quarter by quarter, as in
    the hub.
    """
    job, _ = prepared(homes, records, placements, until, fits=fits, parameters=parameters)
    work = partial(_highs, counted_from=counted_from or {})
    return {chart.key: chart for charts in in_workers(job, work) for chart in charts}


def _highs(job: Job, homes: Sequence[Home], *, counted_from: Mapping[str, date]) -> list[Chart]:
    walk = job.walk(homes)
    starts = [
        max(raises_from(home, job.parameters), counted_from.get(home.urn, date.min)) for home in walk.homes
    ]
    at_risk = np.array([start.toordinal() for start in starts])
    highest = np.zeros(len(starts))
    highs: list[list[High]] = [[] for _ in starts]
    for _ in range(walk.days):
        day = walk.advance()
        for index in np.flatnonzero((walk.scores > highest) & (at_risk <= day.toordinal())).tolist():
            highest[index] = walk.scores[index]
            highs[index].append(High(day, float(walk.scores[index])))
    return [
        Chart("home", home.urn, start, tuple(high))
        for home, start, high in zip(walk.homes, starts, highs, strict=True)
    ]
