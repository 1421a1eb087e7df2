"""Loaded into every process of a hub under test, and into no other hub: faster clocks, and a control where one is asked for."""

import os
from datetime import datetime, timedelta
from importlib import import_module

from django.apps import AppConfig

#: Seconds that stand for an hour and for a working day of an answer's time: four hours are 24 seconds.
SECONDS_FOR_AN_HOUR = 6
SECONDS_FOR_A_WORKING_DAY = 12
CONTROL = "HUB_FAULTS_CONTROL"


class FaultsConfig(AppConfig):
    name = "faults"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from events import deadlines

        deadlines.after_hours = after_hours
        deadlines.after_working_days = after_working_days
        control = os.environ.get(CONTROL, "")
        if control:
            import_module(f"faults.controls.{control}").put_in()


def after_hours(moment: datetime, hours: float) -> datetime:
    """In place of the product's: an hour takes six seconds."""
    return moment + timedelta(seconds=hours * SECONDS_FOR_AN_HOUR)


def after_working_days(moment: datetime, days: int) -> datetime:
    """In place of the product's: a working day takes twelve seconds, weekends none."""
    return moment + timedelta(seconds=days * SECONDS_FOR_A_WORKING_DAY)
