"""``manage.py documents``: write the generated pages of docs/reference; ``--check`` compares instead."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from hesley_hub.documents.pages import PAGES


class Command(BaseCommand):
    help = "Write the generated pages of docs/reference, or with --check say which are stale."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        folder = settings.BASE_DIR / "docs" / "reference"
        stale = []
        for name, page in PAGES.items():
            text = page().rstrip() + "\n"
            if check and (not (folder / name).exists() or (folder / name).read_text() != text):
                stale.append(name)
            elif not check:
                (folder / name).write_text(text)
        if stale:
            raise CommandError(f"stale: {', '.join(stale)}; run manage.py documents")
