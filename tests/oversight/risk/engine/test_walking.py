from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oversight.risk.engine import (
    DEFAULT,
    STREAMS,
    Decision,
    Fits,
    Home,
    Parameters,
    Record,
    assess,
    assess_provider,
)
from oversight.risk.engine.counting import changes
from oversight.risk.engine.fits import fit_history, quarters_between
from oversight.risk.engine.walking import Walk
from oversight.risk.simulator import Plan, World, simulate
from tests.oversight.risk.making import day, home, record

FEW = Parameters(fit_homes=5, fit_years=1)
DAYS = 200


def late_world() -> World:
    """Seven homes of three providers; some records very late, some withdrawn."""
    world = simulate(Plan(homes=7, years=1.6, siblings=3, failing=0.4, onset_weeks=(20, 60)), 5)
    chance = np.random.default_rng(1)
    records = []
    for one in world.records:
        later = one.recorded_on + timedelta(days=int(chance.choice([0, 0, 0, 40, 90, 250])))
        gone = later + timedelta(days=int(chance.integers(1, 90))) if chance.random() < 0.1 else None
        records.append(replace(one, recorded_on=min(later, world.until), withdrawn_on=gone))
    return replace(world, records=tuple(records))


def test_walking_gives_the_bits_of_a_full_recompute_of_homes_and_providers() -> None:
    world = late_world()
    records, placements = world.by_home()
    homes = [
        *world.homes[:6],
        replace(world.homes[6], opened_on=world.homes[6].begins_on + timedelta(days=150)),
    ]
    known = {urn: changes(rows) for urn, rows in records.items()}
    fits = fit_history(homes, known, placements, quarters_between(homes[0].begins_on, world.until), FEW)
    assert any(fit.bands for fit in fits.quarters)
    walk = Walk(homes, known, placements, world.until, fits)
    names = [pattern.name for pattern in DEFAULT.patterns]
    compared = 0
    for number in range(walk.days):
        today = walk.advance()
        if number % 37 and number != walk.days - 1:
            continue
        for index, one in enumerate(walk.homes):
            if one.begins_on > today:
                assert walk.scores[index] < -100
                continue
            full = assess(one, records[one.urn], placements[one.urn], today, fits, explained=False)
            assert walk.scores[index] == full.score
            pattern, began = walk.leading(index)
            assert (names[pattern], began) == (full.pattern, full.began_on)
            compared += 1
        for index, provider in enumerate(walk.providers):
            theirs = [one for one in homes if one.provider == provider]
            full = assess_provider(provider, theirs, records, placements, today, fits, explained=False)
            assert walk.provider_scores[index] == full.score
            assert walk.leading(index, provider=True) == (names.index(full.pattern), full.began_on)
    assert compared > 80


rows = st.lists(
    st.tuples(
        st.sampled_from(STREAMS),
        st.integers(0, DAYS - 1),
        st.sampled_from([0, 1, 5, 60, 130]),
        st.sampled_from(["home", "lado", "police"]),
        st.sampled_from(["", "C1"]),
        st.sampled_from([None, None, 3, 100]),
    ),
    max_size=14,
)


def build(drawn: list[tuple[str, int, int, str, str, int | None]]) -> list[Record]:
    return [
        record(
            f"r{number:02d}",
            stream,
            at,
            at + lag,
            source,
            child=child,
            detail="partly" if stream == "reg44" else "",
            withdrawn=None if gone is None else at + lag + gone,
        )
        for number, (stream, at, lag, source, child, gone) in enumerate(drawn)
    ]


@settings(max_examples=25, deadline=None)
@given(rows, st.booleans())
def test_any_history_walked_is_that_history_recomputed(
    drawn: list[tuple[str, int, int, str, str, int | None]], decided: bool
) -> None:
    ours = build(drawn)
    decisions = (
        [Decision("r00", "r01", True, day(90)), Decision("r01", "r02", False, day(30))] if decided else []
    )
    walk = Walk([home()], {"DEMO1": changes(ours, decisions)}, {}, day(DAYS - 1))
    for number in range(DAYS):
        today = walk.advance()
        if number % 23 == 0 or number == DAYS - 1:
            full = assess(home(), ours, [], today, decisions=decisions, explained=False)
            assert walk.scores[0] == full.score


def test_a_walk_ends_on_its_last_day() -> None:
    walk = Walk([home()], {}, {}, day(1), Fits())
    assert [walk.advance(), walk.advance()] == [day(0), day(1)]
    with pytest.raises(IndexError, match="over"):
        walk.advance()


def test_a_walk_of_no_homes_has_no_days() -> None:
    future = Home("DEMO9", "", "P", 5, opened_on=date(2030, 1, 1))
    assert Walk([future], {}, {}, day(1)).days == 0
