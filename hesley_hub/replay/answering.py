"""Simulated people answer alerts under a virtual clock, and ladders climb where they do not."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from homes.access import NotAllowedError
from homes.models import Post
from oversight.escalation import actions, answering
from oversight.escalation.models import Branch

A_MINUTE = timedelta(minutes=1)
Moment = Callable[[Branch], datetime | None]
Note = Callable[[Branch, datetime], str]


def answer(now: datetime, moment_of: Moment, note: Note) -> None:
    """Let everybody answer whose moment has come by `now`; None as a moment is silence."""
    for branch in _waiting(now):
        at = moment_of(branch)
        if at is not None and at <= now:
            _answer(branch, at, note)


def climb(now: datetime) -> None:
    """Take every branch that is overdue at `now` to its next step, a minute after its time was up."""
    overdue = actions.overdue(now)
    while overdue:
        for branch in Branch.objects.filter(pk__in=overdue).select_related("acknowledgement"):
            actions.climb_branch(branch=branch.pk, now=branch.climbs_at() + A_MINUTE)
        overdue = actions.overdue(now)


def _waiting(now: datetime) -> Iterable[Branch]:
    return (
        Branch.objects.filter(
            state=Branch.State.WAITING, escalation__opened_at__lte=now, acknowledgement__isnull=True
        )
        .select_related("alert__home", "escalation", "organisation")
        .order_by("escalation__opened_at", "organisation__name", "desk")
    )


def _answer(branch: Branch, at: datetime, note: Note) -> None:
    person = _answerer(branch, at)
    if person is None:
        return
    # Whose last child left the home meanwhile answered while it was still there.
    for moment in (at, branch.escalation.opened_at):
        try:
            _acknowledge(branch, person, moment, note)
        except NotAllowedError:
            continue
        return


def _acknowledge(branch: Branch, person: UUID, at: datetime, note: Note) -> None:
    actions.mark_seen(alert=branch.alert, by=person, now=at)
    actions.acknowledge(alert=branch.alert, branch=branch, note=note(branch, at), by=person, now=at)


def _answerer(branch: Branch, at: datetime) -> UUID | None:
    """Who holds a post that may answer: at the home where there is such a post, else at the organisation."""
    alert = branch.alert
    key = (branch.escalation_id, branch.organisation_id, branch.desk)
    roles = answering.answerers(alert).get(key, {}).get(branch.organisation_id, ())
    posts = Post.objects.filter(
        organisation_id=branch.organisation_id, role__in=roles, starts_at__lte=at, ends_at__isnull=True
    )
    here = posts.filter(home=alert.home) if alert.home else posts.filter(home__isnull=True)
    found = here.first() or posts.filter(home__isnull=True).first()
    return found.user_id if found else None
