"""Clocks as lists show them: what is owed, by whom, how late or by when. Each has due_at, to be sorted by."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from events.clock import LONDON, london_day
from incidents.record.overview import OpenDuty
from oversight.dashboards.queries import AlertRow, Answer, Owed
from oversight.dashboards.wording import day_words, days_words, pattern_words

Clock = dict[str, Any]


def by_when(due: datetime, now: datetime) -> Clock:
    """How late, or by when: 5 days late; 3 h late; Today, 17:00; 29 Nov, 6 days."""
    local = due.astimezone(LONDON)
    found: Clock = {"due_at": due, "late": due < now}
    if due < now:
        late = now - due
        hours = int(late.total_seconds() // 3600)
        found["by"] = (
            f"{days_words(late.days)} late" if late.days else f"{hours} h late" if hours else "Due now"
        )
        return found
    days = (london_day(due) - london_day(now)).days
    found["by"] = f"{local.day} {local:%b}, {days_words(days)}" if days else f"Today, {local:%H:%M}"
    return found


def duty_clock(duty: OpenDuty, now: datetime) -> Clock:
    """Somebody whom the home must tell."""
    return by_when(duty.due_at, now) | {
        "what": f"Tell {duty.who}",
        "who": f"{duty.reference}. {duty.legal_basis}",
        "href": f"/incidents/{duty.reference}/",
    }


def answer_clock(alert: AlertRow, answer: Answer, now: datetime) -> Clock:
    """An organisation that has not answered an alert."""
    return by_when(answer.due_at, now) | {
        "what": f"Acknowledge: {pattern_words(alert.pattern).lower()}",
        "who": f"{answer.organisation}. Alert {alert.reference}",
        "href": f"/alerts/{alert.reference}/",
    }


def owed_clocks(owed: Sequence[Owed], now: datetime) -> list[Clock]:
    """Alerts that the viewer's own organisation has not answered, with the way to answer."""
    return [
        by_when(one.due_at, now)
        | {
            "what": f"{'Decide' if one.decides else 'Acknowledge'}: {pattern_words(one.pattern).lower()} at {one.home}",
            "who": f"Told {day_words(one.opened_at)}. Alert {one.reference}",
            "href": f"/alerts/{one.reference}/",
            "do": "Decide" if one.decides else "Answer",
            "do_href": f"/alerts/{one.reference}/{'decide/' if one.decides else '#acknowledge'}",
        }
        for one in owed
    ]
