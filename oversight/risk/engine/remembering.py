"""What one channel of marks saw, in order of days, and what it thought of each: recomputed from the first that changed.

What is usual for a home is remembered as faded sums of what it showed, up to a guard before the day; a change of manager
or recording system (`Epochs`) begins them anew. Sums run in order of days and references, so a line that went on from
the middle holds the bits of one written at once.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from oversight.risk.engine.evidence import TABLE_FROM, Ints, fading_weights
from oversight.risk.engine.parameters import MarkSettings

Numbers = tuple[float, ...]
#: Judges what was seen by the faded sums before it; gives the evidence of each channel that looks at it.
Judge = Callable[[Numbers, Sequence[float]], Numbers]


class Epochs:
    """The days of a home parted by its changes: what is remembered on a day, and whether marks are muted. Ordinals."""

    def __init__(self, changed_on: Sequence[date], settings: MarkSettings) -> None:
        self.changes = sorted({day.toordinal() for day in changed_on})
        self._mute = settings.mute_weeks * 7

    def start(self, day: int) -> int:
        """The first day that a day remembers; 0 before any change."""
        index = bisect_right(self.changes, day)
        return self.changes[index - 1] if index else 0

    def muted(self, day: int) -> bool:
        """Whether marks say nothing on a day: a change lies too few weeks back."""
        return bool(self.changes) and 0 <= day - self.start(day) < self._mute

    def starts(self, begins: int, days: int) -> Ints:
        """`start` of so many days from an ordinal, counted from that ordinal and at least 0."""
        found = np.zeros(days, dtype=np.int64)
        for change in self.changes:
            found[max(change - begins, 0) :] = max(change - begins, 0)
        return found

    def mutes(self, begins: int, days: int) -> npt.NDArray[np.bool_]:
        """`muted` of so many days from an ordinal."""
        found = np.zeros(days, dtype=np.bool_)
        for change in self.changes:
            found[max(change - begins, 0) : max(change - begins + self._mute, 0)] = True
        return found


class Memory:
    """The fading weights, the guard and the epochs of one home's marks."""

    def __init__(self, settings: MarkSettings, changed_on: Sequence[date] = ()) -> None:
        self._half_life = settings.half_life_weeks
        self.guard = settings.guard_weeks * 7
        self.epochs = Epochs(changed_on, settings)

        self.each = _weights_one_by_one(settings.half_life_weeks)

    @cached_property
    def weights(self) -> Ints:
        """The weight of each day from TABLE_FROM on."""
        return fading_weights(self._half_life)

    def weight(self, day: int) -> float:
        """The weight of a day."""
        return self.each[day - TABLE_FROM]


@lru_cache(maxsize=8)
def _weights_one_by_one(half_life_weeks: int) -> list[float]:
    return [float(weight) for weight in fading_weights(half_life_weeks).tolist()]


class Line:
    """What one channel saw: tuples of the same length, of which the last is out of how many; and what was told of each.

    `put` and `take` change what was seen; `go_on` works out again what that touches.
    """

    def __init__(self, memory: Memory, judge: Judge, size: int) -> None:
        self._memory = memory
        self._judge = judge
        self._none = [0.0] * size
        self.keys: list[tuple[int, str]] = []
        self._seen: list[Numbers] = []
        self._sums: list[list[float]] = [self._none]  # of those before each, since its epoch began
        self.told: list[Numbers] = []
        self.changed_from: int | None = None

    def put(self, day: int, name: str, seen: Numbers) -> None:
        """Adds what was seen on a day (an ordinal); names order what lies on one day."""
        index = bisect_left(self.keys, (day, name))
        self.keys.insert(index, (day, name))
        self._seen.insert(index, seen)
        self._changed(index, day)

    def take(self, day: int, name: str) -> None:
        """Takes it out again. ValueError where it is not there."""
        index = bisect_left(self.keys, (day, name))
        if self.keys[index : index + 1] != [(day, name)]:
            raise ValueError(f"nothing was seen on {day} by the name {name}")
        del self.keys[index]
        del self._seen[index]
        self._changed(index, day)

    def _changed(self, index: int, day: int) -> None:
        self.changed_from = day if self.changed_from is None else min(day, self.changed_from)
        del self.told[index:]
        del self._sums[index + 1 :]

    def go_on(self) -> None:
        """Judges all from the first that changed."""
        memory, keys, sums = self._memory, self.keys, self._sums
        weights, guard, changed = memory.each, memory.guard, bool(memory.epochs.changes)
        for index in range(len(self.told), len(keys)):
            day, seen = keys[index][0], self._seen[index]
            start = memory.epochs.start(day) if changed else 0
            before = sums[index] if index and keys[index - 1][0] >= start else self._none
            weight = weights[day - TABLE_FROM]
            sums.append([total + weight * one for total, one in zip(before, seen, strict=True)])
            shown = bisect_left(keys, (day - guard + 1, ""))
            if shown and keys[shown - 1][0] >= start:
                now = weights[day - guard - TABLE_FROM]
                usual: Sequence[float] = [total / now for total in sums[shown]]
            else:
                usual = self._none
            self.told.append(self._judge(seen, usual))

    def since(self, day: int, which: int) -> list[tuple[int, float]]:
        """What was told of one channel from a day on: (day, evidence) in order."""
        first = bisect_left(self.keys, (day, ""))
        return [(key[0], told[which]) for key, told in zip(self.keys[first:], self.told[first:], strict=True)]
