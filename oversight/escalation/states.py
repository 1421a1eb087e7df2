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
        Move("acknowledged", "open", "it reaches a higher tier"),
    ),
)
BRANCH = Workflow(
    "Branch",
    "waiting",
    (
        Move(
            "waiting", "waiting", "the answer is overdue: the next step is told, and after the last the first"
        ),
        Move("waiting", "acknowledged", "a named person of this organisation acknowledges"),
        Move("waiting", "overtaken", "the alert reaches a higher tier, whose ladder starts anew"),
    ),
)
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
            "its organisation has no child at the home any more: withheld, and the attempt says so",
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
