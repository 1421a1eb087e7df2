"""Which states an alert, a branch and a delivery pass through: one table each, from which the diagram is drawn."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Move:
    """An allowed change of state: what does it, in words."""

    start: str
    end: str
    by: str


@dataclass(frozen=True)
class Workflow:
    """The allowed moves of one kind of thing; begins is its first state."""

    name: str
    begins: str
    moves: tuple[Move, ...]

    def allows(self, start: str, end: str) -> bool:
        return any((move.start, move.end) == (start, end) for move in self.moves)


ALERT = Workflow(
    "Alert",
    "open",
    (
        Move("open", "acknowledged", "every branch of its tier has been answered"),
        Move("open", "acted_on", "the last branch that waited for a decision has one"),
        Move("acknowledged", "acted_on", "every branch of its tier has decided"),
        Move(
            "acknowledged",
            "open",
            "it reaches a higher tier, or a decision is overdue and its branch waits again",
        ),
        Move("acted_on", "open", "it reaches a higher tier"),
        Move(
            "acted_on",
            "closed",
            "a person signs, two at the regulator's tier, once what came of every action is measured",
        ),
        Move("closed", "open", "it reaches a higher tier"),
    ),
)
BRANCH = Workflow(
    "Branch",
    "waiting",
    (
        Move(
            "waiting",
            "waiting",
            "the answer, or the decision after it, is overdue: the next step is told, and after the last the first",
        ),
        Move("waiting", "acknowledged", "a named person of this organisation acknowledges"),
        Move("acknowledged", "waiting", "no decision within its time: the next step is told"),
        Move("acknowledged", "decided", "a named person records the decision"),
        Move("waiting", "decided", "the decision comes after its time"),
        Move("decided", "decided", "a later decision supersedes the one before"),
        Move("waiting", "overtaken", "the alert reaches a higher tier, whose ladder starts anew"),
        Move("acknowledged", "overtaken", "the alert reaches a higher tier: the decision is owed there"),
        Move("waiting", "lapsed", "the authority's last child had left before anybody there was told"),
    ),
)
#: States of a branch in which something is still owed.
UNDECIDED = ("waiting", "acknowledged")
DELIVERY = Workflow(
    "Delivery",
    "owed",
    (
        Move("owed", "owed", "an attempt failed: tried again later"),
        Move("owed", "sent", "the mail server took it"),
        Move(
            "sent",
            "bounced",
            "it came back: the operator is alarmed and, where nobody else was reached, the branch climbs",
        ),
        Move("owed", "dead", "its attempts ran out: the operator is alarmed and the branch climbs"),
        Move(
            "owed",
            "dead",
            "its authority's last child had left before anybody there was told: withheld, and the attempt says so",
        ),
    ),
)
WORKFLOWS = (ALERT, BRANCH, DELIVERY)


class NotAllowedMoveError(Exception):
    """The workflow has no such move."""


def check(workflow: Workflow, start: str, end: str) -> None:
    """Raise NotAllowedMoveError unless the workflow allows the move."""
    if not workflow.allows(start, end):
        raise NotAllowedMoveError(f"{workflow.name}: from {start} to {end}")


def render() -> str:
    """The text of docs/reference/states.md."""
    lines = ["# States", "", "Drawn from `oversight/escalation/states.py`; a check compares the two.", ""]
    for workflow in WORKFLOWS:
        lines += [f"## {workflow.name}", "", "```mermaid", "stateDiagram-v2"]
        lines.append(f"    [*] --> {workflow.begins}")
        lines += [f"    {move.start} --> {move.end}: {move.by.replace(':', ',')}" for move in workflow.moves]
        lines += ["```", "", "| from | to | when |", "|---|---|---|"]
        lines += [f"| {move.start} | {move.end} | {move.by} |" for move in workflow.moves]
        lines.append("")
    return "\n".join(lines)
