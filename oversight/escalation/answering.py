"""Who may answer an alert, and for whom."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from homes.access import Capacity, NotAllowedError
from homes.models import AccessHome
from homes.roles import OVERSEERS, ROLES, Picture
from oversight.escalation.models import Alert, Branch, Escalation, Step, places_for
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
    # Whoever was told because a child of theirs lived there answers this alert when it has left; nothing else.
    kept = set(alert.placing_ids) & set(places_for(user, now)) if alert.picture == "overseers" else ()
    found |= {Capacity("placing_authority", Picture.AUTHORITY, organisation) for organisation in kept}
    if not found:
        raise NotAllowedError("no such alert")
    return sorted(
        found, key=lambda held: (not _acknowledges(held.role), held.role, str(held.organisation_id))
    )


def _acknowledges(role: str) -> bool:
    return role in ROLES and ROLES[role].acknowledges


def may_answer(alert: Alert, branch: Branch, user: UUID, now: datetime) -> Capacity:
    """In what capacity the person may answer for this branch. Raises NotAllowedError where there is none."""
    return role_for(standing(alert, user, now), branch, answerers(alert))


#: By escalation, organisation and desk of a branch: the posts that may answer there, by organisation.
Answerers = dict[tuple[UUID, UUID, str], dict[UUID, tuple[str, ...]]]


def answerers(alert: Alert) -> Answerers:
    """Who may answer each branch, as the ladders stood when their tier was reached.

    Another organisation's desk at the end of a ladder (the regulator's) answers from when it was told.
    """
    told = set(
        Step.objects.filter(alert=alert).values_list(
            "branch__escalation_id", "branch__organisation_id", "branch__desk", "organisation_id"
        )
    )
    found: Answerers = {}
    for escalation in Escalation.objects.filter(alert=alert):
        if escalation.policy:
            for planned in Plan.from_json(escalation.policy).branches:
                key = (escalation.pk, planned.organisation_id, planned.desk)
                roles = {planned.organisation_id: planned.answered_by}
                for rung in planned.rungs:
                    if (*key, rung.organisation_id) in told:
                        roles.setdefault(rung.organisation_id, rung.answered_by)
                found[key] = roles
    return found


def role_for(capacities: Sequence[Capacity], branch: Branch, allowed: Answerers) -> Capacity:
    """The capacity among these in which somebody may answer for the branch: its own organisation's first.

    Raises NotAllowedError where there is none.
    """
    roles = allowed.get((branch.escalation_id, branch.organisation_id, branch.desk), {})
    found = [
        held
        for held in capacities
        if held.organisation_id
        and held.role in roles.get(held.organisation_id, ())
        and _acknowledges(held.role)
    ]
    if not found:
        raise NotAllowedError("not for this organisation")
    return min(found, key=lambda held: held.organisation_id != branch.organisation_id)
