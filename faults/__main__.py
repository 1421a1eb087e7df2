"""`./hub faults`: every fault on a real hub, or those named; exit status 1 when anything went wrong."""

import json
import os
import shutil
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path

from faults import report
from faults.ground import ground
from faults.plans import CONTROLS, PLANS
from faults.run import Plan, Result, run

FIRST_SEED = 1


def parse(words: list[str]) -> Namespace:
    """The options."""
    names = ", ".join(plan.name for plan in (*PLANS, *CONTROLS))
    parser = ArgumentParser(prog="./hub faults", description=f"Faults on real processes: {names}")
    parser.add_argument("--seeds", type=int, default=2, metavar="N", help="runs of each fault (%(default)s)")
    parser.add_argument("--from-seed", type=int, default=FIRST_SEED, metavar="N", help="the first seed")
    parser.add_argument("--quick", action="store_true", help="the ten quickest, one seed each")
    parser.add_argument("--only", default="", metavar="F3,F5", help="these faults or controls")
    parser.add_argument("--out", type=Path, metavar="FILE.json", help="write the numbers there, too")
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="keep what failed runs left: logs, ledgers"
    )
    return parser.parse_args(words)


def chosen(asked: Namespace) -> list[tuple[Plan, int]]:
    """Each run that was asked for: a fault and its seed. The controls run once each."""
    first = asked.from_seed
    if asked.only:
        wanted = asked.only.split(",")
        known = {plan.name: plan for plan in (*PLANS, *CONTROLS)}
        missing = [name for name in wanted if name not in known]
        if missing:
            raise SystemExit(f"There is no fault {', '.join(missing)}. See ./hub faults --help")
        seeds = 1 if asked.quick else asked.seeds
        return [(known[name], seed) for name in wanted for seed in range(first, first + seeds)]
    if asked.quick:
        return [(plan, first) for plan in PLANS if plan.quick]
    runs = [(plan, seed) for plan in PLANS for seed in range(first, first + asked.seeds)]
    return runs + [(plan, first) for plan in CONTROLS]


def carried_out(runs: list[tuple[Plan, int]], keep: Path | None) -> Iterator[Result]:
    """One run after another, on one database server in a folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="hub-faults-"))
    try:
        with ground(folder) as made:
            for plan, seed in runs:
                yield run(made, plan, seed, keep=keep)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(words: list[str]) -> int:
    """0 when nothing was lost, duplicated, late or unexpected, and every control was found out."""
    asked = parse(words)
    results = []
    sys.stdout.write(report.head() + "\n")
    sys.stdout.flush()
    for one in carried_out(chosen(asked), asked.keep):
        results.append(one)
        sys.stdout.write(report.line(one) + "\n")
        sys.stdout.flush()
        if asked.out:
            machine = f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"
            asked.out.write_text(json.dumps(report.as_json(results, machine), indent=1) + "\n")
    sys.stdout.write(report.totals(results) + "\n")
    return 0 if all(one.good for one in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
