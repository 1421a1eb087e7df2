"""Deny by default: every address refuses the anonymous, but for those that the house leaves open."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

#: What anybody may ask for (ARCHITECTURE, Who may see what), each by the beginning of its path.
OPEN = (
    "health/live",
    "health/ready",
    "sign-in/",
    "speak-up/",
    "answer/",
    "static/",
    "demo/",
)
SAMPLES = {
    "uuid": "01890000-0000-7000-8000-000000000000",
    "int": "1",
    "slug": "x",
    "str": "x",
    "path": "x",
}


def _paths(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _paths(entry, before + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield before + str(entry.pattern)


def _sample_of(group: re.Match[str]) -> str:
    """A word that the group's own expression takes."""
    return next(sample for sample in SAMPLES.values() if re.fullmatch(group[1], sample))


def _filled(pattern: str) -> str:
    plain = re.sub(r"\(\?P<\w+>((?:[^()]|\([^()]*\))*)\)", _sample_of, pattern)
    plain = re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES[found[1] or "str"], plain)
    return plain.replace("^", "").replace("$", "").replace("\\", "").replace("/?", "/")


PATHS = sorted({_filled(path) for path in _paths(get_resolver())})


@pytest.mark.django_db
@pytest.mark.parametrize("path", [path for path in PATHS if not path.startswith(OPEN)])
def test_an_address_refuses_the_anonymous(client: Client, path: str) -> None:
    for method in (client.get, client.post):
        answer = method(f"/{path}")
        if path.startswith("api/"):
            assert answer.status_code == 401, (path, answer.status_code)
        else:
            assert answer.status_code == 302, (path, answer.status_code)
            assert answer.headers["Location"].startswith("/sign-in/"), path


@pytest.mark.django_db
@pytest.mark.parametrize("path", [path for path in PATHS if path.startswith("demo/")])
def test_the_demo_pages_do_not_exist_outside_a_demo(client: Client, path: str) -> None:
    assert client.get(f"/{path}").status_code == 404


def test_the_walk_found_the_addresses() -> None:
    assert len(PATHS) > 30
