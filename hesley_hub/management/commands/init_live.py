"""Marks an empty database live and lets its first administrator in by a link that holds for one hour."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from events import clock
from hesley_hub import start_live


class Command(BaseCommand):
    help = "Mark this database live and print a single-use link for its first administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", default="Administrator", help="the administrator's name")

    def handle(self, *args: Any, **options: Any) -> None:
        link = start_live.begin(name=options["name"], now=clock.now())
        if link is None:
            self.stdout.write("A live hub. Its administrator has a password: sign in.")
            return
        self.stdout.write(
            "A live hub. Open this link once, within an hour, to set the administrator's password:"
        )
        self.stdout.write(link)
        self.stdout.write(f"The user name is {start_live.USERNAME}.")
