import pytest

from events import clock
from tests import cast
from tests.cast import Cast
from tests.conftest import owner


@pytest.fixture(autouse=True)
def held_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands still where the cast was built."""
    monkeypatch.setattr(clock, "now", lambda: cast.NOW)


@pytest.fixture
def world(db: None) -> Cast:
    with owner():
        return cast.build()
