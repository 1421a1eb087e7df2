"""Brings the home of `manager` just under the regulator's bar, by choosing among records it might have had lately.

The choice is tried with the engine itself until three ordinary notices would cross the bar and two would not.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import numpy as np

from hesley_hub.demo.stays import residents
from oversight.risk import engine
from oversight.risk.engine import DEFAULT, Home, Placement, Record

#: What might have happened lately: days before the evening, stream, source, severity, days until it was recorded.
CANDIDATES: tuple[tuple[int, str, str, int, int], ...] = (
    (72, "hospital", "hospital", 2, 6),
    (66, "reg40", "home", 2, 1),
    (63, "lado", "police", 3, 4),
    (58, "reg40", "home", 3, 0),
    (55, "complaint", "placing_authority", 2, 3),
    (51, "hospital", "hospital", 3, 5),
    (47, "reg40", "home", 2, 1),
    (44, "lado", "home", 3, 1),
    (40, "reg40", "home", 2, 0),
    (37, "hospital", "home", 2, 1),
    (33, "reg40", "home", 3, 2),
    (29, "lado", "lado", 3, 3),
    (26, "reg40", "home", 2, 1),
    (24, "complaint", "parent", 2, 4),
    (21, "hospital", "hospital", 3, 7),
    (19, "reg40", "home", 3, 0),
    (15, "reg40", "home", 2, 1),
    (12, "hospital", "hospital", 3, 4),
    (9, "reg40", "home", 3, 1),
    (6, "lado", "home", 3, 1),
    (4, "reg40", "home", 2, 0),
)
#: Days after the evening on which the home records one more notice, so that a demonstration of a fortnight stays tense.
FURTHER = tuple(range(5, 60, 6))
ORDINARY_NOTICES = 3
TRIES = 400
#: How far above the bar three notices must take the home, and how far below it two must leave it.
ABOVE, BELOW = 0.12, 0.05
MARGIN = 0.05  # the score of no evening so far may come nearer to the bar


def bring(
    records: Sequence[Record], placements: Sequence[Placement], home: Home, evening: date
) -> list[Record]:
    """The records with those added that bring the home to the brink; RuntimeError where no choice does."""
    others = [record for record in records if record.urn != home.urn]
    ours = [record for record in records if record.urn == home.urn]
    known = [record for record in ours if record.recorded_on <= evening]
    living = [one for one in placements if one.urn == home.urn]
    for added in _choices(home, living, evening):
        if on_the_brink(home, [*known, *added], living, evening):
            return [*others, *ours, *added, *_further(home, living, evening)]
    raise RuntimeError("no choice of records brings the home of the demonstration to the brink")


def _choices(home: Home, living: Sequence[Placement], evening: date) -> Iterator[list[Record]]:
    """Choices of candidates, as drawn from a fixed seed: about half of them at first, more and more later."""
    rng = np.random.default_rng(8)
    made = [_record(number, home, living, evening) for number in range(len(CANDIDATES))]
    for turn in range(TRIES):
        share = 0.35 + 0.6 * ((turn * 7) % TRIES) / TRIES
        yield [record for record, draw in zip(made, rng.random(len(made)), strict=True) if draw < share]


def _record(number: int, home: Home, living: Sequence[Placement], evening: date) -> Record:
    back, stream, source, severity, lag = CANDIDATES[number]
    day = evening - timedelta(days=back)
    there = residents(living, home.urn, day)
    prefix = {"reg40": "R40", "lado": "LAD", "complaint": "CMP", "hospital": "HOS"}[stream]
    return Record(
        reference=f"{prefix}-7KQ4-M{'ACDEFGHJKMNPQRTUVWXY3'[number]}TX",
        urn=home.urn,
        stream=stream,
        occurred_on=day,
        recorded_on=day + timedelta(days=lag),
        source=source,
        child=there[number % len(there)],
        adult=f"{home.urn}-A{number % 5:03d}" if stream == "lado" else "",
        severity=severity,
    )


def _further(home: Home, living: Sequence[Placement], evening: date) -> Iterator[Record]:
    for number, ahead in enumerate(FURTHER):
        day = evening + timedelta(days=ahead)
        there = residents(living, home.urn, day)
        letters = "ACDEFGHJKMNPQRTU"[number]
        yield Record(
            reference=f"R40-{letters}QX4-9M7T",
            urn=home.urn,
            stream="reg40",
            occurred_on=day,
            recorded_on=day,
            source="home",
            child=there[number % len(there)],
            severity=2,
        )


def notices(home: Home, there: Sequence[str], day: date, count: int) -> list[Record]:
    """Ordinary notices that the home might record on a day."""
    return [
        Record(
            reference=f"R40-NEXT-{number:04d}",
            urn=home.urn,
            stream="reg40",
            occurred_on=day,
            recorded_on=day,
            source="home",
            child=there[number % len(there)],
            severity=2,
        )
        for number in range(count)
    ]


def on_the_brink(home: Home, records: Sequence[Record], living: Sequence[Placement], evening: date) -> bool:
    """Whether three ordinary notices on the next day cross the regulator's bar, two do not, and nothing did before."""
    bar = DEFAULT.regulator
    today = evening + timedelta(days=1)
    there = residents(living, home.urn, today)

    def after(count: int) -> float:
        more = [*records, *notices(home, there, today, count)]
        return engine.assess(home, more, living, today, explained=False).score

    if after(ORDINARY_NOTICES) < bar + ABOVE or after(ORDINARY_NOTICES - 1) > bar - BELOW:
        return False
    # A late record may have made a day look quieter at the time, never louder than the bar allows now.
    series = engine.assess(home, records, living, evening, explained=False, series=True).series
    return all(score < bar - MARGIN for _, score in series)
