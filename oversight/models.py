"""Django looks here for the app's models; each lives in the package of its topic."""

from oversight.escalation.by_link.models import LinkAnswer
from oversight.escalation.deciding.models import Closing, Decision, Outcome, ProviderTold
from oversight.escalation.models import (
    Acknowledgement,
    Alert,
    Attempt,
    Branch,
    Delivery,
    Escalation,
    OperatorAlarm,
    Seen,
    Step,
)
from oversight.heartbeat.models import Heartbeat
from oversight.matters.models import Matter, MatterLink
from oversight.risk.models import AssessedDay, Assessment, Calibration, Episode, HomeMonth, QuarterFit
from oversight.visits.models import Recommendation, SignificantConcern, Visit, VisitDraft, VisitReport

__all__ = [
    "Acknowledgement",
    "Alert",
    "AssessedDay",
    "Assessment",
    "Attempt",
    "Branch",
    "Calibration",
    "Closing",
    "Decision",
    "Delivery",
    "Episode",
    "Escalation",
    "Heartbeat",
    "HomeMonth",
    "LinkAnswer",
    "Matter",
    "MatterLink",
    "OperatorAlarm",
    "Outcome",
    "ProviderTold",
    "QuarterFit",
    "Recommendation",
    "Seen",
    "SignificantConcern",
    "Step",
    "Visit",
    "VisitDraft",
    "VisitReport",
]
