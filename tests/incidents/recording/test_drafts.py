"""What goes wrong at the keyboard: errors where they happened, drafts that are never lost, one record for one draft."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from events import clock
from homes.models import Home, Placement, Post
from incidents.models import Draft, Incident
from tests import cast
from tests.conftest import owner
from tests.incidents.recording.driver import Typed, Walk, day, errors, when
from tests.incidents.recording.test_walks import complaint, hospital, lado, reg40
from tests.sealed import send


def fill(walk: Walk, pages: dict[str, Typed]) -> None:
    walk.start()
    for step, typed in pages.items():
        assert walk.say(step, typed).status_code == 302, step


def test_the_first_page_asks_whether_a_child_is_in_danger_with_the_numbers(world: cast.Cast) -> None:
    walk = Walk(world.asha, "reg40", "DEMO001")
    page = walk.client.get("/record/reg40/").content.decode()
    assert page.index("Is a child in danger now?") < page.index("999")
    assert "Calderbrook Council children’s social care" in page
    assert "01632 960114" in page
    assert errors(walk.client.post("/record/reg40/", {"home": "DEMO001"})) == [
        "Say whether a child is in danger now"
    ]
    answer = walk.start("yes")
    assert answer["Location"] == walk.at("danger/")
    assert "Ring first" in walk.page("danger/")


@pytest.mark.parametrize(
    ("stream", "step", "change", "expected"),
    [
        ("reg40", "what", {"event": ""}, "Choose what happened"),
        ("reg40", "what", {"harm": ""}, "Say whether somebody may have harmed a child"),
        ("reg40", "who", {"children": []}, "Choose the child or children it is about"),
        ("reg40", "when", {"occurred_on_choice": ""}, "Choose the day it happened"),
        ("reg40", "when", {"known_on_choice": ""}, "Choose the day the home came to know"),
        ("reg40", "when", {"known_time": ""}, "Enter the time the home came to know, like 21:40"),
        ("reg40", "when", {"known_time": "9 last nite"}, "Enter the time the home came to know, like 21:40"),
        ("reg40", "when", {"how_known": ""}, "Say how you came to know"),
        ("reg40", "account", {"narrative": ""}, "Say what happened, in a few sentences"),
        ("reg40", "account", {"action_taken": ""}, "Say what was done"),
        ("reg40", "tell", {"relevant_persons": []}, "Say why the placing authority need not be told"),
        ("lado", "what", {"limbs": []}, "Choose what the person may have done"),
        ("lado", "what", {"followed_restraint": ""}, "Say whether it followed a restraint"),
        ("lado", "adult", {"adult": ""}, "Choose the person, or somebody else"),
        ("lado", "adult", {"adult": "other", "title": "Cook"}, "Enter the person’s first name and surname"),
        (
            "lado",
            "adult",
            {"adult": "other", "name": "Una Vance"},
            "Enter what the person’s work is, like Support worker",
        ),
        ("hospital", "what", {"attendance": ""}, "Choose where the child was seen"),
        ("hospital", "what", {"explanation": ""}, "Choose whether the explanation fits"),
        ("hospital", "who", {"moves_alone": ""}, "Say whether the child can move about alone"),
        ("hospital", "account", {"severity": ""}, "Choose how badly the child was hurt"),
        ("complaint", "what", {"complaint_type": ""}, "Choose who complains"),
    ],
)
def test_a_missing_answer_is_asked_for_where_it_belongs_and_the_draft_is_kept(
    world: cast.Cast, stream: str, step: str, change: Typed, expected: str
) -> None:
    pages = {"reg40": reg40, "lado": lado, "hospital": hospital, "complaint": complaint}[stream](world)
    walk = Walk(world.asha, stream, "DEMO001")
    walk.start()
    before = list(pages)[: list(pages).index(step)]
    for one in before:
        walk.say(one, pages[one])
    answer = walk.say(step, pages[step] | change)
    assert answer.status_code == 200
    assert expected in errors(answer)
    with owner():
        draft = Draft.objects.get()
        assert step in draft.answers
        assert draft.sent_at is None
    assert f'href="/record/draft/{walk.draft}/' in walk.page("check/")


def test_a_day_in_the_future_is_refused(world: cast.Cast) -> None:
    walk = Walk(world.asha, "reg40", "DEMO001")
    walk.start()
    tomorrow = world.now + timedelta(days=2)
    answer = walk.say("when", when(world.now, how_known="staff") | day("known_on", tomorrow))
    assert errors(answer) == ["The date must be today or in the past"]
    late = when(world.now, how_known="staff") | day("known_on", world.now) | {"known_time": "23:59"}
    if world.now.hour < 22:
        assert errors(walk.say("when", late)) == ["The time must be in the past"]


def test_nobody_can_have_known_before_it_happened(world: cast.Cast) -> None:
    walk = Walk(world.asha, "reg40", "DEMO001")
    walk.start()
    typed = when(world.now, how_known="staff") | day("known_on", world.now - timedelta(days=2))
    assert errors(walk.say("when", typed)) == [
        "This is before it happened. Change this time, or when it happened"
    ]


def test_a_time_nobody_knows_is_about(world: cast.Cast) -> None:
    typed = when(world.now, how_known="staff", occurred_time="")
    Walk(world.asha, "reg40", "DEMO001").through(reg40(world, when=typed))
    with owner():
        incident = Incident.objects.get()
    assert incident.occurred_about
    assert incident.occurred_at <= incident.known_at


def test_an_enquiry_that_ended_needs_its_outcome_and_the_earlier_reference(world: cast.Cast) -> None:
    walk = Walk(world.asha, "reg40", "DEMO001")
    pages = reg40(world, what={"event": "40(4)(d)(ii)", "harm": "unknown"})
    walk.start()
    for step in ("what", "who", "when"):
        walk.say(step, pages[step])
    assert set(errors(walk.say("account", pages["account"]))) == {
        "Enter the outcome of the enquiry",
        "Enter the reference of the notification that began it",
    }
    whole = pages["account"] | {"enquiry_outcome": "No further action", "concludes_reference": "R40-1"}
    assert walk.say("account", whole).status_code == 302
    walk.say("tell", pages["tell"])
    assert walk.send().status_code == 302


def test_the_same_form_sent_twice_is_one_record(world: cast.Cast) -> None:
    walk = Walk(world.asha, "reg40", "DEMO001")
    first = walk.through(reg40(world))
    second = walk.send()
    assert first["Location"] == second["Location"] == f"/record/done/{walk.draft}/"
    with owner():
        assert Incident.objects.count() == 1
    again = walk.say("account", {"narrative": "Something else"})
    assert again["Location"] == f"/record/done/{walk.draft}/"
    with owner():
        assert Draft.objects.get().answers.keys() == {"receipt"}
    assert "Nothing was recorded twice" in walk.client.get(again["Location"]).content.decode()


def test_sending_what_is_not_answered_says_what_is_missing(world: cast.Cast) -> None:
    walk = Walk(world.asha, "reg40", "DEMO001")
    walk.start()
    answer = walk.send()
    assert errors(answer) == [
        "Answer: What happened?",
        "Answer: Who is it about?",
        "Answer: When did it happen, and when did the home come to know?",
        "Answer: In your own words",
        "Answer: Who needs to know?",
    ]
    assert walk.client.get(f"/record/done/{walk.draft}/")["Location"] == walk.at("check/")


def test_half_typed_answers_are_kept_as_they_are_typed(world: cast.Cast) -> None:
    walk = Walk(world.asha, "reg40", "DEMO001")
    walk.start()
    answer = walk.client.post(walk.at("when/save"), {"known_time": "9 last"})
    assert answer.status_code == 200
    assert set(answer.json()) == {"saved_at"}
    assert "9 last" in walk.page("when/")
    assert "There is a problem" not in walk.page("when/")
    later = walk.say("when", {"known_time": "9 last n", "later": "yes"})
    assert later["Location"] == "/record/"
    listed = walk.client.get("/record/").content.decode()
    assert "Drafts to finish" in listed
    assert walk.at("check/") in listed


def test_a_draft_is_its_authors_alone(world: cast.Cast) -> None:
    walk = Walk(world.asha, "reg40", "DEMO001")
    walk.start()
    for name in ("ben", "dan", "mo", "cerys"):
        other = Client()
        other.force_login(world.people[name])
        for page in ("what/", "check/", "danger/"):
            assert other.get(walk.at(page)).status_code == 404
        assert other.post(walk.at("what/save"), {"event": "40(1)"}).status_code == 404
        assert other.post(walk.at("check/")).status_code == 404
        assert other.get(f"/record/done/{walk.draft}/").status_code == 404
    assert walk.client.get(walk.at("nothing/")).status_code == 404
    assert walk.client.post(walk.at("nothing/save")).status_code == 404
    assert walk.client.get(f"/record/draft/{uuid4()}/what/").status_code == 404


def test_whoever_may_no_longer_record_there_keeps_nothing_more_of_a_draft(world: cast.Cast) -> None:
    walk = Walk(world.asha, "reg40", "DEMO001")
    walk.start()
    with owner():
        Post.objects.filter(user=world.asha).update(ends_at=clock.now())
    assert walk.client.get(walk.at("when/")).status_code == 404
    assert walk.client.post(walk.at("when/save"), {"known_time": "9 last"}).status_code == 404
    with owner():
        assert "when" not in Draft.objects.get(pk=walk.draft).answers


def test_a_draft_whose_child_has_left_asks_again(world: cast.Cast) -> None:
    walk = Walk(world.asha, "reg40", "DEMO001")
    fill(walk, reg40(world))
    with owner():
        Placement.objects.filter(child=world.rowan).update(ends_at=world.now)
    answer = walk.send()
    assert "Answer: Who is it about?" in errors(answer)
    with owner():
        assert not Incident.objects.exists()
        assert Draft.objects.get().answers["account"]["narrative"] == ["[A] fell on the stairs."]


def test_whose_post_ended_keeps_the_draft_and_records_nothing(world: cast.Cast) -> None:
    walk = Walk(world.ben, "reg40", "DEMO001")
    fill(walk, reg40(world))
    with owner():
        from homes.models import Post

        Post.objects.filter(user=world.ben).update(ends_at=world.now)
    assert walk.say("account", {"narrative": "More."}).status_code == 404
    assert walk.send().status_code == 404
    assert "You no longer record at this home" in walk.client.get("/record/").content.decode()


def test_a_name_in_the_text_is_offered_back_as_a_child_to_choose(world: cast.Cast) -> None:
    walk = Walk(world.asha, "reg40", "DEMO001")
    pages = reg40(world)
    walk.start()
    for step in ("what", "who", "when"):
        walk.say(step, pages[step])
    named = pages["account"] | {
        "narrative": "Rowan and sky quarrelled.",
        "action_taken": "Sky went for a walk.",
    }
    answer = walk.say("account", named)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "Choose the child instead" in text
    assert "Rowan Hill and Sky Marsh live here" in text
    assert walk.say("account", named | {"names": "marks"}).status_code == 302
    with owner():
        answers = Draft.objects.get().answers
    assert answers["account"]["narrative"] == ["[A] and [B] quarrelled."]
    assert answers["account"]["action_taken"] == ["[B] went for a walk."]
    assert answers["who"]["children"] == [str(world.rowan.pk), str(world.sky.pk)]
    assert walk.say("account", named | {"names": "keep"}).status_code == 302
    with owner():
        assert Draft.objects.get().answers["account"]["narrative"] == ["Rowan and sky quarrelled."]


def test_marks_stay_with_their_children_when_the_choice_changes(world: cast.Cast) -> None:
    walk = Walk(world.asha, "reg40", "DEMO001")
    pages = reg40(world)
    pages["who"] = {"children": [str(world.rowan.pk), str(world.sky.pk)]}
    pages["account"] |= {"narrative": "[A] pushed [B]."}
    fill(walk, pages)
    walk.say("who", {"children": [str(world.sky.pk)]})
    with owner():
        assert Draft.objects.get().answers["account"]["narrative"] == ["another child pushed [A]."]
    walk.say("who", {"children": [str(world.rowan.pk), str(world.sky.pk)]})
    with owner():
        assert Draft.objects.get().answers["who"]["children"] == [str(world.sky.pk), str(world.rowan.pk)]


def test_each_childs_own_words_are_kept_with_the_child(world: cast.Cast) -> None:
    pages = reg40(world)
    pages["who"] = {"children": [str(world.rowan.pk), str(world.sky.pk)]}
    pages["account"] |= {f"words_{world.sky.pk}": "Too loud. I said stop."}
    Walk(world.asha, "reg40", "DEMO001").through(pages)
    with owner():
        parts = {part.mark: part for part in Incident.objects.get().involvements.all()}
    assert parts["B"].child_id == world.sky.pk
    assert parts["B"].account == "Too loud. I said stop."
    assert parts["A"].account == ""


def test_change_comes_back_to_the_check(world: cast.Cast) -> None:
    walk = Walk(world.asha, "reg40", "DEMO001")
    fill(walk, reg40(world))
    assert walk.at("what/?change=1") in walk.page("check/")
    answer = send(walk.client, walk.at("what/?change=1"), {"event": "40(4)(b)", "harm": "no"})
    assert answer["Location"] == walk.at("check/")


def test_a_name_from_outside_that_nobody_there_bears_is_told_so(world: cast.Cast) -> None:
    walk = Walk(world.lee, "hospital", "DEMO001")
    walk.start()
    answer = walk.say("who", {"child_name": "Tam Reed", "moves_alone": "yes"})
    assert len(errors(answer)) == 1
    assert "No child of this name lives there now" in errors(answer)[0]
    assert "Rowan" not in answer.content.decode()


def test_several_homes_are_chosen_first_and_a_home_not_yours_is_not_there(world: cast.Cast) -> None:
    with owner():
        Home.objects.create(urn="DEMO003", name="Ash House", provider=world.organisations["alder"], places=3)
    walk = Walk(world.dan, "reg40", "")
    assert walk.client.get("/record/reg40/")["Location"] == "/record/"
    page = walk.client.get("/record/").content.decode()
    assert "Ash House" in page
    assert "Elm House" in page
    assert "Oak House" not in page
    assert "Elm House" not in walk.client.get("/record/?home=DEMO003").content.decode()
    assert walk.client.get("/record/reg40/?home=DEMO002").status_code == 404
    nobody: Any = Client()
    assert nobody.get("/record/").status_code == 302
