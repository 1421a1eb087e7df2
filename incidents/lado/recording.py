"""How a LADO referral is asked for and recorded."""

from uuid import UUID

from events.identity import new_id
from homes.models import Adult
from incidents.lado.actions import Referral, duties_of, name_adult, record_referral
from incidents.lado.forms import SOMEBODY_ELSE, AdultForm, LadoAccountForm, LadoWhoForm, ThresholdForm
from incidents.lado.queries import facts
from incidents.record.actions import DutyOwed
from incidents.record.models import Incident, Stream
from incidents.recording.flow import Answers, Asking, Flow, Step
from incidents.recording.questions import WhenForm, happening, truth


def _referral(asking: Asking, answers: Answers, client_id: UUID, adults: list[Adult]) -> Referral:
    what, account = answers["what"], answers["account"]
    restraint = truth(what["followed_restraint"])
    return Referral(
        happening=happening(asking, answers, client_id, adults=adults, harm=True, restraint=restraint),
        limbs=what["limbs"],
        followed_restraint=restraint,
        referred_reference=account["referred_reference"],
        action_taken=account["action_taken"],
    )


def _duties(asking: Asking, answers: Answers) -> list[DutyOwed]:
    return duties_of(_referral(asking, answers, new_id(), []), by_provider=asking.author.by_provider)


def _record(asking: Asking, answers: Answers, client_id: UUID) -> Incident:
    adult = _adult(asking, answers)
    return record_referral(
        referral=_referral(asking, answers, client_id, [adult]), by=asking.author.user, now=asking.now
    )


def _adult(asking: Asking, answers: Answers) -> Adult:
    said = answers["adult"]
    if said["adult"] != SOMEBODY_ELSE:
        return next(one.adult for one in asking.workers if str(one.adult_id) == said["adult"])
    return name_adult(
        home=asking.home,
        name=said["name"],
        title=said["title"],
        is_agency=said["is_agency"] == "yes",
        by=asking.author.user,
        now=asking.now,
    )


FLOW = Flow(
    stream=Stream.LADO,
    title="Record a LADO referral",
    choose="A concern about an adult (LADO referral)",
    hint="Somebody who works with children may have harmed a child, or may be a risk to children.",
    steps=(
        Step(
            "what",
            "What may the person have done?",
            ThresholdForm,
            warning="Do not question the worker first. Speak to the LADO before anybody asks them anything.",
        ),
        Step("adult", "Who is the person?", AdultForm),
        Step("who", "Which children does it concern?", LadoWhoForm),
        Step("when", "When did it happen, and when did you come to know?", WhenForm),
        Step("account", "In your own words", LadoAccountForm),
    ),
    duties=_duties,
    record=_record,
    facts=facts,
)
