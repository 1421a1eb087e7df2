import io
from datetime import date

import numpy as np
import pytest

from oversight.risk.engine.priors import SHIPPED
from oversight.risk.replay.hesley import VARIANTS, hesley, outcomes, reconstruct, scaled_prior, totals
from oversight.risk.replay.measuring import Chart, High
from tests.oversight.risk.making import home


def test_the_published_figures_carry_their_source_and_no_names() -> None:
    published = totals()
    assert published["totals"] == {
        "whistleblowing": 20,
        "complaint": 31,
        "reg40": 108,
        "hospital": 61,
        "lado": 232,
    }
    assert published["period"] == {"from": "2018-01-01", "to": "2021-03-21"}
    assert "phase 2" in published["source"]


@pytest.mark.parametrize("law", ["rising", "constant"])
def test_a_reconstruction_holds_the_totals_within_the_period(law: str) -> None:
    published = totals()
    homes, records = reconstruct(law, 3, published)
    every = [one for rows in records.values() for one in rows]
    assert len(homes) == 3
    assert all(one.urn.startswith("DEMO") for one in homes)
    for stream, total in published["totals"].items():
        assert sum(one.stream == stream for one in every) == total
    assert min(one.occurred_on for one in every) >= date(2018, 1, 1)
    assert max(one.occurred_on for one in every) <= date(2021, 3, 21)
    assert reconstruct(law, 3, published) == (homes, records)
    assert reconstruct(law, 4, published)[1] != records


def test_rising_is_later_than_constant() -> None:
    published = totals()

    def middle(law: str) -> float:
        rows = [
            one for seed in range(5) for some in reconstruct(law, seed, published)[1].values() for one in some
        ]
        return float(np.mean([(one.occurred_on - date(2018, 1, 1)).days for one in rows])) / 1176

    # Mean of a density rising evenly from 1 to 5 over [0, 1]: (1/2 + 4/3) / 3
    assert middle("rising") == pytest.approx(11 / 18, abs=0.02)
    assert middle("constant") == pytest.approx(0.5, abs=0.02)


def chart(scope: str, key: str, *highs: tuple[date, float]) -> Chart:
    return Chart(scope, key, date(2018, 7, 2), tuple(High(on, score, "harm") for on, score in highs))


def test_outcomes_take_the_second_home_and_only_what_was_in_time() -> None:
    homes = [home(f"{group}{n}", provider=group) for group in ("P", "Q") for n in range(3)]
    charts = [
        chart("home", "P0", (date(2019, 3, 1), 7.0)),
        chart("home", "P1", (date(2019, 9, 1), 6.0), (date(2020, 3, 1), 7.0)),
        chart("home", "Q0", (date(2019, 3, 1), 9.0)),
        chart("provider", "P", (date(2021, 3, 1), 9.0)),
        chart("provider", "Q", (date(2020, 2, 1), 7.0), (date(2021, 2, 1), 9.0)),
    ]
    second, pooled = outcomes(homes, charts, (6.5, 8.0), date(2021, 3, 1))
    assert (second.share, second.pattern) == (0.5, "harm")
    assert second.lead == pytest.approx(6.0, abs=0.05)
    assert pooled.share == 0.5
    assert pooled.lead == pytest.approx(0.46, abs=0.01)
    assert str(pooled).startswith(" 50%")
    nothing, _ = outcomes(homes, charts, (10.0, 10.0), date(2021, 3, 1))
    assert (nothing.share, nothing.lead, nothing.pattern) == (0.0, 0.0, "")


def test_variants_scale_the_prior_of_their_streams() -> None:
    scaled = scaled_prior(VARIANTS[2])
    assert scaled[0].shape / scaled[0].rate == pytest.approx(0.3 * SHIPPED[0].shape / SHIPPED[0].rate)
    assert scaled[3] == SHIPPED[3]
    assert scaled_prior(VARIANTS[0]) == SHIPPED


def test_the_report_states_assumptions_and_stands_beside_ordinary_homes() -> None:
    out = io.StringIO()
    assert hesley(2, out, variants=VARIANTS[:1], providers=2) == 0
    text = out.getvalue()
    assert text.startswith("2 reconstructions of 452 events at three homes, 2018-01-01 to 2021-03-21.")
    assert "Assumed: three homes of 28 beds each" in text
    for word in (
        "rising",
        "constant",
        "ordinary",
        "second of three",
        "pooled over the provider",
        "before March 2021",
    ):
        assert word in text
