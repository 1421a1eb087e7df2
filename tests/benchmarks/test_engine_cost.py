from benchmarks import __main__ as bench
from benchmarks.engine import cost
from benchmarks.figures import Figure


def test_one_home_and_many_are_measured_on_counts_and_with_marks() -> None:
    figures = bench.BENCHMARKS["engine"](True)
    assert [figure.unit for figure in figures] == ["ms", "ms", "s", "s"]
    assert all(figure.value > 0 for figure in figures)
    assert all(isinstance(figure, Figure) and figure.better == "lower" for figure in figures)
    assert {name for name in cost.SETTINGS if any(name in figure.name for figure in figures)} == {
        *cost.SETTINGS
    }
