"""What an escalation e-mail says: a level, a reference, a link, a deadline, and what happens otherwise.

No home, no pattern, no child, no member of staff, nobody who spoke. Lines are whole paragraphs, never hard-wrapped.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from events import world
from events.clock import LONDON, london_day
from oversight.escalation.models import Alert, Step, Tier
from oversight.escalation.plans import PlannedRung

LEVELS = {
    Tier.LOOK: "Look (second of four)",
    Tier.ESCALATE: "Escalate (third of four)",
    Tier.REGULATOR: "Urgent (highest of four)",
}


def compose(
    alert: Alert,
    step: Step,
    after: Step | None,
    following: PlannedRung,
    now: datetime,
    *,
    decide: bool = False,
    offer: str = "",
) -> tuple[str, str]:
    """Subject and plain text of the e-mail that tells of one step. ``after`` is the step not answered before it.

    decide: somebody has acknowledged, and what is asked for now is the decision. offer: a paragraph for a desk where
    nobody has an account.
    """
    by = deadline(step.due_at, now)
    link = f"{settings.HUB_ADDRESS}/alerts/{alert.reference}/"
    why = "You are told because your organisation has a duty to answer."
    if after is not None:
        why = f"You are asked because step {after.number} was not answered."
    theirs = step.organisation_id != step.branch.organisation_id
    if theirs:
        why = "You are told because another organisation that must answer has not."
    then = following.words.replace("your ", "their ", 1) if theirs else following.words
    ask, asks = ("record a decision", "decides") if decide else ("acknowledge", "acknowledges")
    level = Tier(alert.tier).label
    paragraphs = [
        f"PLEASE {ask.upper()} BY {by.upper()}",
        f"Level of concern: {LEVELS[Tier(alert.tier)]}. Reference {alert.reference}.",
        f"An alert has been open since {long_day(alert.opened_at)}. {why}",
        f"Read and {ask} (you will be asked to sign in):\n{link}",
        f"If no one {asks} by then, {then} is told.",
        *([offer] if offer else []),
        f"I am not the right person:\n{link}not-me/",
        "This message holds no child's details; do not reply with any. It is not a Regulation 40 notification.",
        signature(),
    ]
    return f"{level}: please {ask} by {by}. {alert.reference}", "\n\n".join(paragraphs) + "\n"


def together(mails: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Subject and text of one e-mail that says what several would have said, each whole, in the order given."""
    if len(mails) == 1:
        return mails[0]
    first = mails[0][0]
    listed = "\n".join(f"{number}. {subject}" for number, (subject, _) in enumerate(mails, 1))
    lead = f"{len(mails)} ALERTS WAIT FOR YOUR ORGANISATION. Each has its own deadline and its own answer.\n\n{listed}\n"
    parts = [f"{number}.\n\n{body}" for number, (_, body) in enumerate(mails, 1)]
    return f"{len(mails)} alerts. {first}"[:200], "\n\n".join([lead, *parts])


def alarm_words(meaning: str, about: str) -> tuple[str, str]:
    """Subject and plain text of an e-mail to the hub's operator."""
    body = [meaning, f"About: {about}", f"{settings.HUB_ADDRESS}/hub/alarms/", signature()]
    return "Hesley Hub needs its operator", "\n\n".join(body) + "\n"


def signature() -> str:
    """The last line; outside a live world it says that nothing here is real."""
    return "Hesley Hub." if world.kind() == world.LIVE else "Hesley Hub. Simulated."


def deadline(due: datetime, now: datetime) -> str:
    """The moment in London, with its day spelt out, since an e-mail may be read on a later one."""
    local, today = due.astimezone(LONDON), london_day(now)
    named = f"{local:%A} {local.day} {local:%B}"
    if local.date() == today:
        return f"{local:%H:%M} today ({named})"
    if local.date() == today + timedelta(days=1):
        return f"{local:%H:%M} tomorrow ({named})"
    return f"{local:%H:%M} on {named}"


def long_day(moment: datetime) -> str:
    local = moment.astimezone(LONDON)
    return f"{local.day} {local:%B %Y}"


def message_id(key: UUID) -> str:
    """The fixed Message-ID of a delivery, so that a repeat can be recognised."""
    return f"<{key}@{urlsplit(settings.HUB_ADDRESS).hostname or 'hub.example'}>"
