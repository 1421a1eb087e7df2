"""What an alarm can say beside its score: how sure the day is on which it began, and which marks its records lack."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np

from oversight.risk import engine
from oversight.risk.engine.assessing import joined_factors, past
from oversight.risk.engine.evidence import Floats
from oversight.risk.engine.records import gone_from
from oversight.risk.queries import EngineWorld, fits_of

SURE = 0.8
#: The streams whose records should carry a mark.
CARRIED_BY = {
    "adult": ("lado",),
    "severity": ("reg40", "lado", "whistleblowing", "complaint", "hospital"),
}


def beside(found: engine.Assessment, world: EngineWorld, parameters: engine.Parameters) -> dict[str, Any]:
    """What an alert keeps beside the explanation, as plain data: ``began_between`` and ``missing``.

    began_between: first and last day (ISO) of the span that holds the start with SURE. missing: for each mark and
    stream, of how many records since the start it is missing.
    """
    first, last = began_between(found, world, parameters)
    return {
        "began_between": [first.isoformat(), last.isoformat()],
        "missing": marks_missing(_homes(found, world), found, world),
    }


def began_between(
    found: engine.Assessment, world: EngineWorld, parameters: engine.Parameters
) -> tuple[date, date]:
    """The shortest way out from the likeliest start that holds the start with probability SURE.

    Given that the leading pattern began on some day of the history, each equally likely beforehand, as the score has it.
    """
    fits = fits_of(found.picture)
    worked = [
        past(
            home,
            world.records.get(home.urn, ()),
            world.decisions.get(home.urn, ()),
            world.placements.get(home.urn, ()),
            found.as_of,
            fits,
            found.picture,
            parameters,
        )
        for home in sorted(_homes(found, world), key=lambda home: home.urn)
    ]
    names = [pattern.name for pattern in parameters.patterns]
    factors = joined_factors(worked)[names.index(found.pattern)]
    begins = min(one.begins for one in worked)
    low, high = span_of(factors, found.began_on.toordinal() - begins)
    return date.fromordinal(begins + low), date.fromordinal(begins + high)


def span_of(factors: Floats, likeliest: int) -> tuple[int, int]:
    """First and last index of the start's span around the likeliest, from a pattern's daily factors (days,)."""
    evidence = np.cumsum(np.log(factors[::-1]))[::-1]
    chances = np.exp(evidence - evidence.max())
    chances = chances / chances.sum()
    low = high = likeliest
    held = float(chances[likeliest])
    while held < SURE and (low > 0 or high < len(chances) - 1):
        before = float(chances[low - 1]) if low > 0 else -1.0
        after = float(chances[high + 1]) if high < len(chances) - 1 else -1.0
        if before >= after:
            low -= 1
            held += before
        else:
            high += 1
            held += after
    return low, high


def marks_missing(
    homes: Iterable[engine.Home], found: engine.Assessment, world: EngineWorld
) -> list[dict[str, Any]]:
    """For each mark and stream with records since the start, as the picture holds them: how many, and without it."""
    rows = [
        record
        for home in homes
        for record in world.records.get(home.urn, ())
        if _held(record, found) and found.began_on <= record.occurred_on <= found.as_of
    ]
    counted = []
    for mark, streams in CARRIED_BY.items():
        for stream in streams:
            of = [record for record in rows if record.stream == stream]
            missing = sum(not _carries(record, mark) for record in of)
            if of:
                counted.append({"mark": mark, "stream": stream, "missing": missing, "of": len(of)})
    return counted


def _carries(record: engine.Record, mark: str) -> bool:
    return bool(record.adult) if mark == "adult" else record.severity is not None


def _held(record: engine.Record, found: engine.Assessment) -> bool:
    known, gone = engine.known_from(record, found.picture), gone_from(record, found.picture)
    return known is not None and known <= found.as_of and (gone is None or gone > found.as_of)


def _homes(found: engine.Assessment, world: EngineWorld) -> list[engine.Home]:
    if found.scope == "home":
        return [world.home(found.key)]
    return [home for home in world.homes if home.provider == found.key and home.begins_on <= found.as_of]
