"""The record of looking, checked: ./hub audit verify [--latest NUMBER:DIGEST] · seal · latest."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from homes.looking import sealing, verifying
from homes.looking.models import Seal


class Command(BaseCommand):
    help = "Check the sealed record of who looked; seal what waits; print the newest digest."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["verify", "seal", "latest"])
        parser.add_argument(
            "--latest", default="", metavar="NUMBER:DIGEST", help="the digest that was kept outside"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        {"verify": self._verify, "seal": self._seal, "latest": self._latest}[options["what"]](
            options["latest"]
        )

    def _verify(self, latest: str) -> None:
        try:
            verdict = verifying.verify(latest)
        except ValueError as problem:
            raise CommandError(str(problem)) from problem
        for found in verdict.problems:
            self.stdout.write(found)
        self.stdout.write(
            f"{verdict.seals} batches, {verdict.looks} looks sealed, {verdict.unsealed} waiting; latest {verdict.latest}"
        )
        if verdict.problems:
            self.stdout.write(f"{len(verdict.problems)} found: the record of looking is not what it was.")
            sys.exit(1)
        if not latest:
            self.stdout.write(
                "Every seal holds. Whether the end was cut off shows only against a digest kept outside."
            )
        else:
            self.stdout.write("Every seal holds, and nothing was cut off since the digest you gave.")

    def _seal(self, latest: str) -> None:
        batch = sealing.seal()
        self.stdout.write(f"batch {batch.number}: {batch.rows} looks" if batch else "nothing to seal")

    def _latest(self, latest: str) -> None:
        seal = Seal.objects.order_by("-number").first()
        self.stdout.write(f"{seal.number}:{seal.digest}" if seal else f"0:{sealing.BEGINNING}")
