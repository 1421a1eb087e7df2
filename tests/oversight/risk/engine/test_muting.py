"""A change of manager or recording system mutes marks for 26 weeks, and what is usual is learned anew from then on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from oversight.risk.engine import Home, Record, assess
from oversight.risk.engine.evidence import Floats
from oversight.risk.engine.marks import mark_evidence
from oversight.risk.engine.parameters import MARKED, MARKS, MarkSettings

STARTS = date(2020, 1, 6)
DAYS, CHANGED, MUTED = 900, 300, 26 * 7
ELM = Home("DEMO001", "Elm House", "Alder", 5, opened_on=STARTS)


def made(number: int, day: int, stream: str, source: str, **marks: object) -> Record:
    on = STARTS + timedelta(days=day)
    late = timedelta(days=day % 9)
    record = Record(f"R{number:03d}", ELM.urn, stream, on, on + late, source)
    return replace(record, **marks)  # type: ignore[arg-type]


def busy() -> list[Record]:
    """Records of every channel every fortnight, from the first day to the last."""
    found = []
    for number, day in enumerate(range(3, DAYS, 14)):
        found += [
            made(number, day, "lado", "lado", child=f"C{number}", severity=4, adult=f"A{number % 3}"),
            made(300 + number, day, "reg40", "home", severity=2, restraint=number % 3 == 0),
            made(600 + number, day + 2, "reg44", "visitor", recommendations=3, repeated=number % 4),
        ]
    return found


def evidence(records: Sequence[Record], *changed: int) -> dict[str, Floats]:
    present = np.full(DAYS, 5, dtype=np.int64)
    days = tuple(STARTS + timedelta(days=day) for day in changed)
    found = mark_evidence(records, (), STARTS.toordinal(), present, 5, ELM.places, MarkSettings(), days)
    return dict(zip(MARKS, found, strict=True))


@pytest.mark.parametrize("mark", MARKS)
def test_every_channel_is_mute_for_26_weeks_after_a_change_and_only_then(mark: str) -> None:
    told, usual = evidence(busy(), CHANGED)[mark], evidence(busy())[mark]
    assert not told[CHANGED : CHANGED + MUTED].any()
    assert usual[CHANGED : CHANGED + MUTED].any()
    assert told[:CHANGED].tobytes() == usual[:CHANGED].tobytes(), "the change is nothing before its day"
    assert told[CHANGED + MUTED :].any()


@pytest.mark.parametrize("mark", sorted(set(MARKS) - {"same_adult", "unmatched"}))
def test_what_was_usual_before_a_change_is_forgotten(mark: str) -> None:
    """Except who the adults are: their own sums go on. A matter is judged a fortnight on, so one may straddle."""
    after = [one for one in busy() if (one.occurred_on - STARTS).days >= CHANGED]
    told, fresh = evidence(busy(), CHANGED)[mark], evidence(after, CHANGED)[mark]
    assert told[CHANGED:].tobytes() == fresh[CHANGED:].tobytes()
    known = evidence(busy())[mark]
    assert told[CHANGED + MUTED :].tobytes() != known[CHANGED + MUTED :].tobytes()


def test_two_changes_follow_one_another_and_order_is_nothing() -> None:
    one, other = evidence(busy(), CHANGED, CHANGED + 100), evidence(busy(), CHANGED + 100, CHANGED)
    for mark in MARKS:
        assert one[mark].tobytes() == other[mark].tobytes(), mark
        assert not one[mark][CHANGED : CHANGED + 100 + MUTED].any(), mark


def test_a_change_before_the_first_day_still_mutes_its_first_weeks() -> None:
    told = evidence(busy(), -50)["restraint"]
    assert not told[: MUTED - 50].any()
    assert told[MUTED - 50 :].all()


def test_counts_are_not_muted() -> None:
    as_of = STARTS + timedelta(days=CHANGED + 90)
    changed = replace(ELM, changed_on=(STARTS + timedelta(days=CHANGED),))
    assert assess(changed, busy(), (), as_of).score == assess(ELM, busy(), (), as_of).score
    marked = assess(changed, busy(), (), as_of, parameters=MARKED)
    assert marked.score != assess(ELM, busy(), (), as_of, parameters=MARKED).score
    assert marked.explanation is not None
