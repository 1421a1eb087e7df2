"""How a notification under regulation 40 is asked for and recorded."""

from collections.abc import Sequence
from uuid import UUID

from events.identity import new_id
from homes.models import Adult
from incidents.record.actions import DutyOwed
from incidents.record.models import Incident, Stream
from incidents.recording.flow import Answers, Asking, Flow, Step
from incidents.recording.questions import happening
from incidents.reg40.actions import Notification, duties_of, record_notification, record_ofsted_form
from incidents.reg40.forms import Reg40AccountForm, Reg40WhenForm, Reg40WhoForm, TellForm, WhatForm
from incidents.reg40.ofsted_text import text_for_ofsted
from incidents.reg40.queries import facts


def _notification(asking: Asking, answers: Answers, client_id: UUID) -> Notification:
    what, account, tell = answers["what"], answers["account"], answers["tell"]
    return Notification(
        happening=happening(
            asking,
            answers,
            client_id,
            adults=_adults(asking, answers["who"].get("adults") or ()),
            harm=what["harm"] in ("harm", "crime"),
            crime=what["harm"] == "crime",
        ),
        event=what["event"],
        how_known=answers["when"]["how_known"],
        action_taken=account["action_taken"],
        enquiry_outcome=account.get("enquiry_outcome", ""),
        concludes_reference=account.get("concludes_reference", ""),
        relevant_persons=tell["relevant_persons"],
        relevant_reason=tell["relevant_reason"],
    )


def _adults(asking: Asking, chosen: Sequence[str]) -> list[Adult]:
    return [one.adult for one in asking.workers if str(one.adult_id) in chosen]


def _duties(asking: Asking, answers: Answers) -> list[DutyOwed]:
    return duties_of(_notification(asking, answers, new_id()), by_provider=asking.author.by_provider)


def _record(asking: Asking, answers: Answers, client_id: UUID) -> Incident:
    return record_notification(
        notification=_notification(asking, answers, client_id), by=asking.author.user, now=asking.now
    )


FLOW = Flow(
    stream=Stream.REG40,
    title="Record an incident",
    choose="An incident to notify (Reg 40)",
    hint="A death, harm, an allegation, exploitation, the police, a child protection enquiry, anything serious.",
    steps=(
        Step("what", "What happened?", WhatForm),
        Step("who", "Who is it about?", Reg40WhoForm),
        Step(
            "when",
            "When did it happen, and when did the home come to know?",
            Reg40WhenForm,
            intro="The clock for telling others starts when the home came to know.",
        ),
        Step("account", "In your own words", Reg40AccountForm),
        Step(
            "tell",
            "Who needs to know?",
            TellForm,
            intro="Ofsted, and where harm is suspected social care and the police, are worked out for you.",
        ),
    ),
    duties=_duties,
    record=_record,
    text_for_ofsted=text_for_ofsted,
    ofsted_told=record_ofsted_form,
    facts=facts,
)
