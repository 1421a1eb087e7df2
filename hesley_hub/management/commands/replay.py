"""Replays histories with a virtual clock: through the real pipeline, or with the engine alone."""

import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hesley_hub.replay.pipeline import replay_pipeline
from oversight.risk.replay.engine_only import replay_engine_only
from oversight.risk.replay.hesley import hesley


class Command(BaseCommand):
    help = "Replay histories with a virtual clock; or --hesley: reconstructions of the published totals."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("homes", nargs="?", type=Path, metavar="HOMES.csv")
        parser.add_argument("events", nargs="?", type=Path, metavar="EVENTS.csv")
        parser.add_argument("--placements", type=Path, metavar="FILE", help="who lived where, as CSV")
        parser.add_argument("--alarms", type=Path, metavar="FILE", help="write the alarms there, as CSV")
        parser.add_argument("--until", type=date.fromisoformat, metavar="DATE", help="the last day")
        parser.add_argument("--engine-only", action="store_true", help="the engine alone, without a database")
        parser.add_argument("--hesley", action="store_true", help="reconstruct the published totals")
        parser.add_argument(
            "--seeds", type=int, default=20, help="with --hesley: more is finer and slower (%(default)s)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["hesley"]:
            sys.exit(hesley(options["seeds"]))
        homes, events = options["homes"], options["events"]
        if homes is None or events is None:
            raise CommandError("Name HOMES.csv and EVENTS.csv, or say --hesley.", returncode=2)
        replay = replay_engine_only if options["engine_only"] else replay_pipeline
        sys.exit(replay(homes, events, options["placements"], options["alarms"], options["until"]))
