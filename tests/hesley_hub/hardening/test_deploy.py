"""The settings of a live world, in processes of their own with the environment that docker-compose.yml gives them."""

import json
from pathlib import Path

import pytest

from tests.hesley_hub.hardening import living

ASKED = """
import json, django
django.setup()
from django.conf import settings as s
names = ("DEBUG SESSION_COOKIE_NAME CSRF_COOKIE_NAME SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SESSION_COOKIE_HTTPONLY"
         " CSRF_COOKIE_HTTPONLY SESSION_COOKIE_SAMESITE CSRF_COOKIE_SAMESITE SECURE_HSTS_SECONDS"
         " SECURE_HSTS_INCLUDE_SUBDOMAINS SECURE_SSL_REDIRECT ALLOWED_HOSTS CSRF_TRUSTED_ORIGINS"
         " ALLAUTH_TRUSTED_PROXY_COUNT HUB_AUDIT_MAIL SESSION_COOKIE_PATH SESSION_COOKIE_DOMAIN")
print(json.dumps({name: getattr(s, name) for name in names.split()}))
"""


@pytest.mark.parametrize("part", ["web", "worker", "migrate"])
def test_the_deployment_check_has_no_warning(part: str, tmp_path: Path) -> None:
    done = living.run("manage.py", "check", "--deploy", "--fail-level", "WARNING", part=part, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "no issues (1 silenced)" in done.stdout


def test_the_deployment_check_would_say_so(tmp_path: Path) -> None:
    done = living.run(
        "manage.py", "check", "--deploy", "--fail-level", "WARNING",
        part="web", folder=tmp_path, HUB_ADDRESS="http://hub.example",
    )  # fmt: skip
    assert done.returncode == 1
    assert "security.W004" in done.stderr
    assert "security.W012" in done.stderr


def test_a_live_world_keeps_its_cookies_to_itself_and_to_tls(tmp_path: Path) -> None:
    asked = living.run("-c", ASKED, part="web", folder=tmp_path, DJANGO_SETTINGS_MODULE="hesley_hub.settings")
    assert asked.returncode == 0, asked.stderr
    found = json.loads(asked.stdout)
    assert (found["SESSION_COOKIE_NAME"], found["CSRF_COOKIE_NAME"]) == ("__Host-session", "__Host-csrf")
    assert (found["SESSION_COOKIE_PATH"], found["SESSION_COOKIE_DOMAIN"]) == ("/", None)
    for name in ("SECURE", "HTTPONLY"):
        assert found[f"SESSION_COOKIE_{name}"]
        assert found[f"CSRF_COOKIE_{name}"]
    assert found["SESSION_COOKIE_SAMESITE"] == found["CSRF_COOKIE_SAMESITE"] == "Lax"
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["SECURE_HSTS_INCLUDE_SUBDOMAINS"]
    assert found["SECURE_SSL_REDIRECT"]
    assert found["DEBUG"] is False
    assert found["ALLOWED_HOSTS"] == ["hub.example"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://hub.example"]
    # Everybody comes through the proxy: without this one guesser would slow all.
    assert found["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1
    assert found["HUB_AUDIT_MAIL"] == "seals@auditor.example"


def test_a_key_is_asked_for(tmp_path: Path) -> None:
    done = living.run("manage.py", "migrate", "--plan", part="migrate", folder=tmp_path, HUB_SECRET_KEY="")
    assert done.returncode != 0
    assert "Set HUB_SECRET_KEY" in done.stderr


def test_the_log_of_the_database_holds_no_statement() -> None:
    words = living.PARTS["db"]["command"]
    assert "log_min_error_statement=panic" in words
    assert "log_error_verbosity=terse" in words
    assert "log_parameter_max_length_on_error=0" in words
