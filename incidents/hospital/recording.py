"""How a hospital referral is asked for and recorded."""

from uuid import UUID

from events.identity import new_id
from incidents.hospital.actions import Attendance, duties_of, record_attendance
from incidents.hospital.forms import HospitalAccountForm, HospitalWhoForm, WhereForm
from incidents.hospital.queries import facts
from incidents.record.actions import DutyOwed
from incidents.record.models import Incident, Stream
from incidents.recording.flow import Answers, Asking, Flow, Step
from incidents.recording.questions import WhenForm, happening, truth


def _attendance(asking: Asking, answers: Answers, client_id: UUID) -> Attendance:
    what, account = answers["what"], answers["account"]
    restrained = truth(account["restraint_within_72h"])
    return Attendance(
        happening=happening(
            asking,
            answers,
            client_id,
            restraint=restrained,
            harm=what["harm"] in ("harm", "crime"),
            crime=what["harm"] == "crime",
        ),
        attendance=what["attendance"],
        explanation=what["explanation"],
        moves_alone=truth(answers["who"]["moves_alone"]),
        restraint_within_72h=restrained,
        medicine_error=truth(account["medicine_error"]),
        delay_in_seeking_care=truth(account["delay_in_seeking_care"]),
        hospital_flagged=truth(account["hospital_flagged"]),
        follow_up=account["follow_up"],
    )


def _duties(asking: Asking, answers: Answers) -> list[DutyOwed]:
    return duties_of(_attendance(asking, answers, new_id()), by_provider=asking.author.by_provider)


def _record(asking: Asking, answers: Answers, client_id: UUID) -> Incident:
    return record_attendance(
        attendance=_attendance(asking, answers, client_id), by=asking.author.user, now=asking.now
    )


FLOW = Flow(
    stream=Stream.HOSPITAL,
    title="Record a hospital referral",
    choose="A child seen by a hospital, GP or ambulance",
    hint="An attendance, an admission or a referral about a child who lives at the home.",
    steps=(
        Step("what", "Where the child was seen", WhereForm),
        Step("who", "Which child was seen?", HospitalWhoForm),
        Step("when", "When did it happen, and when did you come to know?", WhenForm),
        Step("account", "In your own words", HospitalAccountForm),
    ),
    duties=_duties,
    record=_record,
    facts=facts,
)
