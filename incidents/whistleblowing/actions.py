"""Recording a disclosure that an agency received. Who spoke is never asked, and the home never reads it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from incidents.record.actions import save_record
from incidents.record.happening import CannotRecordError, Happening
from incidents.record.models import Incident, Stream
from incidents.record.rights import author
from incidents.whistleblowing.models import WhistleblowingDetails


@dataclass(frozen=True, kw_only=True)
class Disclosure:
    """One disclosure as the agency that received it records it. known_at is when the agency received it."""

    happening: Happening
    identity: str
    relation: str
    category: str
    about_manager: bool | None = None
    action_taken: str = ""


def record_disclosure(*, disclosure: Disclosure, by: UUID, now: datetime) -> Incident:
    """Record it. Raises NotAllowedError, CannotRecordError or AlreadyRecordedError."""
    happened = disclosure.happening
    who = author(by, happened.home, Stream.WHISTLEBLOWING, now)
    happened.check(now)
    for name, value, known in (
        ("identity", disclosure.identity, WhistleblowingDetails.Identity.values),
        ("relation", disclosure.relation, WhistleblowingDetails.Relation.values),
        ("category", disclosure.category, WhistleblowingDetails.Category.values),
    ):
        if value not in known:
            raise CannotRecordError(name, "Choose one of the answers")
    return save_record(
        new=happened.as_record(Stream.WHISTLEBLOWING, who),
        details=lambda incident: WhistleblowingDetails(
            incident=incident,
            identity=disclosure.identity,
            relation=disclosure.relation,
            category=disclosure.category,
            about_manager=disclosure.about_manager,
            action_taken=disclosure.action_taken,
        ),
        by=by,
        now=now,
    )
