"""What a timeline shows: lanes of marks, alerts as pins, actions as flags; and the same in words."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Literal

from oversight.dashboards.charts.axis import month_firsts
from oversight.dashboards.charts.drawing import day_words
from oversight.dashboards.charts.marks import Mark
from oversight.dashboards.charts.palette import LEVEL_WORD

#: Above this many records a lane of the wide drawing shows months as bars, since marks would only smear.
MOST_MARKS = 240


@dataclass(frozen=True)
class Visit:
    """A Reg 44 visit, a visit with concerns, or a month without one (its last day)."""

    on: date
    kind: Literal["visit", "concerns", "missing"] = "visit"


@dataclass(frozen=True)
class Lane:
    """One stream. A lane of visits has `visits` and no marks."""

    name: str
    marks: tuple[Mark, ...] = ()
    visits: tuple[Visit, ...] = ()
    is_visits: bool = False

    @property
    def told(self) -> int:
        return sum(not mark.outside for mark in self.marks)

    @property
    def outside(self) -> int:
        return sum(mark.outside for mark in self.marks)

    @property
    def missing(self) -> int:
        return sum(visit.kind == "missing" for visit in self.visits)


@dataclass(frozen=True)
class Pin:
    """An alert: its level (usual to urgent, or quiet), name, first day, estimated start, and when one answered."""

    number: int
    level: str
    name: str
    on: date
    since: date | None = None
    answered: date | None = None


@dataclass(frozen=True)
class Action:
    """Something done, in a few words."""

    on: date
    words: str


@dataclass(frozen=True)
class TimelineData:
    """Days from start to end; the lanes in the fixed order of the streams."""

    title: str
    start: date
    end: date
    lanes: tuple[Lane, ...]
    pins: tuple[Pin, ...] = ()
    actions: tuple[Action, ...] = ()


def unanswered_days(pin: Pin, end: date) -> int:
    """Days in which nobody answered, up to the end of the drawing."""
    return max(((pin.answered or end) - pin.on).days, 0)


def unanswered_words(pin: Pin, end: date) -> str:
    """8 days unanswered; empty where it was answered on the day."""
    days = unanswered_days(pin, end)
    return f"{days} day{'' if days == 1 else 's'} unanswered" if days else ""


def lane_counts(lane: Lane) -> tuple[str, str, str]:
    """What the home told, what only others told, and what is missing, as the words under a lane's name."""
    if lane.is_visits:
        held = len(lane.visits) - lane.missing
        missing = f"{lane.missing} missing" if lane.missing else ""
        return f"{held} visit{'' if held == 1 else 's'}", "", missing
    return f"{lane.told} told", f"{lane.outside} only outside" if lane.outside else "", ""


def described(data: TimelineData) -> str:
    """The drawing in words, for those who hear it."""
    parts = [f"{day_words(data.start)} to {day_words(data.end)}."]
    for lane in data.lanes:
        told = ", ".join(part for part in lane_counts(lane) if part)
        parts.append(f"{lane.name}: {told}.")
    for pin in data.pins:
        waited = unanswered_words(pin, data.end)
        level = LEVEL_WORD.get(pin.level, pin.level)
        parts.append(
            f"Alert {pin.number}, {pin.name}, {level}, {day_words(pin.on)}{', ' + waited if waited else ''}."
        )
    parts += [f"{day_words(action.on)}: {action.words}." for action in data.actions]
    return " ".join(parts)


def month_starts(data: TimelineData) -> list[date]:
    """The first of each month that the drawing touches, the month of its start included."""
    return list(month_firsts(data.start.replace(day=1), data.end))


def per_month(lane: Lane, months: list[date], outside: bool) -> list[int]:
    """Records of one side of a lane, month by month."""
    found = Counter((mark.on.year, mark.on.month) for mark in lane.marks if mark.outside == outside)
    return [found[(month.year, month.month)] for month in months]
