"""Measured figures: what one is, and how a run of them is told."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One measured value. better: ``lower`` or ``higher``; note: how it was taken, in a few words."""

    name: str
    value: float
    unit: str
    better: str = "lower"
    note: str = ""


def as_table(figures: Iterable[Figure]) -> str:
    """The figures for a terminal, a line each, columns lined up."""
    rows = [(figure.name, f"{figure.value:,.4g}", figure.unit, figure.note) for figure in figures]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    return "\n".join(
        f"{name:<{widths[0]}}  {value:>{widths[1]}} {unit:<{widths[2]}}  {note}".rstrip()
        for name, value, unit, note in rows
    )


def as_json(figures: Iterable[Figure]) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
    """``{"figures": {name: {value, unit, better, note}}}``."""
    return {
        "figures": {
            figure.name: {k: v for k, v in asdict(figure).items() if k != "name"} for figure in figures
        }
    }
