"""A visit over HTTP: recorded, written part by part, filed; a concern raised past the home."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from events import clock
from events.clock import london_day
from events.identity import new_id
from oversight.visits.actions import NewRecommendation
from oversight.visits.models import Recommendation, SignificantConcern, Visit, VisitDraft, VisitReport
from tests import cast
from tests.cast import Cast
from tests.conftest import owner
from tests.oversight.visits import world as made
from tests.sealed import send

pytestmark = pytest.mark.django_db

ELM = "/homes/DEMO001/"


@pytest.fixture
def world() -> Cast:
    with owner():
        built = cast.build(clock.now())
        built.elm.opened_on = date(2020, 1, 1)
        built.elm.save()
    return built


@pytest.fixture
def efe(world: Cast) -> Client:
    return signed_in(world, "efe")


def signed_in(world: Cast, name: str) -> Client:
    client = Client()
    client.force_login(world.people[name])
    return client


def day(name: str, when: date) -> dict[str, str]:
    return {f"{name}_day": str(when.day), f"{name}_month": str(when.month), f"{name}_year": str(when.year)}


def started(efe: Client) -> str:
    """A visit recorded today; its address."""
    form = efe.get(f"{ELM}visits/new/").context["form"]
    sent = {
        "visited_on_choice": "today",
        "started_at": "10:00",
        "ended_at": "14.30",
        "announced": "no",
        "conflicts": ["none"],
        "client_id": str(form["client_id"].value()),
    }
    answer = efe.post(f"{ELM}visits/new/", sent)
    assert answer.status_code == 302, answer.content.decode()
    assert efe.post(f"{ELM}visits/new/", sent)["Location"] == answer["Location"]
    return str(answer["Location"])


def parts(world: Cast) -> dict[str, dict[str, Any]]:
    rowan, sky = str(world.rowan.pk), world.sky.pk
    return {
        "children": {"children_living": "2", "seen": [rowan, str(sky)], "private": [rowan]},
        "said": {
            f"words_{world.rowan.pk.hex}": "Knock first.",
            f"method_{world.rowan.pk.hex}": "speech",
            f"share_{world.rowan.pk.hex}": "on",
            f"words_{sky.hex}": "",
            f"method_{sky.hex}": "speech",
        },
        "staff": {"staff_private": "3", "staff": "Two work nights."},
        "records": {"records": "Rota and restraint."},
        "standards": {"standard_12": "Two gaps."},
        "safeguarded": {"safeguarded": "partly", "safeguarded_reasons": "Nights."},
        "well_being": {"well_being": "yes", "well_being_reasons": "They go out."},
        "recommendations": {"text_1": "Staff the nights."}
        | day("by_1", london_day(world.now) + timedelta(days=30)),
    }


def test_a_report_is_written_part_by_part_checked_and_filed(world: Cast, efe: Client) -> None:
    visit = started(efe)
    page = efe.get(visit).content.decode()
    assert "Raise a significant concern" in page
    assert "Record first which children you saw" in page
    assert "Cannot start yet" in page
    assert efe.get(f"{visit}check/")["Location"] == visit
    for part, sent in parts(world).items():
        answer = send(efe, f"{visit}{part}/", sent)
        assert answer.status_code == 302, (part, answer.content.decode())
    assert efe.post(f"{visit}read/", {}).status_code == 302
    page = efe.get(visit).content.decode()
    assert "2 of 2 seen, 1 in private" in page
    assert "11 of 12 tasks completed" in page
    check = efe.get(f"{visit}check/").content.decode()
    for words in ("Knock first.", "Partly, with concerns", "Staff the nights.", "Two gaps."):
        assert words in check, words
    assert send(efe, f"{visit}check/", {}).status_code == 302
    assert send(efe, f"{visit}check/", {})["Location"] == visit
    with owner():
        report = VisitReport.objects.get()
        assert (report.children_seen, report.children_private, report.staff_private) == (2, 1, 3)
        assert report.findings == {
            "12": "Two gaps.",
            "staff": "Two work nights.",
            "records": "Rota and restraint.",
        }
        assert [entry["initials"] for entry in report.children_said] == ["RH", "SM"]
        assert not VisitDraft.objects.filter(visit_id=report.pk).exists()
    shown = efe.get(visit).content.decode()
    assert report.reference in shown
    assert "Partly, with concerns" in shown


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("children", {"children_living": "", "seen": []}, "Enter how many children live here"),
    ("children", {"children_living": "0", "seen": ["rowan"]}, "You saw more children than live here"),
    ("children", {"children_living": "2", "private": ["rowan"]}, "Tick only children whom you saw"),
    ("staff", {"staff_private": "", "staff": ""}, "or 0"),
    ("staff", {"staff_private": "1", "staff": "Rowan was upset"}, "Write RH instead of the name Rowan Hill"),
    ("records", {"records": ""}, "Enter which records you looked at"),
    ("standards", {}, "Enter what you found on at least one standard"),
    ("safeguarded", {"safeguarded": "no"}, "Enter the reasons for your opinion"),
    ("well_being", {"well_being_reasons": "They go out."}, "Give your opinion: yes, partly or no"),
    ("recommendations", {"text_1": "Staff the nights."}, "Enter the day by which it must be considered"),
    ("recommendations", day("by_2", date(2030, 1, 1)), "Enter what you recommend, or leave out the date"),
    ("recommendations", {"text_1": "x"} | day("by_1", date(2020, 1, 1)), "The date must be today or later"),
]


@pytest.mark.parametrize(("part", "sent", "message"), WRONG)
def test_what_does_not_hold_is_said_where_it_is_and_kept(
    world: Cast, efe: Client, part: str, sent: dict[str, Any], message: str
) -> None:
    visit = started(efe)
    filled = {name: [str(world.rowan.pk)] if value == ["rowan"] else value for name, value in sent.items()}
    answer = send(efe, f"{visit}{part}/", filled)
    assert answer.status_code == 200
    assert message in answer.content.decode()
    with owner():
        kept = VisitDraft.objects.get(visit__isnull=False).answers[part]
    assert kept["done"] is False
    status = "In progress" if filled else "Not yet started"
    assert status in efe.get(visit).content.decode()


def test_a_draft_is_saved_as_typed_and_comes_back(world: Cast, efe: Client) -> None:
    visit = started(efe)
    answer = efe.post(f"{visit}records/save/", {"records": "Rota, and"})
    assert set(answer.json()) == {"saved_at"}
    page = efe.get(f"{visit}records/").content.decode()
    assert "Rota, and" in page
    assert "There is a problem" not in page
    efe.post(f"{ELM}visits/save/concern/", {"what": "Locked doo"})
    assert "Locked doo" in efe.get(f"{ELM}concern/").content.decode()
    efe.post(f"{ELM}visits/save/details/", {"conflict_note": "My cousin"})
    assert "My cousin" in efe.get(f"{ELM}visits/new/").content.decode()
    assert efe.post(f"{ELM}visits/save/other/", {}).status_code == 404
    assert efe.post(f"{visit}nonsense/save/", {}).status_code == 404


def test_a_part_with_nothing_to_ask_leads_back(efe: Client) -> None:
    visit = started(efe)
    for part in ("said", "earlier"):
        assert efe.get(f"{visit}{part}/")["Location"] == visit


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"conflicts": []}, "Declare what applies to you, or that nothing does"),
        ({"conflicts": ["none", "financial"]}, "only “None of these”"),
        ({"conflicts": ["financial"]}, "Enter what it is, and why it was not said before"),
        ({"ended_at": "09:00"}, "Enter a time after the visit began"),
        ({"visited_on_choice": "other"}, "Choose the day of the visit"),
        ({"visited_on_choice": "other", **day("visited_on", date(2040, 1, 1))}, "today or in the past"),
    ],
)
def test_a_visit_that_cannot_be(efe: Client, changes: dict[str, Any], message: str) -> None:
    sent = {
        "visited_on_choice": "today",
        "started_at": "10:00",
        "announced": "yes",
        "conflicts": ["none"],
        "client_id": "01a20936-d0ee-7ebe-87f5-fadf1af5abeb",
    } | changes
    assert message in efe.post(f"{ELM}visits/new/", sent).content.decode()
    with owner():
        assert not Visit.objects.exists()


def test_a_conflict_is_kept_in_words(efe: Client) -> None:
    sent = {
        "visited_on_choice": "yesterday",
        "announced": "yes",
        "conflicts": ["financial"],
        "conflict_note": "Shares",
        "client_id": "01a20936-d0ee-7ebe-87f5-fadf1af5abeb",
    }
    assert efe.post(f"{ELM}visits/new/", sent).status_code == 302
    with owner():
        visit = Visit.objects.get()
    assert (visit.no_conflict, visit.conflict_note) == (
        False,
        "I have a financial interest in the home. Shares",
    )
    assert "I have a financial interest" in efe.get(f"/visits/{visit.pk}/").content.decode()


def test_earlier_recommendations_are_followed_up(world: Cast, efe: Client) -> None:
    earlier = [
        NewRecommendation(text=text, consider_by=date(2026, 1, 31))
        for text in ("Staff the nights.", "Fix the door.", "Train staff.")
    ]
    old = made.visit(world, visited_on=london_day(world.now) - timedelta(days=30))
    made.report(world, old, recommendations=earlier)
    visit = started(efe)
    listed = efe.get(f"{visit}earlier/").context["work"].asked.earlier
    asked = {one.recommendation.text: one.key for one in listed}
    became = {"Staff the nights.": "repeat", "Fix the door.": "closed", "Train staff.": "open"}
    sent = {f"became_{key}": became[text] for text, key in asked.items()}
    page = send(efe, f"{visit}earlier/", sent).content.decode()
    assert "Enter the day by which it must be considered" in page
    assert "Enter what you saw that closes it" in page
    repeated, ended = asked["Staff the nights."], asked["Fix the door."]
    sent |= {f"evidence_{ended}": "The door shuts."}
    sent |= day(f"by_{repeated}", london_day(world.now) + timedelta(days=30))
    assert send(efe, f"{visit}earlier/", sent).status_code == 302
    for part, answers in parts(world).items():
        assert send(efe, f"{visit}{part}/", answers).status_code == 302
    send(efe, f"{visit}check/", {})
    with owner():
        rows = Recommendation.objects.order_by("text")
        state = {(row.text, row.repeats_id is not None, row.closed_at is not None) for row in rows}
    assert state == {
        ("Staff the nights.", False, False),
        ("Staff the nights.", True, False),
        ("Fix the door.", False, True),
        ("Train staff.", False, False),
    }
    assert "Made 2 times" in efe.get(f"{ELM}visits/").content.decode()


def test_a_concern_goes_past_the_home_without_a_visit(world: Cast, efe: Client) -> None:
    page = efe.get(f"{ELM}concern/")
    shown = page.content.decode()
    assert shown.index("call 999") < shown.index("<h1>Raise a significant concern")
    assert "all 2 placing authorities" in shown
    sent = {
        "what": "Doors are locked at night.",
        "child_in_danger": "yes",
        "already_told": "police, 21:40",
        "client_id": str(page.context["form"]["client_id"].value()),
    }
    assert "Enter what the concern is" in efe.post(f"{ELM}concern/", {}).content.decode()
    named = efe.post(f"{ELM}concern/", sent | {"what": "Sky Marsh was alone."}).content.decode()
    assert "Write SM instead of the name Sky Marsh" in named
    first, second = efe.post(f"{ELM}concern/", sent), efe.post(f"{ELM}concern/", sent)
    assert first["Location"] == second["Location"]
    with owner():
        concern = SignificantConcern.objects.get()
    address = f"/concerns/{concern.reference}/"
    opened = set()
    for name in world.people:
        answer = signed_in(world, name).get(address)
        assert answer.status_code in {200, 404}
        opened |= {name} if answer.status_code == 200 else set()
    assert opened == {"efe", "mo", "nia", "fran", "gita", "hal", "jon"}
    assert concern.reference in signed_in(world, "mo").get(f"{ELM}visits/").content.decode()
    assert concern.reference not in signed_in(world, "asha").get(f"{ELM}visits/").content.decode()


def test_a_concern_raised_at_a_visit_is_not_in_the_homes_copy(world: Cast, efe: Client) -> None:
    visited = made.visit(world, visited_on=london_day(world.now))
    page = f"{ELM}concern/?visit={visited.pk}"
    before = {name: bytes_for(world, name, visited) for name in ("asha", "dan")}
    sent = {"what": "Locked doors.", "child_in_danger": "no", "client_id": str(new_id())}
    assert efe.post(page, sent).status_code == 302
    with owner():
        assert SignificantConcern.objects.get().visit_id == visited.pk
    made.report(world, visited)
    filed = {name: bytes_for(world, name, visited) for name in ("asha", "dan", "mo")}
    assert "Significant concern" in filed["mo"]
    for name in ("asha", "dan"):
        assert "concern" not in filed[name].lower().replace("partly, with concerns", "")
        assert "No report yet" in before[name]


def bytes_for(world: Cast, name: str, visited: Visit) -> str:
    return signed_in(world, name).get(f"/visits/{visited.pk}/").content.decode()


def test_who_opens_which_page(world: Cast) -> None:
    visited = made.visit(world, visited_on=london_day(world.now))
    report = f"/visits/{visited.pk}/"
    made.report(world, visited)
    readers = {"asha", "ben", "dan", "efe", "fran", "gita", "hal", "jon", "mo", "nia", "rut"}
    pages = {
        report: readers,
        f"{ELM}visits/": readers,
        f"{ELM}visits/new/": {"efe"},
        f"{ELM}concern/": {"efe"},
        f"{ELM}briefing/": {"efe"},
        f"{report}staff/": set(),
        "/visits/": set(world.people),
    }
    clients = {name: signed_in(world, name) for name in world.people}
    for page, allowed in pages.items():
        opened = {name for name, client in clients.items() if client.get(page).status_code == 200}
        assert opened == allowed, page
    shown = bytes_for(world, "rut", visited)
    assert "You see who visited and when" in shown
    assert "Nights are thinly staffed" not in shown
    assert "Start a visit" not in signed_in(world, "rut").get("/visits/").content.decode()
    assert "Start a visit" in signed_in(world, "efe").get("/visits/").content.decode()
    assert Client().get(report).status_code == 302


def test_a_late_report_is_said_to_be_late(world: Cast) -> None:
    visited = made.visit(world, visited_on=london_day(world.now) - timedelta(days=70))
    assert "It was due by" in bytes_for(world, "mo", visited)
    assert "No report, due" in signed_in(world, "mo").get(f"{ELM}visits/").content.decode()
