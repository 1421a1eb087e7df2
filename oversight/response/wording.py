"""What a weekly digest says: numbers, levels, references, deadlines. Nobody's name but the organisation's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from oversight.escalation.channels.email.wording import deadline, signature
from oversight.escalation.models import Tier

#: So many alerts are listed; of the rest the number is told.
LISTED = 50


@dataclass(frozen=True)
class Open:
    """A ladder on which this mailbox's organisation is waited for. decides: it has answered and owes the decision."""

    reference: str
    tier: Tier
    due_at: datetime
    decides: bool


@dataclass(frozen=True)
class Week:
    """What an organisation did in the week before: answers, decisions to act and not to, what came of actions."""

    answered: int
    acting: int
    not_acting: int
    outcomes: tuple[tuple[str, int], ...]

    def __bool__(self) -> bool:
        return bool(self.answered or self.acting or self.not_acting or self.outcomes)


def digest(organisation: str, waiting: Sequence[Open], week: Week, now: datetime) -> tuple[str, str]:
    """Subject and plain text."""
    late = sum(one.due_at <= now for one in waiting)
    answers = sum(not one.decides for one in waiting)
    subject = f"Hesley Hub, the week's alerts: {len(waiting)} open, {late} overdue"
    listed = sorted(waiting, key=lambda one: one.due_at)[:LISTED]
    paragraphs = [
        f"{organisation}: {_number(len(waiting), 'alert')} open, {late} overdue.",
        f"Waiting for an answer: {answers}. Answered, with a decision owed: {len(waiting) - answers}.",
        *(_line(one, now) for one in listed),
        *([f"And {len(waiting) - LISTED} more."] if len(waiting) > LISTED else []),
        _week(week),
        f"How soon your organisation answers:\n{settings.HUB_ADDRESS}/response/",
        "This message holds no child's details; do not reply with any.",
        signature(),
    ]
    return subject, "\n\n".join(paragraphs) + "\n"


def _line(one: Open, now: datetime) -> str:
    what = "decide" if one.decides else "answer"
    late = "OVERDUE. " if one.due_at <= now else ""
    return (
        f"{late}{one.reference}, {one.tier.label}: {what} by {deadline(one.due_at, now)}.\n"
        f"{settings.HUB_ADDRESS}/alerts/{one.reference}/"
    )


def _week(week: Week) -> str:
    if not week:
        return "In the week before, nothing was answered or decided."
    came = "; ".join(f"{words.lower()}: {count}" for words, count in week.outcomes) or "none measured"
    return (
        f"In the week before: {_number(week.answered, 'answer')}, {_number(week.acting, 'decision')} to act,"
        f" {week.not_acting} not to. What came of actions: {came}."
    )


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
