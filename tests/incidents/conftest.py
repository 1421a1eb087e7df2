"""A world at this very moment, for tests that go through the pages."""

import pytest

from events import clock
from tests import cast
from tests.conftest import owner


@pytest.fixture
def world(db: None) -> cast.Cast:
    with owner():
        return cast.build(clock.now())
