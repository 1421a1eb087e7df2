"""The people to try in a demonstration, as cards, and what crosses the bar from here."""

import os
from dataclasses import dataclass

from hesley_hub.demo.country import BODIES, HOMES
from hesley_hub.demo.people import PEOPLE
from hesley_hub.demo.world import PASSWORD_FOR_ALL, password_of

NAMES = {body.key: body.name for body in BODIES}


@dataclass(frozen=True)
class Card:
    """Somebody to sign in as. password is empty where it was printed by the launcher and is nobody else's to show."""

    username: str
    name: str
    title: str
    place: str
    try_this: str
    password: str

    @property
    def first_name(self) -> str:
        return self.name.split(" ", 1)[0]


def people_to_try() -> list[Card]:
    """Everybody in the order of the contract; the known passwords only where they hold."""
    hidden = bool(os.environ.get(PASSWORD_FOR_ALL))
    return [
        Card(
            person.username,
            person.name,
            person.title,
            HOMES[person.urn].name if person.urn else NAMES[person.body],
            person.try_this,
            "" if hidden else password_of(person.username),
        )
        for person in PEOPLE
    ]
