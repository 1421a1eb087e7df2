"""Handlers."""

from datetime import datetime

from events.registry import Fact


def judge_incident(fact: Fact, *, now: datetime) -> None:
    """To be written."""


def judge_visit_report(fact: Fact, *, now: datetime) -> None:
    """To be written."""


def judge_concern(fact: Fact, *, now: datetime) -> None:
    """To be written."""


def alarm_on_delivery_given_up(fact: Fact, *, now: datetime) -> None:
    """To be written."""


def alarm_on_parked(fact: Fact, *, now: datetime) -> None:
    """To be written."""
