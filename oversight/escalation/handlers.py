"""What escalation does when it is told of a fact. Run by the worker, at least once each, in any order."""

from datetime import datetime

from django.conf import settings

from events.relay import HandlingParked
from incidents.record.facts import IncidentRecorded, IncidentShared
from oversight.escalation import actions, alarms, judging
from oversight.escalation.facts import DeliveryGivenUp, NotTheRightPerson
from oversight.escalation.models import Delivery, Step
from oversight.visits.facts import SignificantConcernRaised, VisitReportFiled


def judge_incident(fact: IncidentRecorded, *, now: datetime) -> None:
    """A record of one of the five streams may set off a rule."""
    judging.judge_record(incident=fact.incident_id, now=now)


def judge_shared(fact: IncidentShared, *, now: datetime) -> None:
    """What is shared with the provider may set off a rule on the provider's picture too."""
    judging.judge_record(incident=fact.incident_id, now=now)


def judge_visit_report(fact: VisitReportFiled, *, now: datetime) -> None:
    """A visitor's opinion may set off a rule."""
    judging.judge_report(visit=fact.visit_id, now=now)


def judge_concern(fact: SignificantConcernRaised, *, now: datetime) -> None:
    """A significant concern goes straight to regulator, placing and host authorities."""
    judging.judge_significant_concern(concern=fact.concern_id, now=now)


def climb_past_the_wrong_person(fact: NotTheRightPerson, *, now: datetime) -> None:
    """The next desk is told at once, unless the branch has moved on meanwhile."""
    actions.climb_branch(branch=fact.branch_id, now=now, from_step=fact.step)


def alarm_on_delivery_given_up(fact: DeliveryGivenUp, *, now: datetime) -> None:
    """Tell the operator; where the step reached nobody, climb at once."""
    delivery = Delivery.objects.select_related("alert", "organisation").get(pk=fact.delivery_id)
    if delivery.alert is None:
        to_operator = delivery.address == settings.HUB_OPERATOR_MAIL
        kind = "operator_mail" if to_operator else "other_mail"
        alarms.raise_alarm(kind=kind, about=delivery.subject, mail=not to_operator, now=now)
        return
    step = Step.objects.get(deliveries=delivery)
    desk = f"{delivery.organisation}, {step.desk} desk, {delivery.alert.reference}"
    alarms.raise_alarm(kind="delivery_given_up", about=desk, now=now)
    if actions.undeliverable(delivery):
        actions.climb_branch(branch=step.branch_id, now=now, from_step=step.number)


def alarm_on_parked(fact: HandlingParked, *, now: datetime) -> None:
    """Tell the operator that a handler gave up on an event."""
    alarms.raise_alarm(kind="parked_handling", about=f"{fact.handler} on {fact.event_kind}", now=now)
