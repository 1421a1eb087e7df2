"""Logs and mails: who and where, never what; one line for each thing; recipients out of the directory."""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.db import DataError, IntegrityError, connection, transaction
from django.test import Client

from events import clock
from hesley_hub.celery import app
from hesley_hub.logs import ByRoute, Plain, one_line
from hesley_hub.start import views as start
from hesley_hub.tasks import HubTask
from homes.models import DutyMailbox, User
from oversight.escalation import climbing
from oversight.escalation.models import Delivery
from tests.conftest import owner, worker
from tests.hesley_hub.hardening.conftest import SignIn
from tests.hesley_hub.hardening.walking import addresses
from tests.hesley_hub.looking.conftest import Everything

pytestmark = pytest.mark.timeout(600)
WORDS = (
    "Rowan",
    "Sky Marsh",
    "Tam Reed",
    "Wes Carter",
    "found outside",
    "Knock before",
    "thinly staffed",
    "Locked doors",
)


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What the console of a live hub shows."""
    kept = StringIO()
    handler = logging.StreamHandler(kept)
    handler.setFormatter(Plain())
    handler.addFilter(ByRoute())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield kept
    root.removeHandler(handler)
    root.setLevel(level)


def test_a_line_stays_a_line_and_is_in_utc(log: StringIO) -> None:
    logging.getLogger("any").warning("said %s", "a\r\nb\x1b[2J\u2028c\u202ed")
    assert log.getvalue().count("\n") == 1
    assert re.match(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ WARNING any said a\\r\\nb\\x1b\[2J\\u2028c\\u202ed\n",
        log.getvalue(),
    )
    assert Plain.converter(0).tm_hour == 0
    assert one_line("Größe – fine") == "Größe – fine"


def test_a_failure_is_told_without_what_it_quotes(log: StringIO) -> None:
    def inner() -> None:
        raise ValueError("Rowan Hill was found outside")

    try:
        try:
            inner()
        except ValueError as problem:
            raise RuntimeError("Sky Marsh, too") from problem
    except RuntimeError:
        logging.getLogger("any").exception("it failed")
    text = log.getvalue()
    assert "builtins.RuntimeError" in text
    assert "builtins.ValueError" in text
    assert "in inner" in text
    assert not [word for word in WORDS if word in text]


@pytest.mark.django_db
def test_a_page_that_breaks_tells_neither_its_reader_nor_the_log_what_it_held(
    everything: Everything, signed_in: SignIn, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("select %s::int", ["Rowan Hill was found outside"])

    monkeypatch.setattr(start, "start_page", broken)
    answer = signed_in("asha").get("/?next=Rowan")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Something went wrong here" in page
    assert "999" in page
    for text in (page, log.getvalue()):
        assert not [word for word in WORDS if word in text]
    assert "Traceback" not in page
    assert "DataError" not in page
    assert "DataError" in log.getvalue()
    assert "500 at start" in log.getvalue()


@pytest.mark.django_db
def test_the_log_of_a_whole_walk_names_nobody_and_no_address(
    everything: Everything, signed_in: SignIn, log: StringIO
) -> None:
    for name in ("mo", "asha", "quin"):
        client = signed_in(name)
        for address in addresses(everything):
            if not address.route.endswith("-pdf"):
                client.get(f"{address.path}?word=Rowan")
    Client().get("/sign-in/invited/a-secret-link/")
    text = log.getvalue()
    assert "200 GET home " in text
    assert "404 GET " in text
    assert not [word for word in WORDS if word in text]
    names = [user.name for user in everything.world.people.values()]
    assert not [name for name in names if name in text]
    assert "a-secret-link" not in text
    assert "DEMO001" not in text
    assert "127.0.0.1" not in text


@pytest.mark.django_db
def test_signing_in_and_failing_to_is_logged_by_key(everything: Everything, log: StringIO) -> None:
    asha = everything.world.asha
    Client().post("/sign-in/", {"login": "asha", "password": "my secret typed"})
    Client().post("/sign-in/", {"login": "my-password-by-mistake", "password": "x"})
    Client().post("/sign-in/", {"login": "asha", "password": "cast-asha"})
    text = log.getvalue()
    assert f"sign-in failed for {asha.pk}" in text
    assert "sign-in failed for no account" in text
    assert f"sign-in of {asha.pk}" in text
    assert not [word for word in ("secret typed", "by-mistake", "cast-asha") if word in text]
    Client().get("/homes/DEMO001/")
    signed = Client()
    signed.force_login(asha)
    signed.get("/homes/DEMO002/")
    assert f"404 GET home to {asha.pk}" in log.getvalue()


def test_a_task_that_fails_tells_its_name_and_place_alone(log: StringIO) -> None:
    assert issubclass(app.Task, HubTask)
    try:
        raise IntegrityError("Failing row contains (Rowan Hill, found outside)")
    except IntegrityError as problem:
        HubTask().on_failure(problem, "1", (), {}, None)
    logging.getLogger("celery.app.trace").error("Task raised: %r", DataError("Rowan Hill"))
    text = log.getvalue()
    assert "IntegrityError" in text
    assert not [word for word in WORDS if word in text]
    assert settings.LOGGING["loggers"]["celery.app.trace"]["level"] == "CRITICAL"  # type: ignore[index]


@pytest.mark.django_db
def test_every_mail_goes_to_an_address_of_the_directory_and_names_no_child(everything: Everything) -> None:
    with worker():
        climbing.climb(now=clock.now() + timedelta(days=30))
    with owner(), transaction.atomic():
        mails = list(Delivery.objects.all())
        known = {
            *DutyMailbox.objects.values_list("email", flat=True),
            *User.objects.values_list("email", flat=True),
        }
        known |= {settings.HUB_OPERATOR_MAIL}
    assert len(mails) > 5
    assert {mail.address for mail in mails} <= known
    for mail in mails:
        text = mail.subject + mail.body
        assert not [word for word in WORDS if word in text]
        assert "\n" not in mail.subject
        links = re.findall(r"https?://\S+", mail.body)
        assert all(link.startswith(settings.HUB_ADDRESS) for link in links)
        assert not [link for link in links if "@" in link or "token" in link or "?" in link]


@pytest.mark.django_db
def test_no_address_of_the_hub_holds_a_name(everything: Everything) -> None:
    for address in addresses(everything):
        assert not [word for word in ("rowan", "asha", "elm", "@") if word in address.path.lower()], address
