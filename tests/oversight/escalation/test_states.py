"""The tables of states: every state is known, every refused move refused, the diagram fresh."""

from pathlib import Path

import pytest
from django.conf import settings

from oversight.escalation import states
from oversight.escalation.models import Alert, Branch, Delivery


@pytest.mark.parametrize(
    ("workflow", "choices"),
    [
        (states.ALERT, Alert.State.values),
        (states.BRANCH, Branch.State.values),
        (states.DELIVERY, Delivery.State.values),
    ],
)
def test_tables_and_models_know_the_same_states(workflow: states.Workflow, choices: list[str]) -> None:
    known = {workflow.begins} | {state for move in workflow.moves for state in (move.start, move.end)}
    assert known == set(choices)
    for start in choices:
        for end in choices:
            if workflow.allows(start, end):
                states.check(workflow, start, end)
            else:
                with pytest.raises(states.NotAllowedMoveError):
                    states.check(workflow, start, end)


def test_nothing_is_closed_before_it_is_acted_on_and_nothing_decided_waits_again() -> None:
    assert [move.start for move in states.ALERT.moves if move.end == "closed"] == ["acted_on"]
    assert not states.BRANCH.allows("decided", "waiting")
    assert not states.BRANCH.allows("overtaken", "waiting")
    assert not states.BRANCH.allows("lapsed", "waiting")
    assert not states.DELIVERY.allows("dead", "sent")


def test_the_diagram_in_the_docs_is_fresh() -> None:
    assert (Path(settings.BASE_DIR) / "docs/reference/states.md").read_text() == states.render()
