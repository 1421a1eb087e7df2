"""Whose looks somebody may read: their own people's, and looks at the children they are responsible for."""

from dataclasses import dataclass
from uuid import UUID

#: Holders of these posts read the looks of everybody in their organisation.
FOR_ORGANISATION = (
    "responsible_individual",
    "placing_authority",
    "host_authority",
    "lado",
    "icb_lead",
    "inspector",
    "visitor_commissioner",
    "administrator",
)
#: Holders of these posts read the looks of their organisation's people at the one home.
FOR_HOME = ("registered_manager",)
#: In these capacities somebody answers for a child, and reads every look at it. The home's own people read only
#: those of their own organisation: that others looked would tell them of records they are not shown.
FOR_CHILD = ("placing_authority", "social_worker")


@dataclass(frozen=True)
class Responsible:
    """What follows from a person's posts and ties at one moment, as keys."""

    organisations: tuple[UUID, ...] = ()
    at_homes: tuple[UUID, ...] = ()
    homes: tuple[UUID, ...] = ()
    children: tuple[UUID, ...] = ()
