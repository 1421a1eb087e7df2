"""The records and the marks beside them of one drawn home."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from oversight.risk.engine.records import SOURCES, Record
from oversight.risk.simulator.carried import (
    Employment,
    Marks,
    Notice,
    Recommendation,
    RestraintInjury,
)
from oversight.risk.simulator.drawing import NOBODY, Drawn
from oversight.risk.simulator.mark_rates import THEMES
from oversight.risk.simulator.plans import Plan
from oversight.risk.simulator.rates import STREAMS_RECORDED
from oversight.risk.simulator.visiting import OPINIONS
from oversight.risk.simulator.weeks import HOSPITAL, LADO

_NOTICE, _VISIT = -1, -2  # in place of an event's stream in the order of records


@dataclass(frozen=True, slots=True)
class _Row:
    """A record to be: the day, the stream's name, what it tells of (event or visit) and as what."""

    day: int
    stream: str
    index: int
    as_what: int


def marked_records(drawn: Drawn, plan: Plan) -> tuple[list[Record], Marks]:
    """One home's records in order of days, and its marks beside them."""
    if plan.marks is None:
        raise ValueError("a plan without marks")
    rows = _rows(drawn)
    adults = _adult_keys(drawn)
    maker = _Maker(drawn, plan.starts_on, adults)
    urn = drawn.course.home.urn
    records = [maker.record(f"{urn}-{number + 1:05d}", row) for number, row in enumerate(rows)]
    by_row = {(row.as_what, row.index): one for row, one in zip(rows, records, strict=True)}
    injuries = _injuries(drawn, plan.starts_on, records, plan.marks.rates.injuries.carried_within_days)
    flagged = {one.reference for one in injuries if one.reference}
    records = [replace(one, restraint=True) if one.reference in flagged else one for one in records]
    marks = Marks(
        urn=urn,
        recommendations=_recommendations(drawn, by_row),
        injuries=injuries,
        employments=_employments(drawn, plan, adults),
        notices=_notices(drawn, by_row) if drawn.linkable else (),
        changes=tuple(plan.starts_on + timedelta(days=day) for day in drawn.changes.tolist()),
    )
    return records, marks


def _rows(drawn: Drawn) -> list[_Row]:
    events, seen = drawn.events, drawn.visits
    rows = [
        _Row(day, STREAMS_RECORDED[stream], index, stream)
        for index, (day, stream) in enumerate(zip(events.day.tolist(), events.stream.tolist(), strict=True))
    ]
    apart = 0 if drawn.linkable else 1
    rows.extend(
        _Row(int(events.day[index]) + apart, "reg40", index, _NOTICE)
        for index in np.flatnonzero(events.notified).tolist()
    )
    rows.extend(_Row(day, "reg44", index, _VISIT) for index, day in enumerate(seen.day.tolist()))
    return sorted(rows, key=lambda row: (row.day, row.stream, row.as_what, row.index))


class _Maker:
    """Turns rows into records."""

    def __init__(self, drawn: Drawn, starts_on: date, adults: dict[int, str]) -> None:
        self._linkable = drawn.linkable
        self._starts_on = starts_on
        self._urn = drawn.course.home.urn
        self._visits = drawn.visits
        events = drawn.events
        named = zip(events.adult.tolist(), events.keyed.tolist(), strict=True)
        self._adult = [adults[adult] if keyed else "" for adult, keyed in named]
        self._child = [drawn.children[child] for child in events.child.tolist()]
        self._theme = [(THEMES[theme],) for theme in events.theme.tolist()]
        self._source = [SOURCES[source] for source in events.source.tolist()]
        self._own = list(zip(events.severity.tolist(), events.delay.tolist(), strict=True))
        self._notice = list(zip(events.notice_severity.tolist(), events.notice_delay.tolist(), strict=True))

    def record(self, reference: str, row: _Row) -> Record:
        """The record of a row."""
        on = self._starts_on + timedelta(days=row.day)
        if row.as_what == _VISIT:
            return self._visit(reference, row.index, on)
        notice = row.as_what == _NOTICE
        severity, delay = (self._notice if notice else self._own)[row.index]
        keyed = self._linkable or not notice
        return Record(
            reference=reference,
            urn=self._urn,
            stream=row.stream,
            occurred_on=on,
            recorded_on=on + timedelta(days=delay),
            source="home" if notice else self._source[row.index],
            child=self._child[row.index] if keyed else "",
            adult=self._adult[row.index] if keyed else "",
            severity=severity,
            themes=self._theme[row.index],
        )

    def _visit(self, reference: str, index: int, on: date) -> Record:
        return Record(
            reference=reference,
            urn=self._urn,
            stream="reg44",
            occurred_on=on,
            recorded_on=on + timedelta(days=int(self._visits.lag[index])),
            source="visitor",
            detail=OPINIONS[int(self._visits.opinion[index])],
            recommendations=len(self._visits.asked[index]),
            repeated=int(self._visits.repeated[index]),
        )


def _adult_keys(drawn: Drawn) -> dict[int, str]:
    """A key for everybody who worked in the home or is named: staff A, agency T."""
    urn, first = drawn.course.home.urn, drawn.staff.agency_from()
    until = drawn.course.done.shape[0] * 7
    numbers = {number for number, _, _ in drawn.staff.worked(until)}
    numbers.update(one for one in drawn.events.adult.tolist() if one != NOBODY)
    staff = sorted(number for number in numbers if number < first)
    agency = sorted(number for number in numbers if number >= first)
    keys = {number: f"{urn}-A{place + 1:03d}" for place, number in enumerate(staff)}
    keys.update({number: f"{urn}-T{place + 1:03d}" for place, number in enumerate(agency)})
    keys[NOBODY] = ""
    return keys


def _injuries(
    drawn: Drawn, starts_on: date, records: list[Record], within: int
) -> tuple[RestraintInjury, ...]:
    """Every injury, with the nearest record of the home's own that can carry it and carries no other."""
    able = [one for one in records if one.stream in ("reg40", "hospital") and one.source == "home"]
    taken: set[str] = set()
    found: list[RestraintInjury] = []
    for day in drawn.injuries.tolist():
        on = starts_on + timedelta(days=day)
        near = [
            (abs((one.occurred_on - on).days), one.reference)
            for one in able
            if one.reference not in taken and abs((one.occurred_on - on).days) <= within
        ]
        reference = min(near)[1] if near else ""
        taken.add(reference)
        found.append(RestraintInjury(on, reference))
    return tuple(found)


def _recommendations(drawn: Drawn, by_row: dict[tuple[int, int], Record]) -> tuple[Recommendation, ...]:
    urn = drawn.course.home.urn
    found: list[Recommendation] = []
    for index, (asked, repeated) in enumerate(
        zip(drawn.visits.asked, drawn.visits.repeated.tolist(), strict=True)
    ):
        visit = by_row[_VISIT, index].reference
        found.extend(
            Recommendation(f"{urn}-R{number:03d}", visit, place < repeated)
            for place, number in enumerate(asked)
        )
    return tuple(found)


def _employments(drawn: Drawn, plan: Plan, keys: dict[int, str]) -> tuple[Employment, ...]:
    first, starts_on = drawn.staff.agency_from(), plan.starts_on
    until = drawn.course.done.shape[0] * 7
    worked = sorted(drawn.staff.worked(until), key=lambda one: (one[1], one[0]))
    return tuple(
        Employment(
            adult=keys[number],
            starts_on=starts_on + timedelta(days=start),
            ends_on=starts_on + timedelta(days=end) if end < until else None,
            agency=number >= first,
        )
        for number, start, end in worked
    )


def _notices(drawn: Drawn, by_row: dict[tuple[int, int], Record]) -> tuple[Notice, ...]:
    events = drawn.events
    found = []
    for index in np.flatnonzero((events.stream == LADO) | (events.stream == HOSPITAL)).tolist():
        event = by_row[int(events.stream[index]), index]
        if events.notified[index]:
            notice = by_row[_NOTICE, index]
            found.append(Notice(event.reference, "reg40", notice.reference, notice.recorded_on))
        elif events.noticed[index]:
            found.append(Notice(event.reference, "referral", event.reference, event.recorded_on))
        else:
            found.append(Notice(event.reference, "", "", None))
    return tuple(found)
