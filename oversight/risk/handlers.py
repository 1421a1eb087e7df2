"""Handlers."""

from datetime import datetime

from events.registry import Fact


def assess_home_on_incident(fact: Fact, *, now: datetime) -> None:
    """To be written."""


def assess_home_on_sharing(fact: Fact, *, now: datetime) -> None:
    """To be written."""


def assess_home_on_withdrawal(fact: Fact, *, now: datetime) -> None:
    """To be written."""


def assess_home_on_report(fact: Fact, *, now: datetime) -> None:
    """To be written."""
