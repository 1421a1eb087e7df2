"""The recorded streams, each by one line: a new stream is a folder and a line here."""

from collections.abc import Mapping

from incidents.complaints.recording import FLOW as COMPLAINT
from incidents.hospital.recording import FLOW as HOSPITAL
from incidents.lado.recording import FLOW as LADO
from incidents.recording.flow import Flow
from incidents.reg40.recording import FLOW as REG40
from incidents.whistleblowing.recording import FLOW as WHISTLEBLOWING

#: In the order in which streams stand everywhere.
FLOWS: Mapping[str, Flow] = {
    flow.stream.value: flow for flow in (REG40, LADO, WHISTLEBLOWING, COMPLAINT, HOSPITAL)
}
