"""Organisations, homes, children, the adults who work with them, and who holds which post.

Every model states its data_class (none, personal, special) and its retention; tests/architecture walks them all.
"""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from guardian.models import UserObjectPermissionBase

from events.clock import london_day
from events.identity import new_id
from homes.consents.models import CaseConsent as CaseConsent
from homes.consents.models import ResponsibleBoard as ResponsibleBoard
from homes.history.models import Change as Change
from homes.looking.models import Look as Look
from homes.looking.models import Seal as Seal
from homes.looking.models import SealedLook as SealedLook
from homes.people.models import ApiToken as ApiToken
from homes.people.models import Invitation as Invitation
from homes.people.models import MailboxChange as MailboxChange
from homes.roles import ROLES, Kind, Picture

if TYPE_CHECKING:
    from collections.abc import Sequence


def end_after_start(name: str, starts: str = "starts_at", ends: str = "ends_at") -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gt": F(starts)}), name=name
    )


class Person(models.Model):
    """The name of somebody with an account, for all who may read what they did; the login is elsewhere."""

    data_class = "personal"
    retention = "as long as a record names them"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser, PermissionsMixin):
    """An account. Its key is also its Person's key, so that policies can compare the viewer with an author."""

    data_class = "personal"
    retention = "six years after the last post ended"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    username = models.CharField(max_length=60, unique=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    is_service = models.BooleanField(default=False)
    joined_at = models.DateTimeField()

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=F("person")), name="account_is_its_person")]

    def __str__(self) -> str:
        return self.username

    @property
    def name(self) -> str:
        return self.person.name

    def get_full_name(self) -> str:
        return self.person.name

    def get_short_name(self) -> str:
        return self.person.name


class Organisation(models.Model):
    """A provider, authority, regulator, board, hospital or body (PRODUCT, Who uses it)."""

    data_class = "none"
    retention = "permanent"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in Kind])
    part_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    takes_referrals_here = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="organisation_named_once")]

    def __str__(self) -> str:
        return self.name


class DutyMailbox(models.Model):
    """Where an organisation is told, by desk and hour, and the number to ring beside it."""

    data_class = "none"
    retention = "permanent"

    class Desk(models.TextChoices):
        DUTY = "duty", "duty desk"
        LADO = "lado", "LADO"
        SAFEGUARDING = "safeguarding", "safeguarding lead"
        SENIOR = "senior", "head of service"
        DIRECTOR = "director", "director"
        SOCIAL_CARE = "social_care", "children's social care"

    class Hours(models.TextChoices):
        ALWAYS = "always", "day and night"
        WORKING = "working", "working hours"
        OUT_OF_HOURS = "out_of_hours", "out of hours"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="mailboxes")
    desk = models.CharField(max_length=20, choices=Desk.choices)
    hours = models.CharField(max_length=20, choices=Hours.choices, default=Hours.ALWAYS)
    email = models.EmailField()
    phone = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "desk", "hours"], name="one_mailbox_per_desk_and_hours"
            )
        ]


class HomeQuerySet(models.QuerySet["Home"]):
    def visible_to(self, user: UUID, now: datetime, pictures: "Sequence[Picture] | None" = None) -> Self:
        """Homes that the person may open at ``now``, in any picture or in the given ones."""
        access = AccessHome.objects.in_force(user, now)
        if pictures is not None:
            access = access.filter(picture__in=pictures)
        return self.filter(pk__in=access.values("home_id"))


class Home(models.Model):
    """A residential children's home as registered, found by its URN.

    watched_from: the day from which the hub holds its records; time before it is unknown, not quiet.
    """

    data_class = "none"
    retention = "permanent"

    class HomeKind(models.TextChoices):
        HOME = "home", "Children's home"
        HOME_DISABILITY = "home_disability", "Children's home for disabled children"
        RESIDENTIAL_SCHOOL = "residential_school", "Residential special school"
        SHORT_BREAK = "short_break", "Short-break home"
        SECURE = "secure", "Secure children's home"
        OTHER = "other", "Other"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    urn = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=160)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="homes")
    kind = models.CharField(max_length=20, choices=HomeKind.choices, default=HomeKind.HOME)
    places = models.PositiveSmallIntegerField()
    town = models.CharField(max_length=80, blank=True)
    host_authority = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="hosted_homes"
    )
    icb = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="icb_homes")
    opened_on = models.DateField(null=True, blank=True)
    watched_from = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    objects = HomeQuerySet.as_manager()

    def has_closed(self, now: datetime) -> bool:
        """Whether the day on which it closed is over in London."""
        return self.closed_on is not None and london_day(now) > self.closed_on

    class Meta:
        constraints = [
            end_after_start("home_closes_after_opening", "opened_on", "closed_on"),
            models.CheckConstraint(condition=Q(places__gte=1), name="home_has_a_place"),
        ]

    def __str__(self) -> str:
        return self.name


class ChildQuerySet(models.QuerySet["Child"]):
    def visible_to(self, user: UUID, now: datetime) -> Self:
        """Children whom the person may see by name: through the child, or as the home's or regulator's person.

        The lead of a board knows by name those for whose health it is recorded to answer.
        """
        named = AccessChild.objects.in_force(user, now).values("child_id")
        homes = (
            AccessHome.objects.in_force(user, now)
            .filter(picture__in=[Picture.PROVIDER, Picture.REGULATOR, Picture.VISITOR])
            .values("home_id")
        )
        answered_for = boards_children(user, now)
        return self.filter(
            Q(pk__in=named) | Q(placements__home_id__in=homes) | Q(pk__in=answered_for)
        ).distinct()

    def case_open_to(self, user: UUID, now: datetime) -> Self:
        """Children whose case record the person may read; the visitor only with both consents (reg 44(2)(b))."""
        named = AccessChild.objects.in_force(user, now).values("child_id")
        near = AccessHome.objects.in_force(user, now).filter(
            picture__in=[Picture.PROVIDER, Picture.REGULATOR]
        )
        consented = Placement.objects.open_cases(user, now).values("child_id")
        allowed = Q(pk__in=named) | Q(placements__home_id__in=near.values("home_id")) | Q(pk__in=consented)
        return self.filter(allowed).distinct()

    def resident(self, home: UUID, now: datetime) -> Self:
        return self.filter(
            Q(placements__ends_at__isnull=True) | Q(placements__ends_at__gt=now),
            placements__home_id=home,
            placements__starts_at__lte=now,
        ).distinct()


class Child(models.Model):
    """A child or young person who lives or lived in a home; residents over 18 included (reg 1(2)(b))."""

    data_class = "special"
    retention = "75 years from birth; 15 years from death under 18 (reg 36)"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    initials = models.CharField(max_length=6)
    born_on = models.DateField(null=True, blank=True)
    communicates_by = models.CharField(max_length=200, blank=True)
    moves_alone = models.BooleanField(null=True, blank=True)

    objects = ChildQuerySet.as_manager()

    def __str__(self) -> str:
        return self.initials


def boards_children(user: UUID, now: datetime) -> "models.QuerySet[ResponsibleBoard, UUID]":
    """Keys of the children for whose health a board answers that the person leads, as a query."""
    boards = AccessHome.objects.in_force(user, now).filter(picture=Picture.ICB).values("organisation_id")
    return (
        ResponsibleBoard.objects.in_force(now).filter(board_id__in=boards).values_list("child_id", flat=True)
    )


class PlacementQuerySet(models.QuerySet["Placement"]):
    def visible_to(self, user: UUID, now: datetime) -> Self:
        """Who lives where: for the home's people, the regulator and the visitor, and through the child."""
        homes = AccessHome.objects.in_force(user, now).filter(
            picture__in=[Picture.PROVIDER, Picture.REGULATOR, Picture.VISITOR]
        )
        children = AccessChild.objects.in_force(user, now)
        return self.filter(
            Q(home_id__in=homes.values("home_id")) | Q(child_id__in=children.values("child_id"))
        )

    def in_force(self, now: datetime) -> Self:
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), starts_at__lte=now)

    def open_cases(self, user: UUID, now: datetime) -> Self:
        """Placements at homes that the person visits, with the child's and the placing authority's consent."""
        homes = AccessHome.objects.in_force(user, now).filter(picture=Picture.VISITOR).values("home_id")
        given = CaseConsent.objects.in_force(now).filter(placement=models.OuterRef("pk"))
        return self.in_force(now).filter(
            models.Exists(given.filter(whose=CaseConsent.Whose.CHILD)),
            models.Exists(given.filter(whose=CaseConsent.Whose.AUTHORITY)),
            home_id__in=homes,
        )


class Placement(models.Model):
    """A child living in a home, placed by an authority, from one moment to another (half open)."""

    data_class = "personal"
    retention = "with the child's record"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="placements")
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="placements")
    placing_authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="placements")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    miles = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        constraints = [end_after_start("placement_ends_after_start")]
        indexes = [models.Index(fields=["home", "starts_at"], name="placement_by_home")]


class Adult(models.Model):
    """A person who works with children; known across homes to LADO and regulator only.

    person is their account's person where they have one: whoever is the subject of a record never reads it.
    """

    data_class = "special"
    retention = "to normal retirement age, or 10 years if longer"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    person = models.OneToOneField(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="works_as"
    )

    def __str__(self) -> str:
        return self.name


class Employment(models.Model):
    """An adult working at a home, with dates (half open)."""

    data_class = "personal"
    retention = "with the adult's record"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    adult = models.ForeignKey(Adult, on_delete=models.PROTECT, related_name="employments")
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="employments")
    title = models.CharField(max_length=80)
    is_agency = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [end_after_start("employment_ends_after_start")]


class Post(models.Model):
    """A person holding a role at an organisation, or at one home of it, with dates (half open)."""

    data_class = "personal"
    retention = "six years after it ended"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="posts")
    home = models.ForeignKey(Home, null=True, blank=True, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=30, choices=[(key, role.title) for key, role in ROLES.items()])
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            end_after_start("post_ends_after_start"),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True, reviewed_at__isnull=True)
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
                name="post_reviewed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=["registered_manager", "deputy_manager", "staff", "records_holder"])
                | Q(home__isnull=False),
                name="post_in_a_home_names_it",
            ),
        ]


class Appointment(models.Model):
    """A visitor appointed to a home by its provider (reg 43), on the nomination of an independent body."""

    data_class = "personal"
    retention = "15 years"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="appointments")
    appointed_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    nominated_by = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [end_after_start("appointment_ends_after_start")]


class ChildRelation(models.Model):
    """A person with a tie to one child: allocated social worker, advocate, family; with dates."""

    data_class = "personal"
    retention = "with the child's record"

    class Capacity(models.TextChoices):
        SOCIAL_WORKER = "social_worker", "allocated social worker"
        ADVOCATE = "advocate", "advocate"
        FAMILY = "family", "family"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="child_relations")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="relations")
    capacity = models.CharField(max_length=20, choices=Capacity.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [end_after_start("child_relation_ends_after_start")]


class HomeGrant(UserObjectPermissionBase):
    """A right that no other fact explains (allocated inspector, cover, break-glass): dated, reasoned, signed.

    Read through the access tables only; guardian's own read shortcuts ignore the dates.
    """

    data_class = "personal"
    retention = "six years after it ended"

    content_object = models.ForeignKey(Home, on_delete=models.PROTECT, db_column="home_id")
    picture = models.CharField(max_length=12, choices=[(picture.value, picture.value) for picture in Picture])
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        unique_together = ()
        constraints = [end_after_start("grant_ends_after_start")]


class AccessQuerySet(models.QuerySet[models.Model]):
    def in_force(self, user: UUID, now: datetime) -> Self:
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), user_id=user, starts_at__lte=now)


class AccessHome(models.Model):
    """Projection: who may open which home, in what capacity and picture, from when to when.

    Written by the database function homes_access_project only.
    """

    data_class = "personal"
    retention = "rebuilt from the truths"

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    home = models.ForeignKey(Home, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.CASCADE, related_name="+")
    capacity = models.CharField(max_length=30)
    picture = models.CharField(max_length=12)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    objects = AccessQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["user"],
                include=["home", "picture", "starts_at", "ends_at"],
                name="access_home_by_user",
            )
        ]


class AccessChild(models.Model):
    """Projection: who may see which child by name, in what capacity, from when to when."""

    data_class = "personal"
    retention = "rebuilt from the truths"

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.CASCADE, related_name="+")
    capacity = models.CharField(max_length=30)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    objects = AccessQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["user"], include=["child", "starts_at", "ends_at"], name="access_child_by_user"
            )
        ]
