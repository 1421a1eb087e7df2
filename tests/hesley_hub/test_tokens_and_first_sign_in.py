import re
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core import signing
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from events import world
from events.models import Event
from homes import actions, tokens
from homes.models import ApiToken, Post, User
from tests import cast
from tests.conftest import owner

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


def marked(kind: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("update events_world set kind = %s", [kind])
    world.forget()


def printed(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue().strip()


def unmarked() -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from events_world")
    world.forget()


def test_a_token_is_printed_once_kept_as_a_hash_and_noted() -> None:
    with owner():
        people = cast.build()
        secret = printed("token", "mo", "--days", "2")
        assert "\n" not in secret
        assert not ApiToken.objects.filter(digest__contains=secret).exists()
        made = Event.objects.get(kind="homes.token_made")
        assert made.payload["user_id"] == str(people.mo.pk)
        assert secret not in str(made.payload)
        assert tokens.user_of(secret, now=datetime.now(UTC)) == people.mo
        assert tokens.user_of(secret, now=NOW + timedelta(days=3)) is None
        assert printed("token", "mo") != secret


def test_in_a_live_hub_people_get_no_token_and_service_accounts_do() -> None:
    with owner():
        cast.build()
        actions.make_account(username="feed", name="Feed", password=None, service=True, now=NOW)
        marked("live")
        with pytest.raises(CommandError, match="service accounts"):
            printed("token", "mo")
        assert printed("token", "feed").startswith("hub_")


@pytest.mark.parametrize(("words", "said"), [(["nobody"], "no account"), (["mo", "--days", "0"], "--days")])
def test_a_token_needs_an_account_and_an_end(words: list[str], said: str) -> None:
    with owner():
        cast.build()
        with pytest.raises(CommandError, match=said):
            printed("token", *words)


def link() -> str:
    text = printed("init_live")
    found = re.search(r"https?://[^/]+(/sign-in/first/\S+/)", text)
    assert found, text
    return found.group(1)


def test_the_first_administrator_sets_a_password_once_and_signs_in() -> None:
    with owner():
        unmarked()
        address = link()
        assert world.kind() == "live"
        assert Post.objects.get().role == "administrator"
    client = Client()
    assert client.get(address).status_code == 200
    wrong = client.post(address, {"password": "three plain words", "again": "three other words"})
    assert wrong.status_code == 200
    assert "not the same" in wrong.content.decode()
    short = client.post(address, {"password": "short", "again": "short"})
    assert short.status_code == 200
    done = client.post(address, {"password": "three plain words", "again": "three plain words"})
    assert done.status_code == 302
    assert client.login(username="admin", password="three plain words")
    assert Client().get(address).status_code == 404, "a link that was used is no link"
    with owner():
        assert "sign in" in printed("init_live")


def test_a_forged_or_old_link_leads_nowhere() -> None:
    with owner():
        unmarked()
        address = link()
        user = User.objects.get(username="admin")
    client = Client()
    assert client.get(address[:-4] + "AAA/").status_code == 404
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.time", lambda: NOW.timestamp() - 3700)
        old = signing.dumps(str(user.pk), salt="hesley_hub.first-administrator")
    assert client.get(f"/sign-in/first/{old}/").status_code == 404
    assert client.post(f"/sign-in/first/{old}/", {"password": "three plain words"}).status_code == 404
