"""Whether whoever an e-mail waits for may still be told: rights follow the dates, in the queue too."""

from datetime import datetime

from django.db.models import Q

from homes.models import Home, Placement
from oversight.escalation.models import Delivery, Seen
from oversight.escalation.plans import homes_of


def may_lapse(delivery: Delivery) -> bool:
    """Whether it may be withheld at all. What a single record set off (a death ends the placement itself) never is."""
    return delivery.alert is not None and delivery.step_id is not None and delivery.alert.set_off_by is None


def lost_reason(delivery: Delivery, now: datetime) -> bool:
    """An authority whose last child left the home before anybody there was told, and which has no other tie to it.

    Whoever was told, or has opened the alert, keeps it and is written to until they answer.
    """
    alert, step, organisation = delivery.alert, delivery.step, delivery.organisation
    if alert is None or step is None or organisation is None or not may_lapse(delivery):
        return False
    if organisation.pk not in alert.placing_ids:
        return False
    homes: list[Home] = homes_of(alert)
    if any(home.host_authority_id == organisation.pk for home in homes):
        return False
    of_theirs = {"alert": alert, "organisation": organisation}
    handed_over = Delivery.objects.filter(sent_at__isnull=False, **of_theirs)
    if handed_over.exists() or Seen.objects.filter(**of_theirs).exists():
        return False
    opened_at = step.branch.escalation.opened_at
    theirs = Placement.objects.filter(home__in=[home.pk for home in homes], placing_authority=organisation)
    then = Q(ends_at__isnull=True) | Q(ends_at__gt=opened_at)
    had = theirs.filter(then, starts_at__lte=opened_at).exists()
    has = theirs.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), starts_at__lte=now).exists()
    return had and not has
