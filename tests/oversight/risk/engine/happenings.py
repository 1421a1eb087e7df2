"""What may happen to the records of a home, as sequences: recorded, corrected, withdrawn, backdated, matched, unmatched."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

import numpy as np

from oversight.risk.engine import DEFAULT, Decision, Fits, Home, Parameters, Picture, Record
from oversight.risk.engine.assessing import History, joined_factors, past
from oversight.risk.engine.counting import changes
from oversight.risk.engine.evidence import Floats, arithmetic, run_one
from oversight.risk.engine.parameters import MARKED
from oversight.risk.engine.walking import Walk
from tests.oversight.risk.making import START, day

T = TypeVar("T")
DAYS = 120
VERBS = ("record", "record", "record", "backdate", "backdate", "correct", "withdraw", "match", "unmatch")
STREAMS = ("reg40", "reg40", "lado", "lado", "hospital", "complaint", "whistleblowing", "reg44")
SOURCES = ("home", "home", "lado", "police", "hospital")
BOTH: tuple[Parameters, ...] = (DEFAULT, MARKED)


@dataclass(frozen=True)
class Happening:
    """One step: what is done after so many days, to which of the records so far, and what the record holds."""

    verb: str
    after: int
    which: int
    back: int
    stream: str
    source: str
    child: str
    adult: str
    severity: int | None
    restraint: bool
    repeated: int


def drawn(chance: np.random.Generator) -> list[Happening]:
    """A sequence by chance: five to nine steps."""
    return [
        Happening(
            verb=VERBS[chance.integers(len(VERBS))],
            after=int(chance.integers(22)),
            which=int(chance.integers(100)),
            back=int(chance.integers(91)),
            stream=STREAMS[chance.integers(len(STREAMS))],
            source=SOURCES[chance.integers(len(SOURCES))],
            child=("", "C1", "C2")[chance.integers(3)],
            adult=("", "", "A1", "A2", "A1;A3")[chance.integers(5)],
            severity=(None, 1, 3, 5)[chance.integers(4)],
            restraint=bool(chance.random() < 0.25),
            repeated=int(chance.integers(4)),
        )
        for _ in range(int(chance.integers(5, 10)))
    ]


@dataclass
class Told:
    """What came of a sequence in two sibling homes, by URN, and the days on which something became known."""

    homes: list[Home]
    records: dict[str, list[Record]] = field(default_factory=dict)
    decisions: dict[str, list[Decision]] = field(default_factory=dict)
    steps: list[int] = field(default_factory=list)


def told(steps: Sequence[Happening], name: str, changed: int | None = None) -> Told:
    """The records and decisions of two homes of one provider; the second may get a new manager."""
    homes = [
        Home(f"DEMO{name}A", "", name, 5, opened_on=START),
        Home(
            f"DEMO{name}B",
            "",
            name,
            3,
            opened_on=day(9),
            changed_on=() if changed is None else (day(changed),),
        ),
    ]
    found = Told(homes, {home.urn: [] for home in homes}, {home.urn: [] for home in homes})
    today = 0
    for number, step in enumerate(steps):
        today = min(today + step.after, DAYS - 1)
        found.steps.append(today)
        home = homes[step.which % 2]
        theirs = found.records[home.urn]
        if step.verb == "record":
            theirs.append(_record(step, f"{home.urn}-{number:02d}", home, today, min(step.back % 5, today)))
        elif step.verb == "backdate":
            theirs.append(_record(step, f"{home.urn}-{number:02d}", home, today, min(step.back, today)))
        elif theirs:
            _again(step, number, home, today, found)
    return found


def _record(step: Happening, reference: str, home: Home, today: int, back: int) -> Record:
    visit = step.stream == "reg44"
    return Record(
        reference, home.urn, step.stream, day(today - back), day(today), "visitor" if visit else step.source,
        child=step.child, adult=step.adult, severity=None if visit else step.severity,
        detail=("yes", "partly")[step.which % 2] if visit else "", restraint=step.restraint and not visit,
        recommendations=3 if visit else None, repeated=step.repeated if visit else None,
        provider_visible_on=day(today + 3) if step.which % 3 else None,
    )  # fmt: skip


def _again(step: Happening, number: int, home: Home, today: int, found: Told) -> None:
    theirs, on = found.records[home.urn], day(today)
    place = step.which % len(theirs)
    one = theirs[place]
    if step.verb in ("correct", "withdraw") and one.withdrawn_on is None and one.cleared_on is None:
        outcome = step.verb == "correct" and step.back % 2 == 0
        theirs[place] = replace(one, cleared_on=on) if outcome else replace(one, withdrawn_on=on)
        if step.verb == "correct" and not outcome:
            severity = step.severity if one.severity is not None else None
            new = replace(one, reference=f"{home.urn}-{number:02d}", recorded_on=on, severity=severity)
            theirs.append(replace(new, adult=step.adult, provider_visible_on=None))
    elif step.verb in ("match", "unmatch") and len(theirs) > 1:
        other = theirs[(place + 1) % len(theirs)]
        decided = Decision(one.reference, other.reference, step.verb == "match", on)
        found.decisions[home.urn].append(decided)
        if step.verb == "match" and step.repeated:
            later = min(today + 10 * step.repeated, DAYS - 1)
            found.decisions[home.urn].append(replace(decided, same=False, known_on=day(later)))
            found.steps.append(later)


def compared(sequences: Sequence[Told], parameters: Parameters, picture: Picture = "overseers") -> int:
    """Walks all sequences together; after each step every day's score of each home and provider is that of a recompute.

    Gives how many recomputes were compared. AssertionError where a bit differs.
    """
    homes = [home for one in sequences for home in one.homes]
    records = {urn: rows for one in sequences for urn, rows in one.records.items()}
    decisions = {urn: rows for one in sequences for urn, rows in one.decisions.items()}
    known = {urn: changes(rows, decisions[urn], picture) for urn, rows in records.items()}
    walk = Walk(
        homes,
        known,
        {},
        day(DAYS - 1),
        Fits(),
        parameters,
        records=records,
        decisions=decisions,
        picture=picture,
    )
    looked = {step for one in sequences for step in one.steps} | {DAYS - 1}
    due = {
        one.homes[0].provider: {*one.steps, *(step + 14 for step in one.steps), DAYS - 1} for one in sequences
    }
    by_provider = {one.homes[0].provider: one for one in sequences}
    index = {home.urn: place for place, home in enumerate(walk.homes)}
    done = 0
    for number in range(DAYS):
        today = walk.advance()
        if not looked.intersection((number, number - 14)):
            continue
        for place, provider in enumerate(walk.providers):
            if number not in due[provider]:
                continue
            done += _same(walk, by_provider[provider], index, place, today, parameters, picture)
    return done


def _same(
    walk: Walk,
    one: Told,
    index: dict[str, int],
    place: int,
    today: date,
    parameters: Parameters,
    picture: Picture,
) -> int:
    begun = [home for home in one.homes if home.begins_on <= today]
    worked = [_past(one, home, today, parameters, picture) for home in begun]
    for home, full in zip(begun, worked, strict=True):
        assert walk.series(index[home.urn]).tobytes() == _series(full.factors, parameters), (today, one)
    if len(begun) < 2:
        return len(begun)
    joined = _series(joined_factors(worked), parameters)
    assert walk.series(place, provider=True).tobytes() == joined, (today, one)
    return len(begun) + 1


def _past(one: Told, home: Home, today: date, parameters: Parameters, picture: Picture) -> History:
    urn = home.urn
    return past(home, one.records[urn], one.decisions[urn], (), today, Fits(), picture, parameters)


def _series(factors: Floats, parameters: Parameters) -> bytes:
    return arithmetic(parameters).score(run_one(factors)).tobytes()


def batch(number: int, size: int) -> int:
    """Compares so many sequences by chance, with counts and with marks; gives how many recomputes were compared."""
    chance = np.random.default_rng([20, number])
    made = [
        told(drawn(chance), f"{place:03d}", int(chance.integers(DAYS)) if place % 4 == 0 else None)
        for place in range(size)
    ]
    others = [shuffled(one, chance) for one in made]
    done = 0
    for parameters in BOTH:
        done += compared(others, parameters, ("overseers", "provider")[number % 10 == 9])
        assert [bits(one, parameters) for one in made] == [bits(one, parameters) for one in others]
    return done


def bits(one: Told, parameters: Parameters) -> bytes:
    """The factors of both homes at the end."""
    last = day(DAYS - 1)
    return b"".join(_past(one, home, last, parameters, "overseers").factors.tobytes() for home in one.homes)


def shuffled(one: Told, chance: np.random.Generator) -> Told:
    """The same, arriving in another order."""

    return Told(
        one.homes,
        {urn: _mixed(rows, chance) for urn, rows in one.records.items()},
        {urn: _mixed(rows, chance) for urn, rows in one.decisions.items()},
        one.steps,
    )


def _mixed(rows: Sequence[T], chance: np.random.Generator) -> list[T]:
    return [rows[place] for place in chance.permutation(len(rows))]
