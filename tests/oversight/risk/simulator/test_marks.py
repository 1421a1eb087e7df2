"""Marks on simulated records: ordinary homes have the rates stated, going wrong shows as its table says."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pytest

from oversight.risk.simulator import (
    HIGH,
    LOW,
    MID,
    NOISE,
    SCENARIOS,
    Arrays,
    Marking,
    MarkRates,
    Plan,
    Rates,
    simulate_arrays,
)
from oversight.risk.simulator.effects import SCENARIO_EFFECTS, Effects, effects_of
from oversight.risk.simulator.mark_rates import SEVERITY_SHARES, THEMES
from oversight.risk.simulator.visiting import Seen, visits

HOMES, YEARS = 250, 6
ONSET = 130


@lru_cache(maxsize=3)
def ordinary(noise: str) -> Arrays:
    return simulate_arrays(Plan(homes=HOMES, years=YEARS, marks=Marking(NOISE[noise])), 3)


@lru_cache(maxsize=12)
def wrong(scenario: str, level: str = "mid") -> Arrays:
    plan = Plan(
        homes=80,
        years=7,
        failing=1.0,
        scenarios=(scenario,),
        onset_weeks=(ONSET, ONSET + 1),
        marks=Marking(level=level),
    )
    return simulate_arrays(plan, 5)


def share(part: npt.NDArray[np.int16], whole: npt.NDArray[np.int16]) -> tuple[float, float]:
    """Before going wrong, and once its ramp is over."""
    before, after = slice(0, ONSET), slice(ONSET + 53, None)
    return (
        float(part[..., before].sum() / whole[..., before].sum()),
        float(part[..., after].sum() / whole[..., after].sum()),
    )


def log_odds(chances: tuple[float, float]) -> float:
    first, second = (np.log(chance / (1 - chance)) for chance in chances)
    return float(second - first)


@pytest.mark.parametrize("noise", sorted(NOISE))
def test_ordinary_homes_have_the_marks_that_are_stated(noise: str) -> None:
    made, rates = ordinary(noise), NOISE[noise]
    years = HOMES * YEARS
    per_year = made.counts.sum(axis=(0, 2)) / years
    assert per_year[0] == pytest.approx(10.0, rel=0.1)
    assert per_year[1] == pytest.approx(1.5, rel=0.1)
    assert per_year[4] == pytest.approx(2.0, rel=0.1)
    assert made.counts[:, 5].sum() / made.visits.sum() == pytest.approx(0.08, rel=0.2)
    assert per_year[6] == pytest.approx(rates.injuries.per_year, rel=0.15)
    assert made.unnoticed.sum() / made.outside.sum() == pytest.approx(rates.notices.missing, abs=0.04)
    assert made.delay.sum() / made.delayed.sum() == pytest.approx(np.log(rates.delay.median), abs=0.12)
    levels = made.severity.sum(axis=(0, 3))
    assert levels / levels.sum(axis=1, keepdims=True) == pytest.approx(
        np.array([SEVERITY_SHARES] * 2), abs=0.04
    )
    assert made.recommendations.sum() / made.visits.sum() == pytest.approx(3.0, rel=0.03)
    assert made.repeated.sum() / made.recommendations.sum() == pytest.approx(
        rates.recommendations.repeated, abs=0.03
    )
    assert made.changes.sum() / years == pytest.approx(rates.changes.per_year, rel=0.15)
    assert made.staff.tolist() == [5 * rates.adults.per_bed + 2] * HOMES
    assert made.themes.sum() == made.counts[:, :5].sum() - made.linked.sum()


def test_linked_notices_are_as_many_as_without_marks() -> None:
    made = ordinary("mid")
    expected = 0.30 * made.counts[:, 1].sum() + 0.20 * made.counts[:, 4].sum()
    assert made.linked.sum() == pytest.approx(expected, rel=0.1)


def test_more_noise_means_homes_that_differ_more_and_fewer_keys() -> None:
    def differing(made: Arrays) -> float:
        return float(np.std(made.repeated.sum(axis=1) / made.recommendations.sum(axis=1)))

    def late(made: Arrays) -> float:
        return float(np.std(made.delay.sum(axis=1) / made.delayed.sum(axis=1)))

    populations = [ordinary(noise) for noise in ("low", "mid", "high")]
    for measure in (differing, late, lambda made: -len(made.named)):
        found = [measure(made) for made in populations]
        assert found == sorted(found)
        assert found[0] < found[2]


def test_an_adult_is_named_again_more_often_where_echoes_and_propensities_say_so() -> None:
    def again(made: Arrays) -> float:
        _, times = np.unique(made.named[:, [0, 2]], axis=0, return_counts=True)
        return float((times * (times - 1)).sum() / len(made.named))

    assert again(ordinary("low")) < again(ordinary("mid")) < again(ordinary("high"))


def test_one_noisier_mark_leaves_all_others_as_they_were() -> None:
    plan = Plan(homes=6, years=3, marks=Marking())
    noisy = Marking(replace(MID, recommendations=HIGH.recommendations))
    usual, other = simulate_arrays(plan, 1), simulate_arrays(replace(plan, marks=noisy), 1)
    for name in ("counts", "linked", "unnoticed", "severity", "delay", "themes", "named", "children"):
        assert np.array_equal(getattr(usual, name), getattr(other, name)), name
    assert not np.array_equal(usual.repeated, other.repeated)


def test_longer_stays_change_no_count() -> None:
    plan = Plan(homes=6, years=4, marks=Marking())
    longer = replace(plan, marks=Marking(replace(MID, children=LOW.children)))
    usual, other = simulate_arrays(plan, 1), simulate_arrays(longer, 1)
    assert np.array_equal(usual.counts, other.counts)
    assert not np.array_equal(usual.children, other.children)


@pytest.mark.parametrize("name", ["A", "F", "G", "H", "I"])
def test_missing_notices_rise_as_the_scenario_says(name: str) -> None:
    made = wrong(name)
    shift = log_odds(share(made.unnoticed, made.outside))
    assert shift == pytest.approx(SCENARIO_EFFECTS[name].notice, abs=0.5)


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_recommendations_and_delay_shift_as_the_scenario_says(name: str) -> None:
    made, effects = wrong(name), SCENARIO_EFFECTS[name]
    shift = log_odds(share(made.repeated, made.recommendations))
    assert shift == pytest.approx(effects.recommendations, abs=0.2)
    before, after = (
        float(made.delay[:, part].sum() / made.delayed[:, part].sum())
        for part in (slice(0, ONSET), slice(ONSET + 53, None))
    )
    assert after - before == pytest.approx(effects.delay, abs=0.2)


@pytest.mark.parametrize("name", ["D", "E", "G", "I"])
def test_severity_tilts_for_the_home_and_for_others_apart(name: str) -> None:
    made, effects = wrong(name), SCENARIO_EFFECTS[name]
    for row, tilt in enumerate((effects.severity_own, effects.severity_outside)):
        grave, all_of_them = made.severity[:, row, 3:].sum(axis=1), made.severity[:, row].sum(axis=1)
        shift = log_odds(share(grave, all_of_them))
        assert np.sign(shift) == np.sign(tilt)
        assert abs(shift) > abs(tilt)


def test_injuries_follow_their_own_times() -> None:
    for name in ("B", "E", "G"):
        made = wrong(name)
        before, after = (
            made.counts[:, 6, part].mean() for part in (slice(0, ONSET), slice(ONSET + 53, None))
        )
        assert after / before == pytest.approx(SCENARIO_EFFECTS[name].injuries, rel=0.35)


def _most_named(made: Arrays, table: npt.NDArray[np.int64], number: int) -> float:
    """The share of a home's late events about the adults, or children, named most."""
    shares = []
    late = table[table[:, 1] > ONSET + 26]
    for home in range(len(made.places)):
        _, times = np.unique(late[late[:, 0] == home, 2], return_counts=True)
        if times.sum() >= 5:
            shares.append(np.sort(times)[-number:].sum() / times.sum())
    return float(np.mean(shares))


def test_two_adults_stand_behind_h_and_none_behind_it_without_effects() -> None:
    mid, none = wrong("H"), wrong("H", "none")
    assert _most_named(mid, mid.named, 2) > _most_named(none, none.named, 2) + 0.15


def test_two_children_are_aimed_at_in_h() -> None:
    mid, none = wrong("H").children, wrong("H", "none").children
    assert np.array_equal(mid[:, [0, 1, 3]], none[:, [0, 1, 3]])
    moved, when = mid[:, 2] != none[:, 2], mid[:, 1]
    assert not moved[when < ONSET].any()
    assert moved[when > ONSET + 26].mean() == pytest.approx(0.4 * 0.65, abs=0.08)  # some were theirs anyway
    soon = mid[moved & (when > ONSET + 26) & (when < ONSET + 40)]
    aimed = [len(np.unique(soon[soon[:, 0] == home, 2])) for home in np.unique(soon[:, 0])]
    assert np.mean(aimed) < 2.2


def test_one_theme_draws_the_others_in_h() -> None:
    mid, none = wrong("H"), wrong("H", "none")
    tops = [
        float((late.max(axis=1) / late.sum(axis=1)).mean())
        for late in (made.themes[:, :, ONSET + 26 :].sum(axis=2) for made in (mid, none))
    ]
    assert tops[0] > tops[1] + 0.1


def test_effects_of_none_leave_the_marks_as_in_ordinary_homes() -> None:
    made = wrong("I", "none")
    assert log_odds(share(made.unnoticed, made.outside)) == pytest.approx(0.0, abs=0.4)
    assert log_odds(share(made.repeated, made.recommendations)) == pytest.approx(0.0, abs=0.2)


def test_levels_scale_every_effect() -> None:
    chance = np.random.default_rng(1)
    full, low, high = (effects_of("D", level, chance) for level in ("mid", "low", "high"))
    assert full == SCENARIO_EFFECTS["D"]
    assert low.notice == pytest.approx(0.4 * full.notice)
    assert low.injuries == pytest.approx(full.injuries**0.4)
    assert high.culprits == pytest.approx(1.6 * full.culprits)
    assert high.captured == 1.0
    assert effects_of("H", "high", chance).culprits == 0.95
    assert effects_of("H", "none", chance) == Effects(visit_odds=1.0)


def test_random_effects_are_absent_four_times_in_ten() -> None:
    chance = np.random.default_rng(1)
    drawn = np.array([effects_of("I", "random", chance).notice for _ in range(2000)]) / 2.1
    assert (drawn == 0).mean() == pytest.approx(0.4, abs=0.04)
    assert drawn[drawn > 0].min() >= 0.3
    assert drawn.max() <= 1.6


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="medium"):
        Marking(level="medium")


def _concerned(events: int, effects: Effects, done: float = 0.0, rates: MarkRates = LOW) -> float:
    plan = Plan(years=80)
    weeks = plan.weeks
    seen = Seen(np.full(weeks, events), 1.0, np.full(weeks, done), effects)
    ordinary_visitor = replace(Rates(), concern_between=400.0)
    made = visits(
        plan.starts_on, ordinary_visitor, rates, seen, np.full(weeks, 0.2), np.random.default_rng(2)
    )
    return float((made.opinion > 0).mean())


def test_visitors_answer_to_events_unless_captured() -> None:
    usual = _concerned(1, Effects())
    assert usual == pytest.approx(0.08, abs=0.02)
    assert _concerned(3, Effects()) > 3 * usual
    assert _concerned(3, Effects(), rates=HIGH) < 2 * usual
    assert _concerned(3, Effects(captured=1.0), done=1.0) == pytest.approx(usual, abs=0.02)
    assert _concerned(1, Effects(visit_odds=1.0), done=1.0) > 1.8 * usual


def test_the_tables_name_every_scenario_and_ten_themes() -> None:
    assert set(SCENARIO_EFFECTS) == set(SCENARIOS) == set("ABCDEFGHI")
    assert len(set(THEMES)) == 10
    assert sum(SEVERITY_SHARES) == pytest.approx(1.0)
