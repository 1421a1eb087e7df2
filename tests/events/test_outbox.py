import pytest

from tests.conftest import owner


@pytest.mark.django_db
def test_placeholder_database_is_migrated() -> None:
    with owner():
        from events.models import World

        assert World.objects.get().kind == "scratch"
