"""Who acts in the demonstration: the people to sign in as, and the simulated ones who filled the past beside them."""

from collections.abc import Iterator
from dataclasses import dataclass

from hesley_hub.demo.country import (
    AUTHORITIES,
    HOMES,
    HOSPITAL_OF,
    HOSTS,
    MANAGERS_HOME,
    PROVIDERS,
    SECOND_HOME,
)
from hesley_hub.demo.names import full_name
from homes.roles import ROLES


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to sign in as: user name, name, role and organisation by key, the home where the role needs one."""

    username: str
    name: str
    role: str
    body: str
    urn: str = ""
    try_this: str = ""

    @property
    def title(self) -> str:
        """The post in words."""
        return ROLES[self.role].title


PEOPLE: tuple[DemoPerson, ...] = (
    DemoPerson(
        "manager", "Helen Marsh", "registered_manager", "alder", MANAGERS_HOME,
        "Record what this page suggests and see who is told.",
    ),
    DemoPerson(
        "manager2", "Cerys Pugh", "registered_manager", "larch", SECOND_HOME,
        "Look for Brackenfield House: for you it does not exist.",
    ),
    DemoPerson("staff", "Ben Castle", "staff", "alder", MANAGERS_HOME, "Record what happened on your shift."),
    DemoPerson(
        "ri", "Paul Denby", "responsible_individual", "alder", "", "Oversee every home of Alder Vale Care."
    ),
    DemoPerson(
        "visitor", "Ruth Adeyemi", "visitor", "visitors", MANAGERS_HOME,
        "File the visit report; raise a significant concern.",
    ),
    DemoPerson("commissioner", "Ruth Lane", "visitor_commissioner", "visitors", "", "Watch visits and visitors."),
    DemoPerson(
        "authority", "Fran Varley", "placing_authority", "northmoor", "",
        "See the homes where Northmoor's children live, and what it owes an answer to.",
    ),
    DemoPerson(
        "authority2", "Gita Rao", "placing_authority", "eastvale", "",
        "See that Northmoor's children are not named to Eastvale.",
    ),
    DemoPerson("socialworker", "Hal Brandt", "social_worker", "northmoor", MANAGERS_HOME, "Follow one child."),
    DemoPerson("lado", "Ines Whitlock", "lado", "calderbrook", "", "Record a referral and its outcome."),
    DemoPerson("host", "Jon Ashby", "host_authority", "calderbrook", "", "See every home in the area."),
    DemoPerson("icb", "Kim Lowe", "icb_lead", "calder_icb", "", "See hospital referrals of the area in counts."),
    DemoPerson(
        "hospital", "Lee Moss", "hospital_staff", "calder_royal", "", "Add a referral about a child in care."
    ),
    DemoPerson(
        "ofsted", "Mo Okafor", "inspector", "ofsted", "",
        "Follow the link in /demo/mail/, open the evidence, acknowledge.",
    ),
    DemoPerson("cqc", "Nia Bell", "cqc_inspector", "cqc", "", "Read what Ofsted reads."),
    DemoPerson("advocate", "Ola Quist", "advocate", "advocacy", MANAGERS_HOME, "Help a child to be heard."),
    DemoPerson("family", "Pat Hill", "family", "family", MANAGERS_HOME, "Give a view about your child's home."),
    DemoPerson("admin", "Quin Frost", "administrator", "hub", "", "Keep the list of homes; see no child."),
)  # fmt: skip
#: Those whose place is beside one child of `manager`'s home.
OF_ONE_CHILD = ("socialworker", "advocate", "family")


@dataclass(frozen=True)
class Simulated:
    """Somebody who acted in the simulated past and cannot sign in."""

    username: str
    name: str
    role: str
    body: str
    urn: str = ""


def simulated() -> Iterator[Simulated]:
    """One person for every post that the past needs and no demo person holds."""
    held = {(person.role, person.urn or person.body) for person in PEOPLE if person.role != "staff"}
    for number, (role, body, urn) in enumerate(_posts(), start=300):
        if (role, urn or body) not in held:
            name = full_name(number)
            yield Simulated(f"sim-{role.replace('_', '-')}-{urn or body}".lower(), name, role, body, urn)


def _posts() -> Iterator[tuple[str, str, str]]:
    for urn, spec in HOMES.items():
        yield "registered_manager", spec.provider, urn
    for provider in PROVIDERS:
        yield "responsible_individual", provider, ""
    for authority in AUTHORITIES:
        yield "placing_authority", authority, ""
    for authority in HOSTS:
        yield "lado", authority, ""
        yield "host_authority", authority, ""
    for board, hospital in HOSPITAL_OF.items():
        yield "icb_lead", board, ""
        yield "hospital_staff", hospital, ""


#: Visitors and the homes they are appointed to: `visitor` has the first three, seven others share the rest.
def visitor_of(urn: str) -> str:
    """The user name of the visitor of a home."""
    place = list(HOMES).index(urn)
    return "visitor" if place < 3 else f"sim-visitor-{place % 7 + 1}"


def simulated_visitors() -> list[Simulated]:
    """The visitors who cannot sign in."""
    return [
        Simulated(f"sim-visitor-{number}", full_name(800 + number), "visitor", "visitors")
        for number in range(1, 8)
    ]
