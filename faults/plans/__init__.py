"""Every fault, by the part of the hub that it strikes."""

from faults.plans import (
    access,
    broker,
    clock,
    controls,
    database,
    intake,
    mail,
    people,
    restore,
    standby,
    web,
    worker,
)
from faults.run import Plan

PLANS: tuple[Plan, ...] = (
    *web.PLANS,
    *worker.PLANS,
    *broker.PLANS,
    *database.PLANS,
    *mail.PLANS,
    *clock.PLANS,
    *people.PLANS,
    *intake.PLANS,
    *access.PLANS,
    *restore.PLANS,
    *standby.PLANS,
)
CONTROLS = controls.PLANS
