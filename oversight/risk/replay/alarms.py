"""Alarms of a replay: their shape, their order, the CSV and the table that show them."""

import csv
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TextIO

COLUMNS = ("scope", "key", "kind", "tier", "pattern", "raised_on", "began_on", "score", "bar", "evidence")


@dataclass(frozen=True, slots=True)
class Alarm:
    """One row of the alarms file. `score` and `bar` are None for rules."""

    scope: str
    key: str
    kind: str
    tier: str
    pattern: str
    raised_on: date
    began_on: date
    score: float | None
    bar: float | None
    evidence: tuple[str, ...]

    def order(self) -> tuple[str, str, str, str, str, str, tuple[str, ...]]:
        """By day, scope, key, kind and tier; then whatever else tells two rows apart."""
        return (
            self.raised_on.isoformat(),
            self.scope,
            self.key,
            self.kind,
            self.tier,
            self.pattern + self.began_on.isoformat(),
            self.evidence,
        )

    def row(self) -> tuple[str, ...]:
        """The fields of the CSV."""
        return (
            self.scope,
            self.key,
            self.kind,
            self.tier,
            self.pattern,
            self.raised_on.isoformat(),
            self.began_on.isoformat(),
            three_decimals(self.score),
            three_decimals(self.bar),
            ";".join(self.evidence),
        )


def three_decimals(value: float | None) -> str:
    """A figure of the alarms file; empty where there is none."""
    return "" if value is None else f"{value:.3f}"


def write_alarms(alarms: Iterable[Alarm], path: Path) -> None:
    """Writes the alarms file in one piece: the old one stands until the new one is whole."""
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(alarm.row() for alarm in alarms)
    os.replace(part, path)


def print_table(alarms: Sequence[Alarm], out: TextIO, most: int = 40) -> None:
    """The alarms as a table for people: the first `most`, and how many there are by kind and tier."""
    if not alarms:
        out.write("No alarms.\n")
        return
    rows = [("raised on", "scope", "key", "kind", "tier", "pattern", "since", "score", "bar", "records")]
    for alarm in alarms[:most]:
        rows.append(
            (
                *(alarm.raised_on.isoformat(), alarm.scope, alarm.key, alarm.kind, alarm.tier, alarm.pattern),
                *(alarm.began_on.isoformat(), three_decimals(alarm.score), three_decimals(alarm.bar)),
                str(len(alarm.evidence)),
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        out.write(
            "  ".join(field.ljust(width) for field, width in zip(row, widths, strict=True)).rstrip() + "\n"
        )
    if len(alarms) > most:
        out.write(f"... and {len(alarms) - most} more\n")
    for (kind, tier), number in sorted(Counter((alarm.kind, alarm.tier) for alarm in alarms).items()):
        out.write(f"{kind} {tier}: {number}\n")
