"""Alerts, the ladders that carry them to named people, and what each of those people did.

Told, seen, acknowledged and acted on are different facts in different tables.
"""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from events.fields import DatabaseMoment
from events.identity import new_id
from homes.models import AccessHome, Home, Organisation, Person, Post
from homes.roles import Picture


class Tier(models.TextChoices):
    LOOK = "look", "Look"
    ESCALATE = "escalate", "Escalate"
    REGULATOR = "regulator", "Urgent"


def places_for(user: UUID, now: datetime) -> models.QuerySet[Post, UUID]:
    """Authorities for which the person answers as placing authority, whether or not a child of theirs lives anywhere."""
    held = Post.objects.filter(user_id=user, role="placing_authority", starts_at__lte=now)
    in_force = held.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))
    return in_force.values_list("organisation_id", flat=True).distinct()


class AlertQuerySet(models.QuerySet["Alert"]):
    def visible_to(self, user: UUID, now: datetime) -> Self:
        """Alerts of the person's own picture (ARCHITECTURE, Two pictures); the provider's never a doubted kind."""
        access = AccessHome.objects.in_force(user, now)

        def homes(*pictures: Picture) -> models.QuerySet[Any, Any]:
            return access.filter(picture__in=pictures).values("home_id")

        def at(wanted: models.QuerySet[Any, Any]) -> Q:
            return Q(home_id__in=wanted) | Q(home__isnull=True, provider__homes__in=wanted)

        told = list(
            access.filter(picture__in=[Picture.LADO, Picture.ICB])
            .values_list("organisation_id", flat=True)
            .distinct()
        )
        placing = list(places_for(user, now))
        return self.filter(
            Q(picture="provider", skips_provider=False) & at(homes(Picture.PROVIDER))
            | Q(picture="overseers") & at(homes(Picture.REGULATOR, Picture.AUTHORITY))
            | Q(picture="overseers", told_ids__overlap=told)
            | Q(picture="overseers", placing_ids__overlap=placing)
        ).distinct()


class Alert(models.Model):
    """A reason to look at a home or a provider, on one picture; its evidence is in explanation and evidence.

    score and bar are in nats (natural logarithm of the evidence); empty for rules. explanation is what the
    assessment said when the alert last grew. told_ids: organisations told as LADO or as board; placing_ids: authorities
    told because they place children there, who keep this alert when their last child has left.
    """

    data_class = "personal"
    retention = "15 years after it ended"

    class State(models.TextChoices):
        OPEN = "open", "open"
        ACKNOWLEDGED = "acknowledged", "acknowledged"
        ACTED_ON = "acted_on", "acted on"
        CLOSED = "closed", "closed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    picture = models.CharField(max_length=10)
    scope = models.CharField(max_length=10)
    home = models.ForeignKey(Home, null=True, on_delete=models.PROTECT, related_name="alerts")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    pattern = models.CharField(max_length=30)
    tier = models.CharField(max_length=10, choices=Tier.choices)
    state = models.CharField(max_length=14, choices=State.choices, default=State.OPEN)
    skips_provider = models.BooleanField(default=False)
    told_ids = ArrayField(models.UUIDField(), default=list)
    placing_ids = ArrayField(models.UUIDField(), default=list)
    opened_at = models.DateTimeField()
    strengthened_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    raised_on = models.DateField()
    began_on = models.DateField(null=True, blank=True)
    score = models.FloatField(null=True, blank=True)
    bar = models.FloatField(null=True, blank=True)
    evidence = models.JSONField(default=list)
    explanation = models.JSONField(default=dict)
    set_off_by = models.UUIDField(null=True, blank=True)
    recorded_at = DatabaseMoment()

    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["picture", "home", "kind"],
                condition=Q(set_off_by__isnull=True, ended_at__isnull=True, home__isnull=False),
                name="one_open_alert_per_home_and_kind",
            ),
            models.UniqueConstraint(
                fields=["picture", "provider", "kind"],
                condition=Q(set_off_by__isnull=True, ended_at__isnull=True, home__isnull=True),
                name="one_open_alert_per_provider_and_kind",
            ),
            models.UniqueConstraint(
                fields=["picture", "set_off_by", "pattern"],
                condition=Q(set_off_by__isnull=False),
                name="one_alert_per_record_and_rule",
            ),
            models.CheckConstraint(
                condition=Q(picture__in=["provider", "overseers"]), name="alert_has_a_picture"
            ),
            models.CheckConstraint(
                condition=Q(scope="home", home__isnull=False) | Q(scope="provider", home__isnull=True),
                name="alert_scope_fits_its_home",
            ),
        ]
        indexes = [models.Index(fields=["home", "opened_at"], name="alert_by_home")]

    def __str__(self) -> str:
        return self.reference


class OfAlert(models.Model):
    """What belongs to an alert is read by those who may read the alert."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True


class Escalation(OfAlert):
    """An alert reaching a tier, and what it rested on at that moment.

    policy is the ladder as it stood then; later changes do not touch it. It is empty for a tier that was passed on
    the way to a higher one by the same assessment: nobody is told twice.
    """

    data_class = "none"
    retention = "with the alert"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tier = models.CharField(max_length=10, choices=Tier.choices)
    policy = models.JSONField()
    opened_at = models.DateTimeField()
    pattern = models.CharField(max_length=30)
    raised_on = models.DateField()
    began_on = models.DateField(null=True, blank=True)
    score = models.FloatField(null=True, blank=True)
    bar = models.FloatField(null=True, blank=True)
    evidence = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "tier"], name="one_escalation_per_tier")]


class Branch(OfAlert):
    """One organisation's own ladder: its answer stops this branch and no other, and its decision the branch's clock.

    due_at: when it climbs while it waits. Once acknowledged it waits until the answer's own decide_by.
    """

    data_class = "none"
    retention = "with the alert"

    class State(models.TextChoices):
        WAITING = "waiting", "waiting for an answer"
        ACKNOWLEDGED = "acknowledged", "acknowledged"
        DECIDED = "decided", "decided"
        OVERTAKEN = "overtaken", "a higher tier's ladder took over"
        LAPSED = "lapsed", "its authority's last child had left before anybody there was told"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    escalation = models.ForeignKey(Escalation, on_delete=models.PROTECT, related_name="branches")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    desk = models.CharField(max_length=20)
    state = models.CharField(max_length=14, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["escalation", "organisation", "desk"], name="one_branch_per_organisation"
            )
        ]
        indexes = [models.Index(fields=["due_at"], name="branch_waiting", condition=Q(state="waiting"))]

    def climbs_at(self) -> datetime:
        """When it climbs unless somebody answers, or decides, before."""
        return self.acknowledgement.decide_by if self.state == self.State.ACKNOWLEDGED else self.due_at


#: As Branch.climbs_at, in the database.
CLIMBS = models.Case(
    models.When(state=Branch.State.ACKNOWLEDGED, then=models.F("acknowledgement__decide_by")),
    default=models.F("due_at"),
)


class Step(OfAlert):
    """A rung reached on a branch: who was told then, and by when an answer is due.

    organisation: whose desk it is; the branch's own but for the regulator's desk at the end of another's ladder.
    """

    data_class = "none"
    retention = "with the alert"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="steps")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    desk = models.CharField(max_length=20)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["branch", "number"], name="step_once_per_branch")]


class Delivery(models.Model):
    """An e-mail owed to one mailbox. Its message_id never changes, so that a repeat can be recognised.

    turn_at: in whose order a mailbox's e-mails leave. The database gives it, as it does to handlings.

    carried_by: the delivery in whose e-mail this one leaves too, since one assessment owed both to the same
    mailbox. Each keeps its own row, so that each alert says what was sent, to whom and with what result.
    """

    data_class = "personal"
    retention = "with the alert"

    class State(models.TextChoices):
        OWED = "owed", "to be sent"
        SENT = "sent", "handed over"
        DEAD = "dead", "given up"
        BOUNCED = "bounced", "came back"

    class Purpose(models.TextChoices):
        MAIL = "mail", "an e-mail"
        HEARTBEAT = "heartbeat", "a heartbeat, tried once"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    step = models.ForeignKey(Step, null=True, on_delete=models.PROTECT, related_name="deliveries")
    alert = models.ForeignKey(Alert, null=True, on_delete=models.PROTECT, related_name="deliveries")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    address = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    message_id = models.CharField(max_length=120, unique=True)
    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.MAIL)
    carried_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="carries"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.OWED)
    owed_since = models.DateTimeField()
    not_before = DatabaseMoment()
    turn_at = DatabaseMoment()
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    bounce = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["sent", "bounced"], sent_at__isnull=False)
                | Q(state__in=["owed", "dead"], sent_at__isnull=True),
                name="sent_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(state="bounced", bounced_at__isnull=False)
                | ~Q(state="bounced") & Q(bounced_at__isnull=True),
                name="bounced_at_some_time",
            ),
        ]
        indexes = [
            models.Index(fields=["not_before"], name="delivery_owed", condition=Q(state="owed")),
            models.Index(
                fields=["lease_until"],
                name="delivery_in_hand",
                condition=Q(state="owed", lease_until__isnull=False),
            ),
        ]


class Attempt(models.Model):
    """One try to hand a delivery over, written before the try; result is filled in after it."""

    data_class = "none"
    retention = "with the delivery"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    started_at = DatabaseMoment()
    as_of = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="attempt_numbered_once")]


class Seen(OfAlert):
    """Somebody opened the alert's page, for the first time."""

    data_class = "personal"
    retention = "with the alert"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "by"], name="seen_first_once")]


class Acknowledgement(OfAlert):
    """A named, signed-in person says that they have read the alert and what they will do.

    decide_by: when a decision is due; without one the branch waits again and climbs.
    """

    data_class = "personal"
    retention = "with the alert"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    branch = models.OneToOneField(Branch, on_delete=models.PROTECT, related_name="acknowledgement")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=60)
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    decide_by = models.DateTimeField(db_index=True)


class OperatorAlarm(models.Model):
    """Something about the hub itself that its operator must put right; never about a child.

    monitor_told_at: when the outside monitor's failure address took it, by the database's clock.
    """

    data_class = "none"
    retention = "two years"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    monitor_told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True) | Q(cleared_by__isnull=False),
                name="alarm_cleared_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["kind", "about"],
                condition=Q(cleared_at__isnull=True),
                name="one_open_alarm_per_matter",
            ),
        ]
