"""How a complaint is asked for and recorded."""

from uuid import UUID

from homes.models import Person
from incidents.complaints.actions import Complaint, record_complaint
from incidents.complaints.forms import NOBODY, ComplaintAccountForm, ComplaintWhoForm, WhoComplainsForm
from incidents.complaints.queries import facts
from incidents.record.actions import DutyOwed
from incidents.record.models import Incident, Stream
from incidents.recording.flow import Answers, Asking, Flow, Step
from incidents.recording.questions import WhenForm, happening


def _duties(asking: Asking, answers: Answers) -> list[DutyOwed]:
    return []


def _record(asking: Asking, answers: Answers, client_id: UUID) -> Incident:
    what, account = answers["what"], answers["account"]
    about = what.get("about_person") or NOBODY
    complaint = Complaint(
        happening=happening(asking, answers, client_id),
        complaint_type=what["complaint_type"],
        addressed_to_home=asking.author.by_provider or what["addressed_to_home"] == "yes",
        about_person=None if about == NOBODY else Person.objects.get(pk=about),
        wanted=account["wanted"],
        action_taken=account["action_taken"],
    )
    return record_complaint(complaint=complaint, by=asking.author.user, now=asking.now)


FLOW = Flow(
    stream=Stream.COMPLAINT,
    title="Record a complaint",
    choose="A complaint",
    hint="By a child, a parent, an authority or a neighbour.",
    steps=(
        Step("what", "About the complaint", WhoComplainsForm),
        Step("who", "Which children does it concern?", ComplaintWhoForm),
        Step("when", "When did it happen, and when did the complaint reach you?", WhenForm),
        Step("account", "In your own words", ComplaintAccountForm),
    ),
    duties=_duties,
    record=_record,
    facts=facts,
)
