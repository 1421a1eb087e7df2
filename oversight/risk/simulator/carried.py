"""What is known of a home beside its records: marks that a `Record` has no field for, as plain frozen data.

A record carries a child's and an adult's key, severity, one theme, how many recommendations a visit made and repeated,
and whether an injury followed a restraint. It has no field for which recommendation was repeated, for an injury that no
record of a stream tells of, for who worked in the home, or for a change of manager or recording system. Those stand
here, by home, in the shapes in which the engine can take them: days, keys and references to records.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One recommendation in the report of a visit; the same `key` again at a later visit is the same one, still open."""

    key: str
    visit: str  # reference of the visit's record
    repeated: bool


@dataclass(frozen=True, slots=True)
class RestraintInjury:
    """An injury that followed a restraint. `reference` names the record whose `restraint` is set for it, or is empty."""

    on: date
    reference: str


@dataclass(frozen=True, slots=True)
class Employment:
    """An adult who worked in the home from `starts_on` up to, not including, `ends_on`."""

    adult: str
    starts_on: date
    ends_on: date | None
    agency: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """What the home told of a LADO or hospital event within the time for it.

    `reference` is the event's record. `by` is `reg40`, with that record's reference in `notice`; `referral` where the
    event's record is the home's own; or empty where the home gave no notice. `noticed_on` goes with `by`.
    """

    reference: str
    by: str
    notice: str
    noticed_on: date | None


@dataclass(frozen=True, slots=True)
class Marks:
    """One home's marks beside its records, each in order of days.

    `notices` is empty where notices cannot be linked to events: then nothing is known of missing ones. `changes` are the
    days of a new manager or recording system.
    """

    urn: str
    recommendations: tuple[Recommendation, ...] = ()
    injuries: tuple[RestraintInjury, ...] = ()
    employments: tuple[Employment, ...] = ()
    notices: tuple[Notice, ...] = ()
    changes: tuple[date, ...] = ()
