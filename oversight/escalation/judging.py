"""Setting off the rules that need no statistics: by a record, by a visitor's report or significant concern."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from events.clock import london_day
from homes.models import Home
from incidents.record import finding
from incidents.record.finding import FoundRecord
from oversight.escalation import rules
from oversight.escalation.actions import open_alert
from oversight.escalation.models import Alert
from oversight.escalation.rules import RecordRule
from oversight.visits.models import SignificantConcern, VisitReport


def judge_record(*, incident: UUID, now: datetime) -> list[Alert]:
    """Open what the record sets off: an alert of its own on the overseers' picture, and on the provider's where the
    provider may see the record. Doing it again opens nothing.
    """
    record = finding.by_id(incident)
    if record is None:
        return []
    rule = rules.for_incident(record.stream, record.detail)
    if rule is None:
        return []
    pictures = ["overseers", "provider"] if record.provider_sees and rule.provider_too else ["overseers"]
    return _open(rule, pictures, record.home_id, record.id, record.reference, _day(record), now)


def judge_report(*, visit: UUID, now: datetime) -> list[Alert]:
    """Open what the opinions of a visit's report set off: one alert per report, by the weightier opinion.

    A report that is itself the record of a significant concern (the same reference) opens the concern's alert only.
    """
    report = VisitReport.objects.select_related("visit").get(pk=visit)
    rule = rules.for_opinions(report.safeguarded, report.well_being)
    if rule is None or SignificantConcern.objects.filter(reference=report.reference).exists():
        return []
    pictures = ["overseers", "provider"] if rule.provider_too else ["overseers"]
    return _open(rule, pictures, report.home_id, visit, report.reference, report.visit.visited_on, now)


def judge_significant_concern(*, concern: UUID, now: datetime) -> list[Alert]:
    """Open the alert of a significant concern, straight to those who oversee the home; never to the provider."""
    raised = SignificantConcern.objects.select_related("visit").get(pk=concern)
    began = raised.visit.visited_on if raised.visit else london_day(raised.raised_at)
    return _open(rules.CONCERN, ["overseers"], raised.home_id, concern, raised.reference, began, now)


def _day(record: FoundRecord) -> date:
    return london_day(record.occurred_at)


def _open(
    rule: RecordRule,
    pictures: Iterable[str],
    home_id: UUID,
    set_off_by: UUID,
    reference: str,
    began_on: date,
    now: datetime,
) -> list[Alert]:
    home = Home.objects.select_related("provider").get(pk=home_id)
    opened = [
        open_alert(
            picture=picture,
            home=home,
            provider=home.provider,
            kind=rule.kind,
            pattern=rule.name,
            tier=rule.tier,
            raised_on=london_day(now),
            began_on=began_on,
            evidence=[reference],
            explanation=rule.explain(),
            set_off_by=set_off_by,
            now=now,
        )
        for picture in pictures
    ]
    return [alert for alert in opened if alert is not None]
