"""Loads the demonstration's simulated history up to yesterday; what it has loaded, it does not load again."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from events import clock, world
from hesley_hub.demo import history, progress


class Command(BaseCommand):
    help = "Load the simulated history up to yesterday."

    def handle(self, *args: Any, **options: Any) -> None:
        if world.kind() != world.DEMO:
            raise CommandError("Only a demonstration has a simulated history.")
        last = -1

        def report(done: int, total: int) -> None:
            nonlocal last
            progress.write(done, total)
            if sys.stdout.isatty() and 100 * done // total != last:
                last = 100 * done // total
                self.stdout.write(f"\r{last:3d}%", ending="")
                self.stdout.flush()

        days = history.load(now=clock.now(), report=report)
        self.stdout.write(f"\rLoaded {days} days of simulated history.")
