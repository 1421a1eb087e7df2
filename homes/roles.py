"""The posts that people hold, as data: what each is for, whose picture it sees, what it may record.

An auditor can read this table; docs/reference/access.md is generated from it.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Picture(StrEnum):
    """In whose picture of a home a person stands (ARCHITECTURE, Two pictures)."""

    PROVIDER = "provider"  # what the provider recorded, what was shared with it, its duties
    REGULATOR = "regulator"  # everything but a whistleblower's identity
    AUTHORITY = "authority"  # own children in full; of the rest the home's evidence by stream and month
    LADO = "lado"  # records with an allegation or an adult of concern
    ICB = "icb"  # counts only
    VISITOR = "visitor"  # outside records as questions to ask, except whistleblowing
    AUTHOR = "author"  # own records only
    CHILD = "child"  # one child, what that child or the authority allows
    VISITS = "visits"  # visitors and visits, no incident


OVERSEERS = (Picture.REGULATOR, Picture.AUTHORITY, Picture.LADO, Picture.ICB)


class Kind(StrEnum):
    """Kinds of organisation (PRODUCT, Who uses it)."""

    PROVIDER = "provider"
    LOCAL_AUTHORITY = "local_authority"
    REGULATOR = "regulator"
    ICB = "icb"
    HOSPITAL = "hospital"
    VISITOR_BODY = "visitor_body"
    ADVOCACY = "advocacy"
    FAMILY = "family"
    HUB = "hub"


@dataclass(frozen=True)
class Role:
    """A post: its key in the tables, its title for people, its kind of organisation, what it sees and records."""

    key: str
    title: str
    organisation: Kind
    picture: Picture | None
    description: str
    records: frozenset[str] = field(default_factory=frozenset)
    acknowledges: bool = False


_HOME_RECORDS = frozenset({"reg40", "lado", "hospital", "complaint", "view"})

ROLES: dict[str, Role] = {
    role.key: role
    for role in (
        Role("registered_manager", "Registered manager", Kind.PROVIDER, Picture.PROVIDER,
             "Runs one home; records what happens, tells those who must be told, answers for it.",
             _HOME_RECORDS, acknowledges=True),
        Role("deputy_manager", "Deputy manager", Kind.PROVIDER, Picture.PROVIDER,
             "Stands in for the registered manager.", _HOME_RECORDS, acknowledges=True),
        Role("staff", "Member of staff", Kind.PROVIDER, Picture.PROVIDER,
             "Works with the children of one home and records what happens.", _HOME_RECORDS),
        Role("responsible_individual", "Responsible individual", Kind.PROVIDER, Picture.PROVIDER,
             "Oversees every home of the provider.", _HOME_RECORDS, acknowledges=True),
        Role("records_holder", "Records holder of a closed home", Kind.PROVIDER, Picture.PROVIDER,
             "After a home has closed, reads what its provider could read until then; nothing newer. One person at a"
             " time, for 15 years (reg 36, 37)."),
        Role("visitor", "Visitor", Kind.VISITOR_BODY, Picture.VISITOR,
             "The independent person of regulation 44: visits each month and reports.", frozenset({"reg44", "view"})),
        Role("visitor_commissioner", "Commissioner of visitors", Kind.VISITOR_BODY, Picture.VISITS,
             "Nominates visitors and watches their independence."),
        Role("placing_authority", "Placing authority's commissioner", Kind.LOCAL_AUTHORITY, Picture.AUTHORITY,
             "Answers for the children whom the authority has placed.",
             frozenset({"complaint", "whistleblowing", "view"}), acknowledges=True),
        Role("social_worker", "Social worker", Kind.LOCAL_AUTHORITY, Picture.AUTHORITY,
             "Allocated to named children.", frozenset({"complaint", "view"})),
        Role("lado", "LADO", Kind.LOCAL_AUTHORITY, Picture.LADO,
             "Local authority designated officer for the homes of one area.",
             frozenset({"lado", "whistleblowing"}), acknowledges=True),
        Role("host_authority", "Host authority's safeguarding lead", Kind.LOCAL_AUTHORITY, Picture.AUTHORITY,
             "Oversees every home in the area.", frozenset({"whistleblowing", "lado"}), acknowledges=True),
        Role("icb_lead", "Integrated care board's safeguarding lead", Kind.ICB, Picture.ICB,
             "Oversees hospital referrals of the area.", acknowledges=True),
        Role("hospital_staff", "Hospital or community health staff", Kind.HOSPITAL, Picture.AUTHOR,
             "Adds a referral made about a resident.", frozenset({"hospital"})),
        Role("inspector", "Ofsted inspector", Kind.REGULATOR, Picture.REGULATOR,
             "Acts for the regulator: opens the evidence, acknowledges.",
             frozenset({"whistleblowing"}), acknowledges=True),
        Role("cqc_inspector", "CQC inspector", Kind.REGULATOR, Picture.REGULATOR,
             "Reads as Ofsted does, for joint inspection; records nothing."),
        Role("advocate", "Advocate", Kind.ADVOCACY, Picture.CHILD,
             "Helps named children to be heard.", frozenset({"view"})),
        Role("family", "Family", Kind.FAMILY, Picture.CHILD, "Family of a named child.", frozenset({"view"})),
        Role("administrator", "Administrator of the hub", Kind.HUB, None,
             "Keeps the list of homes and the hub running; sees no child."),
    )
}  # fmt: skip


def reads_only(role: str) -> bool:
    """Whether holders of the post neither record nor answer anything: a joint inspector, a records holder."""
    return role in ROLES and not (ROLES[role].records or ROLES[role].acknowledges)


PROVIDER_ROLES = tuple(key for key, role in ROLES.items() if role.picture is Picture.PROVIDER)

#: Posts that a responsible individual gives and ends in the provider's own homes; all others are the administrator's.
GIVEN_BY_PROVIDER = ("registered_manager", "deputy_manager", "staff", "records_holder")
#: Holders of these posts speak for their organisation's mailboxes.
KEEPS_MAILBOXES = (
    *(key for key, role in ROLES.items() if role.acknowledges),
    "visitor_commissioner",
    "hospital_staff",
    "cqc_inspector",
    "advocate",
)
#: Who may open a home in an emergency, and in which picture: that of their post.
BREAKS_GLASS = {
    "placing_authority": Picture.AUTHORITY,
    "social_worker": Picture.AUTHORITY,
    "host_authority": Picture.AUTHORITY,
    "lado": Picture.LADO,
    "icb_lead": Picture.ICB,
}
