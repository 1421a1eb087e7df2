"""Seeds the demonstration's people and places, and tells who may sign in."""

import os
from typing import Any

from django.core.management.base import BaseCommand

from events import clock
from hesley_hub.demo import history, progress, world


class Command(BaseCommand):
    help = "Mark this database a demonstration and make its people and homes (once)."

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        people = world.seed(now=now)
        if history.due(now):
            progress.write(0, 1)
        known = not os.environ.get(world.PASSWORD_FOR_ALL)
        self.stdout.write("Everybody, every home and every record here is invented; histories are simulated.")
        self.stdout.write("Sign in as:")
        for person in people:
            password = f"  password {world.password_of(person.username)}" if known else ""
            self.stdout.write(f"  {person.username:<13} {person.name:<14} {person.title}{password}")
