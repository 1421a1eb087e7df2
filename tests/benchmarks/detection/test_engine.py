"""The engine's weekly scores are the product's own."""

from datetime import timedelta

import numpy as np
import pytest

from benchmarks.detection.engine import judge
from oversight.risk.engine import DEFAULT, Parameters, assess, assess_provider
from oversight.risk.engine.parameters import MARKED
from oversight.risk.simulator import Marking, Plan, simulate

WORLD = simulate(Plan(homes=6, years=1.5, siblings=3, marks=Marking()), 4)


@pytest.mark.parametrize("parameters", [DEFAULT, MARKED])
def test_a_weeks_score_is_the_highest_of_its_days(parameters: Parameters) -> None:
    records, placements = WORLD.by_home()
    scores = judge(WORLD, {"it": parameters}).scores["it"]
    home = WORLD.homes[2]
    series = assess(
        home, records[home.urn], placements[home.urn], WORLD.until + timedelta(days=90),
        parameters=parameters, series=True,
    ).series  # fmt: skip
    days = [score for day, score in series if day <= WORLD.until]
    first = parameters.first_weeks
    assert scores.shape == (6, len(days) // 7)
    assert (scores[:, :first] == -np.inf).all()
    expected = [max(days[7 * week : 7 * week + 7]) for week in range(first, len(days) // 7)]
    assert scores[2, first:].tolist() == pytest.approx(expected)


def test_siblings_share_a_chart() -> None:
    records, placements = WORLD.by_home()
    scores = judge(WORLD, {"it": DEFAULT}, siblings=3).scores["it"]
    theirs = assess_provider(
        "P", WORLD.homes[3:], records, placements, WORLD.until + timedelta(days=90), series=True
    )
    days = [score for day, score in theirs.series if day <= WORLD.until]
    assert scores.shape[0] == 2
    assert scores[1, -1] == pytest.approx(max(days[-7:]))
