"""The matters of one home as records and decisions come and go: whether the home told of what is known from outside.

Records hang together where the rule or a person may join them; only what hangs together with a change is matched anew,
by the functions of `matching`.
"""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Set

from oversight.risk.engine.matching import NOTICE_AFTER, WITHIN, grouped, links, may_match, pair_kind
from oversight.risk.engine.records import Decision, Record
from oversight.risk.engine.remembering import Line

_DAYS = WITHIN.days
_NOTHING: Set[str] = frozenset()


class Matters:
    """Writes into `line` each matter known from a LADO or hospital record, on the day it is judged: told or not."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._held: dict[str, Record] = {}
        self._order: list[tuple[int, str]] = []
        self._near: dict[str, set[str]] = defaultdict(set)
        self._decided: dict[str, dict[str, Decision]] = defaultdict(dict)
        self._part_of: dict[str, int] = {}
        self._parts: dict[int, list[str]] = {}
        self._judged: dict[int, list[tuple[int, str]]] = {}
        self._next = 0

    def change(self, added: Iterable[Record], gone: Iterable[Record], decisions: Iterable[Decision]) -> None:
        """Takes in what became known together: records, those held no longer, and decisions."""
        touched: set[str] = set()
        for record in added:
            touched.update((record.reference, *self._add(record)))
        for record in gone:
            touched.add(record.reference)
            self._remove(record)
        for decision in decisions:
            if self._decide(decision):
                touched.update((decision.first, decision.second))
        for reference in list(touched):
            touched.update(self._joined(reference))
        pool = {reference for reference in touched if reference in self._held}
        for part in {self._part_of[reference] for reference in touched if reference in self._part_of}:
            pool.update(name for name in self._forget(part) if name in self._held)
        for reference in sorted(pool):
            if reference not in self._part_of:
                self._judge(self._gather(reference))

    def _add(self, record: Record) -> set[str]:
        day, name = record.occurred_on.toordinal(), record.reference
        first = bisect_left(self._order, (day - _DAYS, ""))
        last = bisect_left(self._order, (day + _DAYS + 1, ""))
        near = self._near[name]
        for _, other in self._order[first:last]:
            theirs = self._held[other]
            if pair_kind(record, theirs) is not None and may_match(record, theirs):
                near.add(other)
                self._near[other].add(name)
        insort(self._order, (day, name))
        self._held[name] = record
        return near

    def _remove(self, record: Record) -> None:
        name = record.reference
        self._order.remove((record.occurred_on.toordinal(), name))
        del self._held[name]
        for other in self._near.pop(name):
            self._near[other].discard(name)

    def _decide(self, decision: Decision) -> bool:
        """Whether this is the latest word on two records."""
        first, second = decision.first, decision.second
        before = self._decided.get(first, {}).get(second)
        if before is not None and (before.known_on, before.same) > (decision.known_on, decision.same):
            return False
        self._decided[first][second] = self._decided[second][first] = decision
        return True

    def _joined(self, reference: str) -> Set[str]:
        """The records held that may be about the same matter as this one."""
        found = self._near.get(reference, _NOTHING)
        decided = self._decided.get(reference)
        if decided:
            return found | {name for name in decided if name in self._held}
        return found

    def _forget(self, part: int) -> list[str]:
        members = self._parts.pop(part)
        for name in members:
            del self._part_of[name]
        for day, told in self._judged.pop(part, ()):
            self.line.take(day, told)
        return members

    def _gather(self, reference: str) -> int:
        """A new part: everything that hangs together with a record."""
        members = {reference, *self._joined(reference)}
        waiting = [name for name in members if name != reference]
        while waiting:
            new = self._joined(waiting.pop()) - members
            members |= new
            waiting.extend(new)
        self._next += 1
        self._parts[self._next] = sorted(members)
        self._part_of.update(dict.fromkeys(members, self._next))
        return self._next

    def _judge(self, part: int) -> None:
        members = [self._held[name] for name in self._parts[part]]
        if not any(one.stream in ("lado", "hospital") for one in members):
            return
        if len(members) == 1:
            matters = [members]
        else:
            matters = grouped(members, links(members, self._decisions(self._parts[part])))
        judged = []
        for matter in matters:
            told = [one for one in matter if one.stream in ("lado", "hospital")]
            if not told:
                continue
            judged_on = min(one.recorded_on for one in told) + NOTICE_AFTER
            noticed = any(one.source == "home" and one.recorded_on <= judged_on for one in matter)
            judged.append((judged_on.toordinal(), "0" if noticed else "1"))
            self.line.put(*judged[-1], (float(not noticed), 1.0))
        self._judged[part] = judged

    def _decisions(self, names: list[str]) -> list[Decision]:
        held = set(names)
        return [
            decision
            for name in names
            for other, decision in self._decided.get(name, {}).items()
            if name < other and other in held
        ]
