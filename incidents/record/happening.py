"""What somebody says happened, in any stream, before it becomes a record."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from events.identity import new_id
from homes.models import Adult, Home, Organisation
from incidents.record.actions import ChildPart, NewRecord
from incidents.record.models import Stream
from incidents.record.rights import Author


class CannotRecordError(ValueError):
    """The account cannot stand as told; field says which part, the text says what to do."""

    def __init__(self, field_name: str, words: str) -> None:
        super().__init__(words)
        self.field = field_name


@dataclass(frozen=True, kw_only=True)
class Happening:
    """occurred_at: when it happened (occurred_about: roughly); known_at: when the author's side came to know.

    client_id makes sending the same account twice one record.
    """

    home: Home
    occurred_at: datetime
    known_at: datetime
    occurred_about: bool = False
    narrative: str = ""
    severity: int | None = None
    restraint: bool | None = None
    children: Sequence[ChildPart] = ()
    adults: Sequence[Adult] = ()
    themes: Sequence[str] = ()
    harm: bool = False
    crime: bool = False
    client_id: UUID = field(default_factory=new_id)

    def check(self, now: datetime) -> None:
        """Raises CannotRecordError where the times run against each other or into the future."""
        if self.occurred_at > now:
            raise CannotRecordError("occurred_at", "The time it happened must be in the past")
        if self.known_at > now:
            raise CannotRecordError("known_at", "The time you came to know must be in the past")
        if self.known_at < self.occurred_at:
            raise CannotRecordError(
                "known_at", "You cannot have known of it before it happened. Change one of the times"
            )
        if self.severity is not None and not 1 <= self.severity <= 5:
            raise CannotRecordError("severity", "Severity is a number from 1 to 5")

    def as_record(
        self, stream: Stream, author: Author, *, shared_why: str = "", detail: str = ""
    ) -> NewRecord:
        """The shared record of this account as its author may make it."""
        for_whom = (
            Organisation.objects.filter(pk=author.organisation_id).first() if author.organisation_id else None
        )
        return NewRecord(
            home=self.home,
            stream=stream,
            occurred_at=self.occurred_at,
            occurred_about=self.occurred_about,
            known_at=self.known_at,
            source=author.source,
            by_provider=author.by_provider,
            recorded_for=for_whom,
            narrative=self.narrative,
            severity=self.severity,
            restraint=self.restraint,
            children=self.children,
            adults=self.adults,
            themes=self.themes,
            shared_why="" if author.by_provider else shared_why,
            detail=detail,
            client_id=self.client_id,
        )
