"""Every fault, by the part of the hub that it strikes."""

from faults.plans import worker
from faults.run import Plan

PLANS: tuple[Plan, ...] = worker.PLANS
