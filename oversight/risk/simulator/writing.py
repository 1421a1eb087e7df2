"""A simulated world as the three CSV files that the replay reads."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from oversight.risk.simulator.plans import World

HOMES = "homes.csv"
EVENTS = "events.csv"
PLACEMENTS = "placements.csv"


def write_csv(world: World, folder: Path) -> tuple[Path, Path, Path]:
    """Writes homes, events and placements; gives their paths. The folder is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    # A column of its own only where changes of manager or recording system are known.
    changed = ("changed_on",) if any(home.changed_on for home in world.homes) else ()
    homes = _write(
        folder / HOMES,
        (*("urn", "name", "provider", "places", "kind", "local_authority", "opened_on"), *changed),
        (
            (
                *(home.urn, home.name, home.provider, home.places, home.kind, home.local_authority),
                home.opened_on,
                *(";".join(day.isoformat() for day in home.changed_on) for _ in changed),
            )
            for home in world.homes
        ),
    )
    events = _write(
        folder / EVENTS,
        (
            *(
                "reference",
                "urn",
                "stream",
                "occurred_on",
                "recorded_on",
                "source",
                "child",
                "adult",
                "severity",
            ),
            *("themes", "detail", "restraint", "recommendations", "repeated"),
        ),
        (
            (
                *(
                    one.reference,
                    one.urn,
                    one.stream,
                    one.occurred_on,
                    one.recorded_on,
                    one.source,
                    one.child,
                ),
                *(one.adult, one.severity, ";".join(one.themes), one.detail, "yes" if one.restraint else ""),
                *(one.recommendations, one.repeated),
            )
            for one in world.records
        ),
    )
    placements = _write(
        folder / PLACEMENTS,
        ("child", "urn", "placing_authority", "from", "to", "miles"),
        (
            (one.child, one.urn, one.placing_authority, one.starts_on, one.ends_on, one.miles)
            for one in world.placements
        ),
    )
    return homes, events, placements


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path
