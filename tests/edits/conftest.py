"""A world in which two people sit before the same form."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client

from events import clock
from homes.models import Home, Person, Post, User
from tests import cast
from tests.cast import Cast
from tests.conftest import owner
from voice.heard import actions as voice
from voice.heard.models import View


@pytest.fixture
def world(db: None) -> Cast:
    with owner():
        built = cast.build(clock.now())
        Home.objects.update(opened_on=date(2020, 1, 1))
        colleague(built, "vi", "Vi Stone", like="mo")
        colleague(built, "ivo", "Ivo Hart", like="ines")
    built.elm.refresh_from_db()
    return built


def colleague(world: Cast, key: str, name: str, *, like: str) -> None:
    """Somebody who holds the same post."""
    post = Post.objects.get(user=world.people[like])
    person = Person.objects.create(name=name)
    user = User.objects.create(id=person.pk, person=person, username=key, joined_at=post.starts_at)
    Post.objects.create(user=user, role=post.role, organisation=post.organisation, starts_at=post.starts_at)
    world.people[key] = user


def heard(world: Cast) -> View:
    """What Rowan told the advocate; recorded as whoever acts."""
    new = voice.NewView(
        child=world.rowan, home=world.elm, said_at=world.now, method="speech", words="Knock.", heard_by="Ola"
    )
    return voice.record_view(new=new, by=world.ola.pk, now=world.now)


@pytest.fixture
def at_desk(world: Cast) -> Callable[[str], Client]:
    """A browser at which somebody is signed in."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(world.people[name])
        return client

    return sign_in


@pytest.fixture
def signed_in(world: Cast) -> Callable[[str], Client]:
    """As ``at_desk``, by name and password a moment ago: for what asks once more who it is."""
    cache.clear()

    def sign_in(name: str) -> Client:
        client = Client()
        sent = {"login": name, "password": f"cast-{name}"}
        assert client.post("/sign-in/", sent).status_code == 302
        return client

    return sign_in
