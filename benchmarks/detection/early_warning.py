"""How early homes going wrong are found: the engine, its parts and every comparator, at one rate of false alarms.

All homes are simulated and every rate is an assumption of `oversight.risk.simulator`: the figures compare methods with
each other and promise nothing of real homes.
"""

import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.detection.finding import WITHIN, Found, ahead, joined
from benchmarks.detection.methods import METHODS
from benchmarks.detection.study import Row, Size, one_seed
from benchmarks.figures import Figure
from oversight.risk.engine import DEFAULT, Parameters
from oversight.risk.engine.parameters import MARKED, MARKS
from oversight.risk.simulator import COUNT_SCENARIOS, HIGH, LOW, SCENARIOS, Marking

#: Seeds, and how many homes: 4,000 ordinary homes set the bars, as many others confirm them, 1,000 go wrong each way.
WHOLE_SEEDS, QUICK_SEEDS = (1, 2, 3, 4, 5), (1,)
WHOLE, QUICK = Size(), Size(600, 8.0, 100, 7.0)
BIG, BIG_QUICK = Size(1000, 8.0, 300, 7.0), Size(200, 8.0, 40, 7.0)
ALL = tuple(SCENARIOS)
ENGINE = {"counts": DEFAULT, "marks": MARKED}
NO_METHODS: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """Rows of several seeds: by method, each scenario's homes of all seeds, bars and rates seed by seed."""

    rows: Mapping[str, Sequence[Row]]

    def cell(self, name: str, scenario: str) -> Found:
        return joined([row.found[scenario] for row in self.rows[name]])

    def mean(self, name: str, scenarios: Iterable[str], weeks: int) -> tuple[float, float]:
        """The mean share in percent over scenarios and seeds, and half of its 95% interval (binomial in each cell)."""
        cells = [self.cell(name, scenario) for scenario in scenarios]
        shares = [cell.share(weeks) for cell in cells]
        spread = [
            share * (1 - share) / max(int(cell.at_risk.sum()), 1)
            for share, cell in zip(shares, cells, strict=True)
        ]
        return 100 * float(np.mean(shares)), 196 * math.sqrt(sum(spread)) / len(cells)

    def rate(self, name: str) -> float:
        """First false alarms a year on homes that did not set the bar."""
        rows = self.rows[name]
        return sum(row.confirmed.alarms for row in rows) / sum(row.confirmed.years for row in rows)

    def best_of(self, family: str) -> str:
        """The setting of a family that found most within 12 months: chosen on these very homes, which flatters it."""
        settings = [name for name, method in METHODS.items() if method.family == family]
        return max(settings, key=lambda name: self.mean(name, COUNT_SCENARIOS, WITHIN[2])[0])


def early_warning(*, quick: bool) -> list[Figure]:
    """The figures of the main table, the parts, the sensitivity, sizes and siblings."""
    seeds, size = (QUICK_SEEDS, QUICK) if quick else (WHOLE_SEEDS, WHOLE)
    big = BIG_QUICK if quick else BIG
    figures = list(_main(table(ENGINE, seeds, size)))
    figures += _parts(table(parts(), seeds[:1], size, methods=NO_METHODS))
    for name, marking in POPULATIONS.items():
        found = table(ENGINE, seeds[:1], size, marking=marking, methods=NO_METHODS)
        figures += _means(name, found, ENGINE)
    found = table(ENGINE, seeds[:1], big, places=28, methods=NO_METHODS)
    figures += _means("28 beds", found, ENGINE)
    found = table(ENGINE, seeds[:1], big, siblings=3, methods=NO_METHODS)
    figures += _means("three siblings, one chart", found, ENGINE)
    return figures


#: What else ordinary homes may be like, and how strongly going wrong may show; bars are set anew on each.
POPULATIONS: Mapping[str, Marking] = {
    "random effects": Marking(level="random"),
    "weak effects": Marking(level="low"),
    "strong effects": Marking(level="high"),
    "marks say nothing": Marking(level="none"),
    "adults without keys": Marking(adult_keys=False),
    "quiet homes": Marking(rates=LOW),
    "noisy homes": Marking(rates=HIGH),
}


def table(
    settings: Mapping[str, Parameters],
    seeds: Sequence[int],
    size: Size,
    *,
    methods: Sequence[str] = tuple(METHODS),
    marking: Marking | None = None,
    places: int = 5,
    siblings: int = 1,
) -> Table:
    """One row a method, over several seeds. Says on standard error how far it is."""
    rows: dict[str, list[Row]] = {}
    for seed in seeds:
        found = one_seed(
            settings,
            seed,
            size,
            scenarios=ALL,
            marking=marking,
            methods=methods,
            places=places,
            siblings=siblings,
        )
        for name, row in found.items():
            rows.setdefault(name, []).append(row)
        sys.stderr.write(f"seed {seed}: {', '.join(found)}\n")
    return Table(rows)


def parts() -> dict[str, Parameters]:
    """The engine with each part left out, each mark alone, and the joined patterns without any mark."""
    found = {"marks": MARKED, "patterns of marks, no mark": _only(())}
    for mark in MARKS:
        found[f"without {mark}"] = _only(tuple(other for other in MARKS if other != mark))
        found[f"only {mark}"] = _only((mark,))
    return found


def _only(marks: Sequence[str]) -> Parameters:
    return replace(
        MARKED,
        patterns=tuple(
            replace(pattern, marks=tuple(mark for mark in pattern.marks if mark in marks))
            for pattern in MARKED.patterns
        ),
    )


def _main(found: Table) -> Iterable[Figure]:
    yield from _means("5 beds", found, {**ENGINE, **METHODS})
    for name in ENGINE:
        for scenario in ALL:
            cell = found.cell(name, scenario)
            note = f"median {cell.median_months():.1f} months"
            yield Figure(
                f"{name}, scenario {scenario}: within 12 months",
                100 * cell.share(WITHIN[2]),
                "%",
                "higher",
                note,
            )
    for family in dict.fromkeys(method.family for method in METHODS.values()):
        name = found.best_of(family)
        for scenario in COUNT_SCENARIOS:
            points, half = ahead(found.cell("counts", scenario), found.cell(name, scenario), WITHIN[2])
            yield Figure(
                f"counts ahead of {family}, scenario {scenario}", points, "points", "higher",
                f"+- {half:.1f}; {name}, the best of its settings",
            )  # fmt: skip


def _parts(found: Table) -> Iterable[Figure]:
    whole, _ = found.mean("marks", ALL, WITHIN[2])
    for name in found.rows:
        mean, half = found.mean(name, ALL, WITHIN[2])
        note = f"+- {half:.1f}; {mean - whole:+.1f} beside all; bar {found.rows[name][0].bar:.2f}"
        yield Figure(f"parts, {name}: A to I within 12 months", mean, "%", "higher", note)


def _means(name: str, found: Table, rows: Iterable[str]) -> Iterable[Figure]:
    for row in rows:
        for words, scenarios in (("A to G", COUNT_SCENARIOS), ("A to I", ALL)):
            for weeks, months in ((WITHIN[2], 12), (WITHIN[1], 6)):
                mean, half = found.mean(row, scenarios, weeks)
                yield Figure(
                    f"{name}, {row}: {words} within {months} months", mean, "%", "higher", f"+- {half:.1f}"
                )
        yield Figure(
            f"{name}, {row}: false alarms a year on other homes", found.rate(row), "a year", "lower",
            f"promised 0.1; bar {np.mean([one.bar for one in found.rows[row]]):.2f}",
        )  # fmt: skip
