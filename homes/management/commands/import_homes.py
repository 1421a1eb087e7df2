"""Bring in a list of homes from a CSV file on the server."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from events import clock
from homes.imports.actions import import_homes
from homes.imports.reading import NotTextError, read_homes


class Command(BaseCommand):
    help = "Adds and corrects homes from an Ofsted-style CSV list; saves all of it or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")

    def handle(self, *args: Any, **options: Any) -> None:
        file = Path(options["file"])
        try:
            content = file.read_bytes()
        except OSError as problem:
            raise CommandError(f"{file}: {problem.strerror}", returncode=2) from problem
        try:
            read = read_homes(content)
        except NotTextError as problem:
            raise CommandError(f"{file}: {problem}", returncode=2) from problem
        for wrong in read.problems:
            print(f"{file}: {wrong}", file=sys.stderr)
        if read.problems:
            raise CommandError(
                f"{len(read.problems)} places could not be read; nothing was saved", returncode=2
            )
        for warning in read.warnings:
            print(f"{file}: {warning}", file=sys.stderr)
        done = import_homes(homes=read.homes, by=None, now=clock.now())
        self.stdout.write(
            f"{done.added} added, {done.changed} corrected, {done.unchanged} as before;"
            f" {read.passed_over} lines are no homes"
        )
