"""Rules that need no statistics, and kinds that skip the provider: data that a safeguarding lead can read."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from oversight.escalation.models import Tier

REGULATIONS = "Children's Homes (England) Regulations 2015"


@dataclass(frozen=True)
class RecordRule:
    """A rule that one record sets off. It opens its own alert per record, on each picture named.

    provider_too: on the provider's picture as well, where the provider knows the record.
    """

    name: str
    kind: str
    version: int
    effective_from: date
    tier: Tier
    provider_too: bool
    title: str
    sentence: str
    legal_basis: str

    def explain(self) -> dict[str, str | int]:
        """The explanation of an alert that this rule opened."""
        return {
            "rule": self.name,
            "version": self.version,
            "sentence": self.sentence,
            "legal_basis": self.legal_basis,
        }


DEATH = RecordRule(
    name="death",
    kind="rule",
    version=1,
    effective_from=date(2015, 4, 1),
    tier=Tier.REGULATOR,
    provider_too=True,
    title="A child has died",
    sentence="A notification under regulation 40(1) says that a child has died.",
    legal_basis=f"{REGULATIONS}, reg 40(1)",
)
CONCERN = RecordRule(
    name="concern",
    kind="rule",
    version=1,
    effective_from=date(2015, 4, 1),
    tier=Tier.REGULATOR,
    provider_too=False,
    title="A visitor raised a significant concern",
    sentence="The independent person who visits the home has raised a significant concern.",
    legal_basis=f"{REGULATIONS}, reg 44(4); raised straight to those who oversee the home",
)
OPINION_NO = RecordRule(
    name="opinion_no",
    kind="rule",
    version=1,
    effective_from=date(2015, 4, 1),
    tier=Tier.REGULATOR,
    provider_too=True,
    title="A visitor's opinion: children are not safeguarded",
    sentence="The visitor's report gives the opinion that children are not effectively safeguarded.",
    legal_basis=f"{REGULATIONS}, reg 44(4)(a)",
)
WELL_BEING_NO = RecordRule(
    name="well_being_no",
    kind="rule",
    version=1,
    effective_from=date(2015, 4, 1),
    tier=Tier.REGULATOR,
    provider_too=True,
    title="A visitor's opinion: the home does not promote children's well-being",
    sentence="The visitor's report gives the opinion that the home does not promote children's well-being.",
    legal_basis=f"{REGULATIONS}, reg 44(4)(b)",
)
NO_VISIT = RecordRule(
    name="no_visit",
    kind="missing_report",
    version=1,
    effective_from=date(2015, 4, 1),
    tier=Tier.LOOK,
    provider_too=True,
    title="No visit this month",
    sentence="No visit of the independent person is recorded for the month, seven days after its end.",
    legal_basis=f"{REGULATIONS}, reg 44(1); the seven days are a setting",
)
NO_REPORT = RecordRule(
    name="no_report",
    kind="missing_report",
    version=1,
    effective_from=date(2015, 4, 1),
    tier=Tier.LOOK,
    provider_too=True,
    title="No report of the month's visit",
    sentence="The report of the month's visit is not here by the end of the month after the visit.",
    legal_basis=f"{REGULATIONS}, reg 44(7)",
)
RULES = {rule.name: rule for rule in (DEATH, CONCERN, OPINION_NO, WELL_BEING_NO, NO_VISIT, NO_REPORT)}

#: Names the month of a home for which a visit or report is missing, in place of a record's key.
_MONTHS = UUID("5b3f6f0e-6d0b-4d0a-9a57-3f6a1c2f4e11")

#: Kinds and patterns that question the home's own conduct or honesty: a person tells the provider, never the hub.
SKIPPING_KINDS = frozenset({"reconciliation", "contradiction", "silence", "person"})
SKIPPING_PATTERNS = frozenset(
    {
        "staff_conduct", "closed_culture", "reports_stop", "outside_voices", "staff_conduct_marked",
        "staff_conduct_mild", "closed_culture_concealed", "reports_stop_concealed", "concealment", "conduct_marks",
        "unmatched", "late", "same_adult",
    }
)  # fmt: skip


def skips_provider(kind: str, pattern: str) -> bool:
    """Whether an alert of this kind or pattern is kept from the provider even on the provider's own picture."""
    return kind in SKIPPING_KINDS or pattern in SKIPPING_PATTERNS


def for_opinions(safeguarded: str, well_being: str) -> RecordRule | None:
    """The one rule that a report's two opinions set off, the weightier first."""
    if safeguarded == "no":
        return OPINION_NO
    return WELL_BEING_NO if well_being == "no" else None


def for_incident(stream: str, detail: str) -> RecordRule | None:
    """The rule that a record of one of the five streams sets off."""
    return DEATH if stream == "reg40" and detail == "death" else None


def month_key(home: UUID, month: date) -> UUID:
    """What sets off the alert of a month in which something did not come: once per home and month."""
    return uuid5(_MONTHS, f"{home} {month:%Y-%m}")
