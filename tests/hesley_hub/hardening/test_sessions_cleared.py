"""Rows of sessions that have ended go; the worker, who deletes them, cannot read whose they were."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction

from events import clock
from hesley_hub.celery import app
from hesley_hub.sign_in.tasks import clear_ended_sessions
from tests.conftest import worker

pytestmark = pytest.mark.django_db


def test_the_worker_deletes_what_has_ended_and_nothing_else() -> None:
    now = clock.unmoved()
    for key, ends in (("ended", now - timedelta(minutes=1)), ("going-on", now + timedelta(minutes=1))):
        Session.objects.create(session_key=key, session_data="x", expire_date=ends)
    with worker():
        assert clear_ended_sessions() == 1
        assert clear_ended_sessions() == 0
    assert [session.session_key for session in Session.objects.all()] == ["going-on"]


def test_the_worker_reads_no_session() -> None:
    with worker():
        for column in ("session_key", "session_data"):
            with (
                pytest.raises(DatabaseError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(f"select {column} from django_session")


def test_it_is_in_the_schedule() -> None:
    task = settings.CELERY["beat_schedule"]["sessions"]["task"]  # type: ignore[index]
    app.loader.import_default_modules()
    assert task in app.tasks
