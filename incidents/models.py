"""Django looks here for the app's models; each lives in the package of its topic or stream."""

from incidents.complaints.models import ComplaintDetails
from incidents.hospital.models import HospitalDetails
from incidents.lado.models import LadoDetails, LadoOutcome
from incidents.record.models import (
    AdultInvolvement,
    Draft,
    Duty,
    Incident,
    IncidentTheme,
    Involvement,
    Submission,
)
from incidents.record.replies.models import Reply
from incidents.reg40.models import Reg40Details
from incidents.whistleblowing.models import WhistleblowingDetails

__all__ = [
    "AdultInvolvement",
    "ComplaintDetails",
    "Draft",
    "Duty",
    "HospitalDetails",
    "Incident",
    "IncidentTheme",
    "Involvement",
    "LadoDetails",
    "LadoOutcome",
    "Reg40Details",
    "Reply",
    "Submission",
    "WhistleblowingDetails",
]
