"""The base of every page and document."""

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings

from homes.interface.forms import HubForm

HUB = {
    "world": "demo",
    "person": {"name": "J. <Okafor>", "organisation": "Ofsted"},
    "nav": [{"text": "National list", "href": "/nation/", "current": True}, {"text": "Alerts", "href": "/alerts/", "count": 6}],
    "loading": 34,
}  # fmt: skip


class Asked(HubForm):
    a = forms.CharField()


def page(**context: object) -> str:
    source = '{% extends "base.html" %}{% block title %}Record{% endblock %}{% block content %}<h1>Here</h1>{% endblock %}'
    return Template(source).render(Context({"hub": HUB, **context}))


def test_a_page_begins_with_the_skip_link_and_names_who_is_signed_in() -> None:
    html = page()
    assert html.index('href="#main"') < html.index("hub-mark") < html.index('id="main"')
    assert "J. &lt;Okafor&gt;" in html
    assert html.count('aria-current="page"') == 1
    assert '<form method="post"' in html
    assert 'lang="en-GB"' in html


def test_the_title_says_first_that_something_is_wrong() -> None:
    assert "<title>Record – Hesley Hub</title>" in page(form=Asked())
    assert "<title>Error: Record – Hesley Hub</title>" in page(form=Asked({}))
    assert "<title>Record – Hesley Hub</title>" in page(form=Asked({}, quiet=True))


def test_a_simulated_world_says_so_and_a_live_one_does_not() -> None:
    assert "SIMULATED" in page()
    assert "34 of 100" in page()
    assert "SIMULATED" in page(hub={**HUB, "world": "scratch", "loading": None})
    assert "SIMULATED" not in page(hub={**HUB, "world": "live"})


def test_a_page_for_nobody_has_neither_ways_nor_sign_out() -> None:
    html = page(hub={"world": "demo"})
    assert "Sign out" not in html
    assert "<nav" not in html


@pytest.mark.parametrize("name", ["404.html", "403.html", "500.html"])
def test_pages_of_trouble_need_nothing_and_say_whom_to_ring(name: str) -> None:
    html = render_to_string(name)
    assert "call 999" in html
    assert "<h1>" in html


@pytest.mark.parametrize(("world", "said"), [("demo", True), ("live", False)])
def test_a_document_says_what_it_is_on_every_page(world: str, said: bool) -> None:
    html = render_to_string(
        "document.html", {"hub": {"world": world}, "reference": "HH-2611", "visitor": True}
    )
    assert ("Simulated" in html) is said
    assert "Confidential" in html
    assert "HH-2611" in html
    assert "Not to be left at the home" in html
    assert "a reason to look, not a finding" in html


@override_settings(ROOT_URLCONF="allauth.account.urls")
@pytest.mark.parametrize("name", ["login", "logout", "password_change", "password_reset", "password_reset_from_key", "reauthenticate",
                                  "account_inactive", "signup_closed", "password_set", "password_reset_done", "password_reset_from_key_done"])  # fmt: skip
def test_sign_in_pages_render_in_our_look(name: str) -> None:
    class Login(HubForm):
        login = forms.CharField()
        password = forms.CharField(widget=forms.PasswordInput)

    html = render_to_string(
        f"account/{name}.html", {"form": Login(), "hub": {"world": "demo"}}, RequestFactory().get("/")
    )
    assert html.count("<h1") == 1
    assert "hub-mark" in html
