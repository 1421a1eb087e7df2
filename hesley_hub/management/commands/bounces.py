"""`manage.py bounces [MAILDIR]`: take in e-mails that came back, from a Maildir or one message from standard input."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from events import clock
from oversight.escalation import returning


class Command(BaseCommand):
    help = (
        "Mark deliveries whose e-mail came back. Reads one message from standard input, or a whole Maildir."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("maildir", nargs="?", help="the folder that holds new/, cur/ and tmp/")

    def handle(self, *args: Any, maildir: str | None = None, **options: Any) -> None:
        now = clock.now()
        if maildir is None:
            count = returning.take_in([sys.stdin.buffer.read()], now=now)
        elif (Path(maildir) / "new").is_dir():
            count = returning.empty_maildir(Path(maildir), now=now)
        else:
            raise CommandError(f"{maildir} is no Maildir: it has no folder new")
        self.stdout.write(f"{count} came back")
