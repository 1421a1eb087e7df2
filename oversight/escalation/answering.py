"""Who may answer an alert, and for whom."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from homes.access import Capacity, NotAllowedError
from homes.models import AccessHome
from homes.roles import OVERSEERS, ROLES, Picture
from oversight.escalation.models import Alert, Branch, Escalation
from oversight.escalation.plans import Plan


def standing(alert: Alert, user: UUID, now: datetime) -> list[Capacity]:
    """In what capacities the person may read this alert: those of its picture, those that may answer first.

    Raises NotAllowedError where there is none.
    """
    if not Alert.objects.visible_to(user, now).filter(pk=alert.pk).exists():
        raise NotAllowedError("no such alert")
    at = Q(home_id=alert.home_id) if alert.home_id else Q(home__provider_id=alert.provider_id)
    pictures: Sequence[Picture] = (Picture.PROVIDER,) if alert.picture == "provider" else OVERSEERS
    rows = AccessHome.objects.in_force(user, now).filter(at, picture__in=pictures)
    found = {
        Capacity(role, Picture(picture), organisation)
        for role, picture, organisation in rows.values_list("capacity", "picture", "organisation_id")
    }
    if not found:
        raise NotAllowedError("no such alert")
    return sorted(
        found, key=lambda held: (not _acknowledges(held.role), held.role, str(held.organisation_id))
    )


def _acknowledges(role: str) -> bool:
    return role in ROLES and ROLES[role].acknowledges


def may_answer(alert: Alert, branch: Branch, user: UUID, now: datetime) -> str:
    """The role in which the person may answer for this branch. Raises NotAllowedError where there is none."""
    return role_for(standing(alert, user, now), branch, answerers(alert))


def answerers(alert: Alert) -> dict[tuple[UUID, UUID, str], tuple[str, ...]]:
    """Roles that may answer, by escalation, organisation and desk, as the ladders stood when their tier was reached."""
    found = {}
    for escalation in Escalation.objects.filter(alert=alert):
        if escalation.policy:
            for planned in Plan.from_json(escalation.policy).branches:
                found[escalation.pk, planned.organisation_id, planned.desk] = planned.answered_by
    return found


def role_for(
    capacities: Sequence[Capacity],
    branch: Branch,
    allowed: dict[tuple[UUID, UUID, str], tuple[str, ...]],
) -> str:
    """The role among these capacities that may answer for the branch. Raises NotAllowedError where none may."""
    roles = allowed.get((branch.escalation_id, branch.organisation_id, branch.desk), ())
    for held in capacities:
        if held.organisation_id == branch.organisation_id and held.role in roles and _acknowledges(held.role):
            return held.role
    raise NotAllowedError("not for this organisation")
