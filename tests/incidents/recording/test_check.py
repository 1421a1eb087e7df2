"""What is told back before it is recorded, in each stream."""

import pytest

from tests import cast
from tests.incidents.recording.driver import Typed, Walk
from tests.incidents.recording.test_walks import complaint, disclosure, hospital, lado


def checked(walk: Walk, pages: dict[str, Typed]) -> str:
    walk.start()
    for step, typed in pages.items():
        assert walk.say(step, typed).status_code == 302, step
    return walk.page("check/")


def test_a_disclosure_says_who_will_read_it(world: cast.Cast) -> None:
    page = checked(Walk(world.ines, "whistleblowing", "DEMO001"), disclosure(world.now))
    assert "The home never does" in page
    assert "you cannot open the record again" in page
    assert "start the clocks" not in page


def test_a_complaint_starts_no_clock_and_says_so(world: cast.Cast) -> None:
    page = checked(Walk(world.asha, "complaint", "DEMO001"), complaint(world, about_person=str(world.ben.pk)))
    assert "No clock of the law runs from these answers" in page
    assert "One person, who will not see it" in page
    assert "Ben Castle" not in page


def test_a_referral_never_shows_the_name_it_was_given(world: cast.Cast) -> None:
    page = checked(Walk(world.asha, "lado", "DEMO001"), lado(world))
    assert "Wes Carter" not in page
    assert "Do not question the worker first." in page
    assert page.index("children’s social care") < page.index("Calderbrook Council LADO")


@pytest.mark.parametrize(("moves", "due"), [("no", True), ("yes", False), ("unknown", False)])
def test_an_injury_to_a_child_who_cannot_move_is_looked_into_today(
    world: cast.Cast, moves: str, due: bool
) -> None:
    page = checked(Walk(world.asha, "hospital", "DEMO001"), hospital(world, moves_alone=moves))
    assert ("urgent paediatric opinion" in page) is due


def test_one_hospital_referral_is_about_one_child(world: cast.Cast) -> None:
    walk = Walk(world.asha, "hospital", "DEMO001")
    walk.start()
    both = {"children": [str(world.rowan.pk), str(world.sky.pk)], "moves_alone": "yes"}
    assert "Choose one child. Record each child apart" in walk.say("who", both).content.decode()
