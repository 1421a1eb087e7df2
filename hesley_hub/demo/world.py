"""Seeds the demonstration's people and places. Seeding a seeded world renews nothing but the passwords."""

import os
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from events import world
from events.clock import london_day
from events.deadlines import start_of_day
from hesley_hub.demo import story
from hesley_hub.demo.consents import Arrival, agree
from hesley_hub.demo.country import (
    AUTHORITIES,
    BODIES,
    HOMES,
    HOSPITAL_OF,
    ICB_OF,
    MAILBOXES,
    MANAGERS_HOME,
)
from hesley_hub.demo.keys import key
from hesley_hub.demo.names import full_name, initials
from hesley_hub.demo.people import (
    OF_ONE_CHILD,
    PEOPLE,
    DemoPerson,
    Simulated,
    simulated,
    simulated_visitors,
    visitor_of,
)
from homes.models import (
    Adult,
    Appointment,
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
from oversight.risk import engine

BEFORE = timedelta(days=60)  # posts, appointments and employments began before the story does
PASSWORD_FOR_ALL = "HUB_DEMO_PASSWORD"  # noqa: S105 - the name of a variable
COMMUNICATES = (
    *(
        "speech",
        "speech and Makaton",
        "picture exchange (PECS)",
        "communication book",
        "objects of reference",
    ),
    *("talking mats", "speech, best with a visual timetable", "voice output aid"),
)


def seed(*, now: datetime) -> tuple[DemoPerson, ...]:
    """Mark this database a demonstration and fill it; the people to sign in as."""
    world.mark(world.DEMO)
    with transaction.atomic():
        if not Home.objects.filter(urn=MANAGERS_HOME).exists():
            yesterday = london_day(now) - timedelta(days=1)
            _fill(story.tell(story.first_day(yesterday)))
        _set_passwords()
    return PEOPLE


def story_told() -> story.Story:
    """The story that this world was seeded with."""
    home = Home.objects.get(urn=MANAGERS_HOME)
    if home.watched_from is None:
        raise ValueError(f"{MANAGERS_HOME} has no first day")
    return story.tell(home.watched_from)


def password_of(username: str) -> str:
    """The password of a demo person: the one for all where the launcher gave one."""
    return os.environ.get(PASSWORD_FOR_ALL) or f"demo-{username}"


def _set_passwords() -> None:
    """Passwords are set together, so where one holds, all do: a start need not check eighteen slow hashes."""
    users = list(User.objects.filter(username__in=[person.username for person in PEOPLE]))
    if not users or users[0].check_password(password_of(users[0].username)):
        return
    texts = {user.username: password_of(user.username) for user in users}
    hashes = {text: make_password(text) for text in set(texts.values())}
    for user in users:
        user.password = hashes[texts[user.username]]
    User.objects.bulk_update(users, ["password"])


def _fill(told: story.Story) -> None:
    began = start_of_day(told.starts_on)
    _organisations()
    _homes(told.starts_on)
    _accounts([*PEOPLE, *simulated(), *simulated_visitors()], began - BEFORE)
    _adults(told.homes, began - BEFORE)
    place_children(told, since=date.min, until=told.evening)
    _appointments(began - BEFORE)
    _beside_one_child(told)


def _organisations() -> None:
    Organisation.objects.bulk_create(
        Organisation(
            id=key("organisation", body.key),
            name=body.name,
            kind=body.kind.value,
            part_of_id=key("organisation", body.part_of) if body.part_of else None,
        )
        for body in BODIES
    )
    DutyMailbox.objects.bulk_create(
        DutyMailbox(
            organisation_id=key("organisation", body.key),
            desk=desk,
            hours=hours,
            email=f"{mailbox}@{body.key.replace('_', '-')}.example",
            phone=f"01632 960{100 + number:03d}",
        )
        for number, body in enumerate(BODIES)
        for desk, hours, mailbox in MAILBOXES.get(body.kind, ())
    )


def _homes(starts_on: date) -> None:
    Home.objects.bulk_create(
        Home(
            id=key("home", urn),
            urn=urn,
            name=spec.name,
            provider_id=key("organisation", spec.provider),
            kind=spec.kind,
            places=spec.places,
            town=spec.town,
            host_authority_id=key("organisation", spec.host),
            icb_id=key("organisation", ICB_OF[spec.host]),
            opened_on=starts_on - timedelta(days=900 + 37 * number),
            watched_from=starts_on,
        )
        for number, (urn, spec) in enumerate(HOMES.items())
    )


def _accounts(people: Sequence[DemoPerson | Simulated], starts_at: datetime) -> None:
    Person.objects.bulk_create(Person(id=key("person", one.username), name=one.name) for one in people)
    users = []
    for one in people:
        user = User(
            id=key("person", one.username),
            person_id=key("person", one.username),
            username=one.username,
            email=f"{one.username}@{one.body.replace('_', '-')}.example",
            joined_at=starts_at,
        )
        user.set_unusable_password()
        users.append(user)
    User.objects.bulk_create(users)
    Post.objects.bulk_create(
        Post(
            user_id=key("person", one.username),
            role=one.role,
            organisation_id=key("organisation", one.body),
            home_id=key("home", one.urn) if one.role in ("registered_manager", "staff") else None,
            starts_at=starts_at,
        )
        for one in people
    )


def _adults(homes: Sequence[engine.Home], starts_at: datetime) -> None:
    staff = [
        (home.urn, f"{home.urn}-A{number:03d}")
        for home in homes
        for number in range(home.places * story.STAFF_PER_BED)
    ]
    Adult.objects.bulk_create(
        Adult(id=key("adult", adult), name=full_name(1000 + number))
        for number, (_, adult) in enumerate(staff)
    )
    Employment.objects.bulk_create(
        Employment(
            id=key("employment", adult),
            adult_id=key("adult", adult),
            home_id=key("home", urn),
            title=("Support worker", "Senior support worker", "Night worker")[number % 3],
            is_agency=number % 11 == 0,
            starts_at=starts_at,
        )
        for number, (urn, adult) in enumerate(staff)
    )


def authority_of(placement: engine.Placement) -> str:
    """The key of the authority that placed a child. At `manager`'s home both placing authorities have children."""
    number = int(placement.placing_authority.rpartition(" ")[2])
    if placement.urn == MANAGERS_HOME:
        child = int(placement.child.rpartition("C")[2])
        return ("northmoor", "eastvale", "ashmere", "northmoor", "harrowdale")[child % 5]
    return AUTHORITIES[number % len(AUTHORITIES)]


def place_children(told: story.Story, *, since: date, until: date) -> None:
    """Children who move in after `since` and not after `until`, and the end of stays that ended meanwhile."""
    arriving = [one for one in told.placements if since < one.starts_on <= until]
    numbers = {one.child: number for number, one in enumerate(told.placements)}
    Child.objects.bulk_create(_child(one, numbers[one.child]) for one in arriving)
    Placement.objects.bulk_create(
        Placement(
            id=key("placement", one.child),
            child_id=key("child", one.child),
            home_id=key("home", one.urn),
            placing_authority_id=key("organisation", authority_of(one)),
            starts_at=start_of_day(one.starts_on),
            ends_at=_left(one, until),
            miles=round(one.miles or 0),
        )
        for one in arriving
    )
    agree(_arrival(one) for one in arriving)
    leaving = [one for one in told.placements if one.starts_on <= since and _left(one, until)]
    for one in leaving:
        Placement.objects.filter(pk=key("placement", one.child), ends_at__isnull=True).update(
            ends_at=_left(one, until)
        )


def _arrival(one: engine.Placement) -> Arrival:
    authority = authority_of(one)
    return Arrival(
        one, authority, holder("placing_authority", authority), holder("registered_manager", one.urn)
    )


def _left(placement: engine.Placement, until: date) -> datetime | None:
    if placement.ends_on is None or placement.ends_on > until:
        return None
    return start_of_day(placement.ends_on)


def _child(placement: engine.Placement, number: int) -> Child:
    name = full_name(number)
    return Child(
        id=key("child", placement.child),
        name=name,
        initials=initials(name),
        born_on=placement.starts_on - timedelta(days=365 * (9 + number % 8) + 11 * (number % 29)),
        communicates_by=COMMUNICATES[number % len(COMMUNICATES)],
        moves_alone=number % 6 != 0,
    )


def _appointments(starts_at: datetime) -> None:
    Appointment.objects.bulk_create(
        Appointment(
            user_id=key("person", visitor_of(urn)),
            home_id=key("home", urn),
            appointed_by_id=key("organisation", spec.provider),
            nominated_by_id=key("organisation", "visitors"),
            starts_at=starts_at,
        )
        for urn, spec in HOMES.items()
    )


def child_of_helpers(told: story.Story) -> engine.Placement:
    """The child of `manager`'s home whom the social worker, the advocate and the family of the demo know."""
    return next(
        one
        for one in reversed(told.placements)
        if one.urn == MANAGERS_HOME
        and authority_of(one) == "northmoor"
        and one.starts_on <= told.evening
        and (one.ends_on is None or one.ends_on > told.evening + timedelta(days=120))
    )


def _beside_one_child(told: story.Story) -> None:
    placement = child_of_helpers(told)
    ChildRelation.objects.bulk_create(
        ChildRelation(
            user_id=key("person", username),
            child_id=key("child", placement.child),
            capacity=role,
            starts_at=start_of_day(placement.starts_on),
        )
        for username, role in ((one.username, one.role) for one in PEOPLE if one.username in OF_ONE_CHILD)
    )


def hospital_near(urn: str) -> str:
    """The user name of the hospital's simulated (or demo) person for a home."""
    hospital = HOSPITAL_OF[ICB_OF[HOMES[urn].host]]
    return holder("hospital_staff", hospital)


def holder(role: str, place: str) -> str:
    """The user name of who holds a role at an organisation or home."""
    for person in PEOPLE:
        if person.role == role and place in (person.urn, person.body) and person.username != "staff":
            return person.username
    return f"sim-{role.replace('_', '-')}-{place}".lower()
