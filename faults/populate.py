"""The invented homes that a run is about: `python -m faults.populate FILE SIZE` fills an empty database.

So many managers, each of so many homes, with two children in each; authorities, one regulator, one board; a mailbox
for every desk. FILE gets what the clients and the checker need: tokens, homes, children, who must be told of a death.
"""

import json
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import django

CHILDREN_EACH = 2


@dataclass(frozen=True)
class Size:
    """How many managers and authorities, and homes of each manager; as a word ``8,6,3``."""

    managers: int = 8
    homes_each: int = 6
    authorities: int = 3

    def __str__(self) -> str:
        return f"{self.managers},{self.homes_each},{self.authorities}"

    @classmethod
    def read(cls, word: str) -> "Size":
        return cls(*map(int, word.split(",")))


DESKS = ("duty", "lado", "safeguarding", "senior", "director", "social_care")


def main(file: Path, size: Size) -> None:
    """Migrate, mark scratch, fill, write the file."""
    django.setup()
    from django.core.management import call_command

    from events import clock, world

    call_command("migrate", interactive=False, verbosity=0)
    world.mark(world.SCRATCH)
    file.write_text(json.dumps(build(clock.now(), size), indent=1))


def build(now: datetime, size: Size) -> dict[str, Any]:
    """The world as the clients are told of it."""
    from homes import tokens
    from homes.models import DutyMailbox, Organisation

    start = now - timedelta(days=400)
    kinds = {
        "regulator": "regulator",
        "icb": "icb",
        **{f"authority{n}": "local_authority" for n in range(size.authorities)},
        **{f"provider{n}": "provider" for n in range(size.managers)},
    }
    bodies = {key: Organisation(name=f"Body {key}", kind=kind) for key, kind in kinds.items()}
    Organisation.objects.bulk_create(bodies.values())
    DutyMailbox.objects.bulk_create(
        DutyMailbox(organisation=body, desk=desk, email=f"{desk}@{key}.example", phone="01632 960114")
        for key, body in bodies.items()
        for desk in DESKS
    )
    inspector = _person("inspector", "inspector", bodies["regulator"], [None], start)
    clients = []
    for number in range(size.managers):
        homes, told = _homes(number, size, bodies, start)
        manager = _person(
            f"manager{number}", "registered_manager", bodies[f"provider{number}"], list(homes), start
        )
        token = tokens.make(user=manager, days=2, by="the fault suite", now=now)
        clients.append({"token": token, "homes": told})
    answers = tokens.make(user=inspector, days=2, by="the fault suite", now=now)
    return {"clients": clients, "inspector": answers, "apart": _apart(bodies, start)}


def _person(name: str, role: str, body: Any, homes: list[Any], start: datetime) -> Any:
    from homes.models import Person, Post, User

    person = Person.objects.create(name=f"Somebody {name}")
    user = User.objects.create(
        id=person.pk, person=person, username=name, email=f"{name}@people.example", joined_at=start
    )
    for home in homes:
        Post.objects.create(user=user, organisation=body, home=home, role=role, starts_at=start)
    return user


def _homes(
    number: int, size: Size, bodies: dict[str, Any], start: datetime
) -> tuple[list[Any], list[dict[str, Any]]]:
    from homes.models import Child, Home, Placement

    homes, told = [], []
    for index in range(number * size.homes_each, (number + 1) * size.homes_each):
        placing = bodies[f"authority{index % size.authorities}"]
        home = Home.objects.create(
            urn=f"DEMO{100 + index}",
            name=f"House {index}",
            provider=bodies[f"provider{number}"],
            places=4,
            town="Town",
            host_authority=bodies[f"authority{(index + 1) % size.authorities}"],
            icb=bodies["icb"],
        )
        children = [Child(name=f"Child {index} {n}", initials=f"C{n}") for n in range(CHILDREN_EACH)]
        Child.objects.bulk_create(children)
        Placement.objects.bulk_create(
            Placement(child=child, home=home, placing_authority=placing, starts_at=start, miles=10)
            for child in children
        )
        homes.append(home)
        told.append(
            {
                "urn": home.urn,
                "children": [str(child.pk) for child in children],
                "must_be_told": [str(bodies["regulator"].pk), str(placing.pk)],
            }
        )
    return homes, told


def _apart(bodies: dict[str, Any], start: datetime) -> dict[str, str]:
    """A home that no client records at, and the one authority that placed a child there."""
    from homes.models import Child, DutyMailbox, Home, Organisation, Placement

    placing = Organisation.objects.create(name="Body apart", kind="local_authority")
    mailbox = "duty@apart.example"
    DutyMailbox.objects.create(organisation=placing, desk="duty", email=mailbox, phone="01632 960114")
    home = Home.objects.create(
        urn="DEMO900",
        name="House apart",
        provider=bodies["provider0"],
        places=1,
        town="Town",
        host_authority=bodies["authority0"],
        icb=bodies["icb"],
    )
    child = Child.objects.create(name="Child apart", initials="CA")
    Placement.objects.create(child=child, home=home, placing_authority=placing, starts_at=start, miles=10)
    return {"urn": home.urn, "mailbox": mailbox}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Size.read(sys.argv[2]))
