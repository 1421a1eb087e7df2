"""How a disclosure is asked for and recorded."""

from uuid import UUID

from incidents.record.actions import DutyOwed
from incidents.record.models import Incident, Stream
from incidents.recording.flow import Answers, Asking, Flow, Step
from incidents.recording.questions import happening, truth
from incidents.whistleblowing.actions import Disclosure, record_disclosure
from incidents.whistleblowing.forms import (
    DisclosureAccountForm,
    DisclosureWhenForm,
    DisclosureWhoForm,
    ReceivedForm,
)
from incidents.whistleblowing.queries import facts


def _duties(asking: Asking, answers: Answers) -> list[DutyOwed]:
    return []


def _record(asking: Asking, answers: Answers, client_id: UUID) -> Incident:
    what, account = answers["what"], answers["account"]
    disclosure = Disclosure(
        happening=happening(asking, answers, client_id),
        identity=what["identity"],
        relation=what["relation"],
        category=what["category"],
        about_manager=truth(what["about_manager"]),
        action_taken=account["action_taken"],
    )
    return record_disclosure(disclosure=disclosure, by=asking.author.user, now=asking.now)


FLOW = Flow(
    stream=Stream.WHISTLEBLOWING,
    title="Record a disclosure",
    choose="A whistleblowing disclosure that reached you",
    hint="The home never reads it. After you record it you are given a reference; only the regulator can open it.",
    steps=(
        Step("what", "What kind of disclosure is it?", ReceivedForm),
        Step("who", "Does it name a child?", DisclosureWhoForm),
        Step("when", "When did it happen, and when did it reach you?", DisclosureWhenForm),
        Step(
            "account",
            "What was disclosed?",
            DisclosureAccountForm,
            intro="Leave out anything that tells who spoke: names, shifts, the way they talk.",
        ),
    ),
    duties=_duties,
    record=_record,
    facts=facts,
)
