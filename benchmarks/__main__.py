"""`./hub bench`: the benchmarks named, or all of them, on servers of their own that are gone afterwards."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

import django

from benchmarks.figures import Figure, as_json, as_table


def _access(quick: bool) -> list[Figure]:
    from benchmarks.access.cost import cost_of_row_level_security

    return cost_of_row_level_security(quick=quick)


def _alerting(quick: bool) -> list[Figure]:
    from benchmarks.alerting.latency import from_record_to_mail

    return from_record_to_mail(quick=quick)


def _detection(quick: bool) -> list[Figure]:
    from benchmarks.detection.early_warning import early_warning

    return early_warning(quick=quick)


def _engine(quick: bool) -> list[Figure]:
    from benchmarks.engine.cost import cost_of_assessing

    return cost_of_assessing(quick=quick)


#: Name -> what measures it; imported when run, since each needs Django's settings and servers of its own.
BENCHMARKS: dict[str, Callable[[bool], list[Figure]]] = {
    "access": _access,
    "alerting": _alerting,
    "detection": _detection,
    "engine": _engine,
}


def main(words: list[str]) -> int:
    """Exit status: 0 when every benchmark asked for was measured."""
    parser = ArgumentParser(
        prog="./hub bench", description="Measures the hub. Names: " + ", ".join(BENCHMARKS)
    )
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[*BENCHMARKS, []])
    parser.add_argument("--quick", action="store_true", help="less data, so wider intervals")
    parser.add_argument("--out", type=Path, metavar="FILE.json", help="write the figures there, too")
    asked = parser.parse_args(words)
    django.setup()
    figures: list[Figure] = []
    for name in asked.names or BENCHMARKS:
        measured = BENCHMARKS[name](asked.quick)
        sys.stdout.write(f"\n{name}\n{as_table(measured)}\n")
        figures += measured
    if asked.out:
        asked.out.write_text(json.dumps(as_json(figures), indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
