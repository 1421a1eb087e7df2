"""One adult is named more often than the home's others: a mixture over its adults, each with a start unknown.

The weights are each adult's own Shiryaev-Roberts sum up to the day before, so the mixture is a density given the past.
How often each adult is usually named is learned without the newest weeks.
"""

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from oversight.risk.engine.evidence import DT
from oversight.risk.engine.parameters import MarkSettings
from oversight.risk.engine.remembering import Memory

_MOST = 1e290


class _Naming(NamedTuple):
    day: int
    adult: str


class _State(NamedTuple):
    """What is known after a record: when each adult was named last, the namings so far, and the sums."""

    latest: Mapping[str, int]
    namings: Sequence[_Naming]
    sums: Mapping[str, float]
    unnamed: float  # the sum of an adult who was never named


_NOTHING = _State({}, (), {}, 0.0)


class NamedLine:
    """The records of a home that name adults, in order of days, and what each naming tells.

    It has the shape of `remembering.Line`.
    """

    def __init__(self, memory: Memory, places: int, settings: MarkSettings) -> None:
        self._memory = memory
        self._adults = places * settings.adults_per_place
        self._settings = settings
        self._apart = settings.adult_apart_weeks * 7
        self.keys: list[tuple[int, str]] = []
        self._named: list[tuple[str, ...]] = []
        self._states: list[_State] = []
        self.told: list[tuple[tuple[int, float], ...]] = []
        self.changed_from: int | None = None

    def put(self, day: int, name: str, adults: str) -> None:
        """Adds a record with its adults' keys, parted by `;`."""
        index = bisect_left(self.keys, (day, name))
        self.keys.insert(index, (day, name))
        self._named.insert(index, tuple(sorted({key for key in adults.split(";") if key})))
        self._changed(index, day)

    def take(self, day: int, name: str) -> None:
        """Takes a record out again. ValueError where it is not there."""
        index = self.keys.index((day, name))
        del self.keys[index]
        del self._named[index]
        self._changed(index, day)

    def _changed(self, index: int, day: int) -> None:
        self.changed_from = day if self.changed_from is None else min(day, self.changed_from)
        del self.told[index:]
        del self._states[index:]

    def go_on(self) -> None:
        """Judges all from the first that changed."""
        for index in range(len(self.told), len(self.keys)):
            state = self._states[-1] if index else _NOTHING
            found = []
            for adult in self._named[index]:
                naming = _Naming(self.keys[index][0], adult)
                if adult in state.latest and naming.day - state.latest[adult] < self._apart:
                    continue
                told, state = self._judged(naming, state)
                found.append((naming.day, told))
            self.told.append(tuple(found))
            self._states.append(state)

    def _judged(self, naming: _Naming, state: _State) -> tuple[float, _State]:
        day, adult = naming
        times, shape = self._settings.adult_times, self._settings.adult_shape
        roster = max(self._adults, len(state.sums) + 1)
        usual = self._named_before(state.namings, day)
        total = sum(usual.values())
        last = state.namings[-1].day if state.namings else day
        elapsed = max((day - last) * DT, DT)
        # In order of their keys: sums of floats depend on it.
        known = {name: state.sums.get(name, state.unnamed) + elapsed for name in sorted({*state.sums, adult})}
        never = state.unnamed + elapsed
        weight = sum(known.values()) + never * (roster - len(known))
        chance = {name: (shape + usual.get(name, 0.0)) / (shape * roster + total) for name in known}
        rest = shape / (shape * roster + total)
        ratio = {name: _ratio(times, chance[name], hit=name == adult) for name in known}
        missed = _ratio(times, rest, hit=False)
        mixed = sum(known[name] * ratio[name] for name in ratio) + never * (roster - len(known)) * missed
        after = _State(
            {**state.latest, adult: day},
            (*state.namings, naming),
            {name: min(known[name] * ratio[name], _MOST) for name in ratio},
            never * missed,
        )
        return math.log(mixed / weight), after

    def _named_before(self, namings: Sequence[_Naming], day: int) -> dict[str, float]:
        """How often each adult was named, faded, up to the guard."""
        usual: dict[str, float] = {}
        until = day - self._memory.guard
        start, now = self._memory.epochs.start(day), self._memory.weight(until)
        for earlier, adult in namings:
            if start <= earlier <= until:
                usual[adult] = usual.get(adult, 0.0) + self._memory.weight(earlier) / now
        return usual

    def since(self, day: int, which: int) -> list[tuple[int, float]]:
        """What was told from a day on: (day, evidence) in order; there is one channel, 0."""
        first = bisect_left(self.keys, (day, ""))
        return [one for told in self.told[first:] for one in told]


def _ratio(times: float, chance: float, *, hit: bool) -> float:
    """How much likelier this naming is if one adult is named so many times as often as usual."""
    return (times if hit else 1.0) / (1 + (times - 1) * chance)
