import pytest

from homes.models import Child
from incidents.record import marks

ROWAN = Child(name="Rowan Hill", initials="RH")
SKY = Child(name="Sky Marsh", initials="SM")
BO = Child(name="Bo", initials="B")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Rowan was upset", "Rowan"),
        ("then rowan hit the wall", "rowan"),
        ("rowan hill's arm", "rowan hill"),
        ("We told Hill to wait", "Hill"),
        ("he ran up the hill", None),
        ("the rowanberry tree", None),
        ("[A] was upset", None),
    ],
)
def test_a_name_is_found_as_people_write_it(text: str, said: str | None) -> None:
    found = marks.names_in(text, [ROWAN])
    assert [one.said for one in found] == ([said] if said else [])


def test_a_name_too_short_to_tell_from_a_word_is_left() -> None:
    assert marks.names_in("Bo said so", [BO]) == []


def test_marks_take_the_place_of_names_in_the_order_of_the_children() -> None:
    text = "Rowan Hill pushed Sky. Sky Marsh fell; rowan's hand was red."
    assert marks.with_marks(text, [ROWAN, SKY]) == "[A] pushed [B]. [B] fell; [A]'s hand was red."


def test_a_mark_reads_as_initials_to_those_who_may_know_and_as_another_child_to_others() -> None:
    text = "[A] pushed [B]."
    assert marks.rendered(text, {"A": "RH", "B": "SM"}) == "RH pushed SM."
    assert marks.rendered(text, {"B": "SM"}) == "another child pushed SM."


def test_marks_follow_their_children_when_the_choice_changes() -> None:
    assert marks.moved("[A] and [B] and [C]", ["r", "s"], ["s", "t"]) == "another child and [A] and [C]"
