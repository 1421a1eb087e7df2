"""Reaching a step of a branch: its row and the e-mails owed for it, in the transaction of whoever calls.

Called by actions only.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from events import deadlines
from events.clock import LONDON, london_day
from homes.models import DutyMailbox, Organisation, Post
from oversight.escalation import alarms, owing
from oversight.escalation.by_link import links
from oversight.escalation.by_link.models import LinkAnswer
from oversight.escalation.channels.email.wording import compose
from oversight.escalation.models import Acknowledgement, Alert, Branch, Step
from oversight.escalation.plans import BranchPlan, Plan, PlannedRung

OFFICE_OPENS, OFFICE_CLOSES = 9, 17


def open_step(
    *, alert: Alert, branch: Branch, plan: Plan, after: Step | None, due_from: datetime, now: datetime
) -> Step:
    """Tell the next desk that exists after step ``after`` (the first where None) and start its clock at ``due_from``.

    A desk without a mailbox alarms the operator and is passed over; where no desk has one, the step stands without
    an e-mail and the branch tries again when its time is up.
    """
    branch_plan = plan.branch(branch.organisation_id, branch.desk)
    rung, addresses = _reachable(alert, branch, branch_plan, after, plan.clock.by_night, now)
    step = Step.objects.create(
        alert=alert,
        branch=branch,
        number=after.number + 1 if after else 1,
        desk=rung.desk,
        organisation_id=rung.organisation_id,
        opened_at=now,
        due_at=plan.clock.due(due_from),
    )
    Branch.objects.filter(pk=branch.pk).update(due_at=step.due_at)
    following = branch_plan.from_rung(rung.desk)[0]
    answered = Acknowledgement.objects.filter(branch=branch).exists()
    offer = "" if answered else links.offer(rung, now)
    for address in addresses:
        subject, body = compose(alert, step, after, following, now, decide=answered, offer=offer)
        owing.owe(step=step, address=address, subject=subject, body=body, now=now)
    owing.prompt_delivery()
    return step


def _reachable(
    alert: Alert, branch: Branch, plan: BranchPlan, after: Step | None, by_night: bool, now: datetime
) -> tuple[PlannedRung, list[str]]:
    """The next rung that can be written to, and its addresses; else the next rung and nobody.

    A desk that said by link that it was reached is not written to again, as long as another is left.
    """
    rungs = plan.from_rung(after.desk if after else None)
    reached = set(
        LinkAnswer.objects.filter(delivery__step__branch=branch).values_list(
            "delivery__step__desk", flat=True
        )
    )
    rungs = [rung for rung in rungs if rung.desk not in reached] or rungs
    names = dict(
        Organisation.objects.filter(pk__in={rung.organisation_id for rung in rungs}).values_list("pk", "name")
    )
    strictness = (True, False) if by_night else (False,)
    for awake_only in strictness:
        for rung in rungs:
            addresses = _addresses(alert, rung, awake_only, now)
            if addresses:
                return rung, addresses
            what = "no_desk_awake" if awake_only else "no_mailbox"
            alarms.raise_alarm(
                kind=what, about=f"{names[rung.organisation_id]}, {rung.mailbox} desk", now=now
            )
    about = f"{names[branch.organisation_id]}, {alert.reference}"
    alarms.raise_alarm(kind="nobody_to_tell", about=about, now=now)
    return rungs[0], []


def _addresses(alert: Alert, rung: PlannedRung, awake_only: bool, now: datetime) -> list[str]:
    found = [
        *_mailboxes(rung.organisation_id, rung.mailbox, awake_only, now),
        *_holders(alert, rung.also, now),
    ]
    return list(dict.fromkeys(found))


def _mailboxes(organisation: UUID, desk: str, awake_only: bool, now: datetime) -> list[str]:
    """The desk's mailbox for this hour, else the one for all hours, else (unless awake_only) any of them."""
    boxes = dict(
        DutyMailbox.objects.filter(organisation_id=organisation, desk=desk).values_list("hours", "email")
    )
    hour = DutyMailbox.Hours.WORKING if in_office_hours(now) else DutyMailbox.Hours.OUT_OF_HOURS
    order: Sequence[str] = [hour, DutyMailbox.Hours.ALWAYS]
    if not awake_only:
        order = [*order, DutyMailbox.Hours.WORKING, DutyMailbox.Hours.OUT_OF_HOURS]
    return next(([boxes[hours]] for hours in order if hours in boxes), [])


def in_office_hours(now: datetime) -> bool:
    """From 9:00 to 17:00 in London on a working day."""
    local = now.astimezone(LONDON)
    return deadlines.is_working_day(london_day(now)) and OFFICE_OPENS <= local.hour < OFFICE_CLOSES


def _holders(alert: Alert, roles: Sequence[str], now: datetime) -> list[str]:
    """E-mail addresses of those who hold these posts at the alert's home, or at the provider as a whole."""
    if not roles:
        return []
    at = Q(home__isnull=True, organisation_id=alert.provider_id)
    at |= Q(home_id=alert.home_id) if alert.home_id else Q(home__provider_id=alert.provider_id)
    posts = Post.objects.filter(at, role__in=roles, starts_at__lte=now, user__is_active=True)
    in_force = posts.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))
    return [
        address for address in in_force.order_by("starts_at").values_list("user__email", flat=True) if address
    ]
