"""A small world with a known cast, for tests of who may do what.

Asha manages Elm House (Alder Vale Care), Ben works there, Dan is its responsible individual; Cerys manages Oak House
(another provider) and must see nothing of Elm. Efe visits Elm. Fran places for Northmoor, Gita for Eastvale; Hal is
Northmoor's social worker for Rowan. Ines is the LADO and Jon the safeguarding lead of the host, Calderbrook. Kim leads
the integrated care board, Lee works at its hospital. Mo is Ofsted's inspector, Nia CQC's. Ola is an advocate, Pat
Rowan's mother, Quin the administrator. Children: Rowan (Northmoor) and Sky (Eastvale) at Elm, Tam (Northmoor) at Oak.
Rowan and Northmoor have consented that Efe reads Rowan's case record; nobody was asked about Sky's.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import connection

from homes.models import (
    Adult,
    Appointment,
    CaseConsent,
    Child,
    ChildRelation,
    DutyMailbox,
    Employment,
    Home,
    Organisation,
    Person,
    Placement,
    Post,
    User,
)

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=1200)


@dataclass
class Cast:
    """The world built by ``build``; people by first name in lower case."""

    now: datetime = NOW
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    elm: Home = field(init=False)
    oak: Home = field(init=False)
    rowan: Child = field(init=False)
    sky: Child = field(init=False)
    tam: Child = field(init=False)
    worker: Adult = field(init=False)

    def __getattr__(self, name: str) -> User:
        try:
            return self.__dict__["people"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(name) from None


ORGANISATIONS = {
    "alder": ("Alder Vale Care", "provider"),
    "larch": ("Larch Homes", "provider"),
    "northmoor": ("Northmoor Council", "local_authority"),
    "eastvale": ("Eastvale Council", "local_authority"),
    "calderbrook": ("Calderbrook Council", "local_authority"),
    "ofsted": ("Ofsted", "regulator"),
    "cqc": ("Care Quality Commission", "regulator"),
    "icb": ("Calder Integrated Care Board", "icb"),
    "body": ("Independent Visitors Trust", "visitor_body"),
    "advocacy": ("Plain Voices", "advocacy"),
    "family": ("Family", "family"),
    "hub": ("Hesley Hub", "hub"),
}
PEOPLE = {
    "asha": ("Asha Rahman", "registered_manager", "alder", "elm"),
    "ben": ("Ben Castle", "staff", "alder", "elm"),
    "dan": ("Dan Denby", "responsible_individual", "alder", None),
    "cerys": ("Cerys Pugh", "registered_manager", "larch", "oak"),
    "fran": ("Fran Varley", "placing_authority", "northmoor", None),
    "gita": ("Gita Rao", "placing_authority", "eastvale", None),
    "hal": ("Hal Brandt", "social_worker", "northmoor", None),
    "ines": ("Ines Whitlock", "lado", "calderbrook", None),
    "jon": ("Jon Ashby", "host_authority", "calderbrook", None),
    "kim": ("Kim Lowe", "icb_lead", "icb", None),
    "lee": ("Lee Moss", "hospital_staff", "hospital", None),
    "mo": ("Mo Okafor", "inspector", "ofsted", None),
    "nia": ("Nia Bell", "cqc_inspector", "cqc", None),
    "efe": ("Efe Adeyemi", "visitor", "body", None),
    "rut": ("Ruth Lane", "visitor_commissioner", "body", None),
    "ola": ("Ola Quist", "advocate", "advocacy", None),
    "pat": ("Pat Hill", "family", "family", None),
    "quin": ("Quin Frost", "administrator", "hub", None),
}
DESKS = ("duty", "lado", "safeguarding", "senior", "director", "social_care")


def build(now: datetime = NOW) -> Cast:
    """Build the cast as the owner; call it inside ``owner()``. In few statements: every other test begins with it."""
    cast = Cast(now=now)
    start = now - timedelta(days=1200)
    _organisations(cast)
    _homes(cast)
    _people(cast, start)
    _children(cast, start)
    return cast


def _organisations(cast: Cast) -> None:
    every = {key: Organisation(name=name, kind=kind) for key, (name, kind) in ORGANISATIONS.items()}
    every["hospital"] = Organisation(name="Calder Royal Infirmary", kind="hospital", part_of=every["icb"])
    Organisation.objects.bulk_create(every.values())
    cast.organisations = every
    DutyMailbox.objects.bulk_create(
        DutyMailbox(organisation=organisation, desk=desk, email=f"{desk}@{key}.example", phone="01632 960114")
        for key, organisation in every.items()
        for desk in DESKS
    )


def _homes(cast: Cast) -> None:
    area = {
        "town": "Calderbrook",
        "host_authority": cast.organisations["calderbrook"],
        "icb": cast.organisations["icb"],
    }
    cast.elm = Home(urn="DEMO001", name="Elm House", provider=cast.organisations["alder"], places=5, **area)
    cast.oak = Home(urn="DEMO002", name="Oak House", provider=cast.organisations["larch"], places=4, **area)
    Home.objects.bulk_create([cast.elm, cast.oak])


def _people(cast: Cast, start: datetime) -> None:
    homes = {"elm": cast.elm, "oak": cast.oak, None: None}
    for username, (name, *_) in PEOPLE.items():
        person = Person(name=name)
        email = f"{username}@cast.example"
        user = User(id=person.pk, person=person, username=username, email=email, joined_at=start)
        user.set_password(f"cast-{username}")
        cast.people[username] = user
    Person.objects.bulk_create(user.person for user in cast.people.values())
    User.objects.bulk_create(cast.people.values())
    Post.objects.bulk_create(
        Post(
            user=cast.people[username],
            role=role,
            organisation=cast.organisations[organisation],
            home=homes[home],
            starts_at=start,
        )
        for username, (_, role, organisation, home) in PEOPLE.items()
    )


def _children(cast: Cast, start: datetime) -> None:
    cast.rowan = Child(name="Rowan Hill", initials="RH", moves_alone=True)
    cast.sky = Child(name="Sky Marsh", initials="SM")
    cast.tam = Child(name="Tam Reed", initials="TR")
    Child.objects.bulk_create([cast.rowan, cast.sky, cast.tam])
    placements = Placement.objects.bulk_create(
        Placement(
            child=child, home=home, placing_authority=cast.organisations[authority], starts_at=start, miles=90
        )
        for child, home, authority in (
            (cast.rowan, cast.elm, "northmoor"),
            (cast.sky, cast.elm, "eastvale"),
            (cast.tam, cast.oak, "northmoor"),
        )
    )
    ChildRelation.objects.bulk_create(
        ChildRelation(user=cast.people[user], child=cast.rowan, capacity=capacity, starts_at=start)
        for user, capacity in (("hal", "social_worker"), ("ola", "advocate"), ("pat", "family"))
    )
    consented = next(one for one in placements if one.child_id == cast.rowan.pk)
    CaseConsent.objects.bulk_create(
        CaseConsent(
            placement=consented,
            whose=whose,
            spoken_by=name,
            given_at=start,
            recorded_by_id=cast.people["hal"].pk,
        )
        for whose, name in (("child", "Rowan Hill"), ("authority", "Hal Brandt"))
    )
    cast.worker = Adult.objects.create(name="Wes Carter")
    Employment.objects.create(adult=cast.worker, home=cast.elm, title="Support worker", starts_at=start)
    Appointment.objects.create(
        user=cast.people["efe"],
        home=cast.elm,
        appointed_by=cast.organisations["alder"],
        nominated_by=cast.organisations["body"],
        starts_at=start,
    )
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
