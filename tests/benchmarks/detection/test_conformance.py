"""XmR equals NHSRplotthedots, EARS and Farrington flexible equal `surveillance`: every row of both."""

from itertools import groupby

import numpy as np
import numpy.typing as npt
import pytest

from benchmarks.detection.comparators import ears, xmr
from benchmarks.detection.comparators.farrington.flexible import Options, assessed
from tests.benchmarks.detection.figures import SERIES, cases, mondays, number, rows

OPTIONS = ("case", "fix_after", "screen_outliers", "improvement_direction")
XMR = [
    (key, list(group))
    for key, group in groupby(rows("nhsrplotthedots.csv"), lambda row: tuple(row[name] for name in OPTIONS))
]
METHODS: tuple[ears.Method, ...] = ("C1", "C2", "C3")


def expected(series: str, method: str) -> list[dict[str, str]]:
    return [
        row for row in rows("surveillance_limits.csv") if (row["series"], row["algo"]) == (series, method)
    ]


def assert_as_the_package(
    told: list[dict[str, str]], upper: npt.NDArray[np.float64], alarm: npt.NDArray[np.bool_]
) -> None:
    np.testing.assert_allclose(upper, [number(row["upper"]) for row in told], rtol=0, atol=1e-6)
    assert alarm.tolist() == [row["alarm"] == "1" for row in told]


@pytest.mark.parametrize(("key", "told"), XMR, ids=["-".join(key) for key, _ in XMR])
def test_xmr_equals_the_package(key: tuple[str, ...], told: list[dict[str, str]]) -> None:
    _, fixed, screened, better = key
    chart = xmr.chart(
        [number(row["y"]) for row in told],
        fixed_after=None if fixed == "NA" else int(fixed),
        screened=screened == "TRUE",
    )
    for name, mine in (("mean", chart.limits.mean), ("lpl", chart.limits.lower), ("upl", chart.limits.upper)):
        theirs = [number(row[name]) for row in told]
        np.testing.assert_allclose(np.full(len(told), mine), theirs, rtol=0, atol=1e-9)
    # Where every moving range is left out there are no limits: the package says NA, and names no cause.
    assert chart.outside.tolist() == [row["outside"] == "TRUE" for row in told]
    assert chart.close.tolist() == [row["close"] == "TRUE" for row in told]
    assert chart.side.tolist() == [int(row["rel"]) for row in told]
    assert chart.names() == [row["special"] for row in told]
    assert chart.point_types(int(better)) == [row["point"] for row in told]


def test_every_row_is_asked() -> None:
    assert sum(len(told) for _, told in XMR) == 1944
    every = list(rows("surveillance_limits.csv"))
    assert len(every) == 1312
    assert sum(row["upper"] == "NA" for row in every) == 75
    kinds = {(row["series"], row["algo"]) for row in every}
    assert kinds == {(series, method) for series in SERIES for method in (*METHODS, "farringtonFlexible")}


@pytest.mark.parametrize("series", SERIES)
@pytest.mark.parametrize("method", METHODS)
def test_ears_equals_the_package(series: str, method: ears.Method) -> None:
    told, counts = expected(series, method), cases(series)
    weeks = [int(row["t"]) - 1 for row in told]
    upper = ears.limits(counts, method, programmed=True)[weeks]
    assert_as_the_package(told, upper, ears.alarms(counts, method, programmed=True)[weeks])


@pytest.mark.parametrize("series", SERIES)
def test_farrington_flexible_equals_the_package(series: str) -> None:
    told = expected(series, "farringtonFlexible")
    weeks = [int(row["t"]) - 1 for row in told]
    found = assessed(cases(series), weeks, Options(years=3), dates=mondays(series))
    assert_as_the_package(told, found.upper, found.alarm)
