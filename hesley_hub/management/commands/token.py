"""Makes a token for the API and prints it, once: only its hash is kept."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from events import clock, world
from homes import tokens
from homes.models import User

MOST_DAYS = 365


class Command(BaseCommand):
    help = "Make a token for the API. In a live hub for service accounts only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="user name")
        parser.add_argument("--days", type=int, default=1, help="how long it holds (%(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["days"]
        if not 1 <= days <= MOST_DAYS:
            raise CommandError(f"--days is a number from 1 to {MOST_DAYS}.")
        user = User.objects.filter(username=options["user"]).first()
        if user is None or not user.is_active:
            raise CommandError(f"There is no account {options['user']!r}.")
        if world.kind() == world.LIVE and not user.is_service:
            raise CommandError("In a live hub only service accounts have tokens; people sign in.")
        self.stdout.write(tokens.make(user=user, days=days, by="the token command", now=clock.now()))
