"""``manage.py prepare demo|live``: migrate, then make the world; one process instead of two, since `up` waits for it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

MAKES = {"demo": "demo_seed", "live": "init_live"}


class Command(BaseCommand):
    help = "Migrate, then make the demonstration's people and homes, or a live hub's first link."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("world", choices=sorted(MAKES))

    def handle(self, *args: Any, world: str, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command(MAKES[world], stdout=self.stdout)
