"""Loads the story into the hub, from the last day loaded to yesterday, through the actions that people's forms use.

Everything happens in one transaction, so that nobody sees a past half told and a ladder of 2024 never writes to anybody
today. Records are saved first, each at its own moment; then the days pass over them, with simulated people answering.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from events import outbox, relay
from events.clock import london_day
from events.deadlines import end_of_day, start_of_day
from events.models import Event
from hesley_hub.demo import voices
from hesley_hub.demo.answering import answer_and_climb
from hesley_hub.demo.cast import StoryCast
from hesley_hub.demo.facts import HistoryLoaded
from hesley_hub.demo.outcomes import Outcomes
from hesley_hub.demo.story import Story
from hesley_hub.demo.world import place_children, story_told
from hesley_hub.demo_mail.keeping import keep
from hesley_hub.replay.pouring import Days, Pourer
from homes.models import Home
from oversight.escalation.channels.email.sending import as_message
from oversight.escalation.claiming import one_mail
from oversight.escalation.models import Delivery
from oversight.matters import actions as matters
from oversight.risk import past
from oversight.risk.actions import assess_today
from oversight.risk.models import AssessedDay

Report = Callable[[int, int], None]  # done, of
A_DAY = timedelta(days=1)
#: Tables that a history fills.
GROWING = (
    *("incidents_incident", "incidents_involvement", "incidents_adultinvolvement", "incidents_ladodetails"),
    "incidents_ladooutcome",
    *("events_event", "events_handling", "oversight_visit", "oversight_visitreport", "voice_view"),
    *("oversight_alert", "oversight_branch", "oversight_step", "oversight_delivery", "oversight_escalation"),
    *("homes_accesshome", "homes_accesschild", "homes_placement", "homes_child", "homes_post"),
)
MAIL_SHOWN = timedelta(days=30)
WALK_WEIGHT = 4  # a day walked counts like so many records saved


def loaded_until() -> date | None:
    """The last day up to which the history stands; None before it was first loaded."""
    found = [
        date.fromisoformat(payload["until"])
        for payload in Event.objects.filter(kind=HistoryLoaded.kind).values_list("payload", flat=True)
    ]
    return max(found, default=None)


def due(now: datetime) -> bool:
    """Whether there are days to load before the one that `now` falls on."""
    until = loaded_until()
    return until is None or until < london_day(now) - A_DAY


def load(*, now: datetime, report: Report) -> int:
    """Bring the history to the end of yesterday; the number of days loaded."""
    told = story_told()
    until = loaded_until()
    first = told.starts_on if until is None else until + A_DAY
    last = london_day(now) - A_DAY
    if first > last:
        report(1, 1)
        return 0
    token = outbox.prompts.set(False)
    try:
        with past.loading_a_past(), transaction.atomic():
            _load(told, first, last, now, report)
        assess_today(now=now)
    finally:
        outbox.prompts.reset(token)
    _keep_mail(since=max(first, last - MAIL_SHOWN))
    report(1, 1)
    return (last - first).days + 1


def _load(told: Story, first: date, last: date, now: datetime, report: Report) -> None:
    place_children(told, since=max(first - A_DAY, told.evening), until=last)
    days = Days.of(told.records, first, last)
    span = (last - first).days + 1
    total = days.count() + WALK_WEIGHT * span
    done = _save(told, first, last, days, lambda saved: report(saved, total))
    walk_from = _first_to_walk(first)

    def each_day(day: date, moment: datetime) -> None:
        answer_and_climb(moment)
        if day.day % 10 == 0:
            _settle()
            report(done + WALK_WEIGHT * (day - first).days, total)

    if walk_from <= last:
        past.walk_days(first=walk_from, last=last, each_day=each_day, keep_on=[last])
    for home in Home.objects.all():
        matters.propose(home=home, now=end_of_day(last))
    outbox.record(HistoryLoaded(until=last), by=None, now=now)
    _settle()


def _save(told: Story, first: date, last: date, days: Days, saved: Callable[[int], None]) -> int:
    pourer = Pourer(StoryCast(told))
    outcomes = Outcomes()
    done = 0
    day = first
    while day <= last:
        pourer.pour(day, days.visits.get(day, []), days.records.get(day, []))
        outcomes.decide(day, pourer.take_saved())
        voices.hear(told, day)
        done += len(days.visits.get(day, [])) + len(days.records.get(day, []))
        if day.day % 10 == 0 or (day - first).days == 3:
            _settle()
            saved(done)
        day += A_DAY
    relay.drain_whole(now=start_of_day(last), until=end_of_day(last))  # what the last day's decisions set off
    return done


def _keep_mail(since: date) -> None:
    """Put the latest e-mails of the simulated past where the demonstration shows its mail."""
    recent = Delivery.objects.filter(
        owed_since__gte=start_of_day(since),
        sent_at__isnull=False,
        alert__isnull=False,
        carried_by__isnull=True,
    )
    for mail in recent.order_by("owed_since", "id").prefetch_related("carries"):
        out = one_mail([mail, *mail.carries.all()])
        keep(as_message(out, mail.sent_at or mail.owed_since).as_bytes())


def _first_to_walk(first: date) -> date:
    """The day after the last that was assessed: a hub that ran over midnight has assessed some of these days."""
    assessed = AssessedDay.objects.order_by("-day").values_list("day", flat=True).first()
    return max(first, assessed + A_DAY) if assessed else first


def _settle() -> None:
    """Check now what is checked at the end otherwise, so that a long load does not gather millions of checks.

    And count rows: the planner knows nothing of tables filled by an open transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")
        cursor.execute(f"analyze {', '.join(GROWING)}")
