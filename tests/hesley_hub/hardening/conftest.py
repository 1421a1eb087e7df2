"""A world with something of everything, and people signed in a moment ago."""

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from events import clock
from tests.hesley_hub.looking.conftest import Everything
from tests.hesley_hub.looking.conftest import everything as everything_once

everything = everything_once
SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def signed_in(everything: Everything) -> SignIn:
    """A client of the person of this name, whom nothing asks once more who they are."""

    def client_of(name: str) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(everything.world.people[name])
        session = client.session
        session["account_authentication_methods"] = [
            {"method": "password", "at": clock.unmoved().timestamp()}
        ]
        session["account_authentication_methods_user"] = str(everything.world.people[name].pk)
        session.save()
        return client

    return client_of
