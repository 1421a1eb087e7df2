"""Which records are about the same matter: the automatic rule, versioned, overruled by people's decisions.

Kinds of pair: lado-reg40, hospital-reg40, complaint-reg40, whistleblowing-lado, and the same stream from two sources.
Same home, `occurred_on` within seven days, at least one shared child or adult key or, where either row has no key, the
same day. Within a kind one record has at most one partner: nearest first, then by reference.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from oversight.risk.engine.records import Decision, Picture, Record, gone_from, known_from

MATCHING_VERSION = "1"
WITHIN = timedelta(days=7)
NOTICE_AFTER = timedelta(days=14)
ACROSS: frozenset[frozenset[str]] = frozenset(
    {
        frozenset({"lado", "reg40"}),
        frozenset({"hospital", "reg40"}),
        frozenset({"complaint", "reg40"}),
        frozenset({"whistleblowing", "lado"}),
    }
)


@dataclass(frozen=True, slots=True)
class Link:
    """Two records taken to be about the same matter; `by_person` where somebody decided it."""

    first: str
    second: str
    by_person: bool = False


@dataclass(frozen=True, slots=True)
class MissingNotice:
    """A LADO or hospital record with no reg40 notice of the same matter 14 days after it became known.

    A question, not a finding. `duty_missed`: the home itself reported the matter and did not notify; otherwise it is
    known from outside only.
    """

    reference: str
    stream: str
    source: str
    judged_on: date
    duty_missed: bool


def pair_kind(first: Record, second: Record) -> tuple[str, ...] | None:
    """The kind of pair two records of one home can make, or None.

    The same stream is parted by the two sources, so that three sources can report one matter.
    """
    if first.stream == second.stream:
        if first.source == second.source:
            return None
        return (first.stream, *sorted((first.source, second.source)))
    streams = frozenset({first.stream, second.stream})
    return tuple(sorted(streams)) if streams in ACROSS else None


def may_match(first: Record, second: Record) -> bool:
    """Whether days and people allow the two to be about one matter."""
    gap = abs(first.occurred_on - second.occurred_on)
    if gap > WITHIN:
        return False
    ours, theirs = first.keys(), second.keys()
    if not ours or not theirs:
        return gap == timedelta(0)
    return not ours.isdisjoint(theirs)


def candidates(records: Iterable[Record], *, same_stream_only: bool = False) -> list[tuple[Record, Record]]:
    """Every pair of one home's records that the rule allows, each once."""
    ordered = sorted(records, key=lambda record: (record.occurred_on, record.reference))
    pairs = []
    start = 0
    for index, record in enumerate(ordered):
        while record.occurred_on - ordered[start].occurred_on > WITHIN:
            start += 1
        for earlier in ordered[start:index]:
            if same_stream_only and earlier.stream != record.stream:
                continue
            if pair_kind(earlier, record) is not None and may_match(earlier, record):
                pairs.append((earlier, record))
    return pairs


def links(
    records: Sequence[Record], decisions: Iterable[Decision] = (), *, same_stream_only: bool = False
) -> list[Link]:
    """The links among one home's records, people's decisions first. The caller passes what was known on the day."""
    by_reference = {record.reference: record for record in records}
    # Of two decisions of one day that part and join the same records, joining stands, in whatever order they come.
    in_order = sorted(decisions, key=lambda d: (d.known_on, d.same))
    decided = {frozenset({d.first, d.second}): d.same for d in in_order}
    found: list[Link] = []
    taken: set[tuple[tuple[str, ...], str]] = set()
    for pair, same in sorted(decided.items(), key=lambda item: sorted(item[0])):
        names = sorted(pair)
        if same and len(names) == 2 and all(name in by_reference for name in names):
            kind = pair_kind(by_reference[names[0]], by_reference[names[1]])
            found.append(Link(names[0], names[1], by_person=True))
            if kind is not None:
                taken.update((kind, name) for name in names)
    for first, second in sorted(
        candidates(records, same_stream_only=same_stream_only),
        key=lambda pair: (
            abs(pair[0].occurred_on - pair[1].occurred_on),
            *sorted((pair[0].reference, pair[1].reference)),
        ),
    ):
        kind = pair_kind(first, second)
        if kind is None or frozenset({first.reference, second.reference}) in decided:
            continue
        if (kind, first.reference) in taken or (kind, second.reference) in taken:
            continue
        taken.update({(kind, first.reference), (kind, second.reference)})
        found.append(_link(first.reference, second.reference))
    return found


def _link(first: str, second: str) -> Link:
    return Link(min(first, second), max(first, second))


def known_records(records: Iterable[Record], as_of: date, picture: Picture = "overseers") -> list[Record]:
    """The records a picture holds at the end of a day, without those withdrawn by then."""
    held = []
    for record in records:
        known = known_from(record, picture)
        if known is None or known > as_of:
            continue
        gone = gone_from(record, picture)
        if gone is not None and gone <= as_of:
            continue
        held.append(record)
    return held


def known_decisions(decisions: Iterable[Decision], as_of: date) -> list[Decision]:
    """The decisions made by the end of a day."""
    return [decision for decision in decisions if decision.known_on <= as_of]


def grouped(records: Sequence[Record], found: Iterable[Link]) -> list[list[Record]]:
    """The records gathered into matters by the links between them, in order of their earliest record.

    An automatic link never joins two rows that one source made in one stream: they are two matters, whoever else
    reported them.
    """
    by_reference = {record.reference: record for record in records}
    group = {record.reference: [record.reference] for record in records}
    for link in sorted(found, key=lambda link: not link.by_person):
        ours, theirs = group.get(link.first), group.get(link.second)
        if ours is None or theirs is None or ours is theirs:
            continue
        if not link.by_person and _same_maker(ours, theirs, by_reference):
            continue
        ours.extend(theirs)
        for reference in theirs:
            group[reference] = ours
    seen: dict[int, list[str]] = {id(members): members for members in group.values()}
    matters = [
        sorted((by_reference[name] for name in members), key=lambda r: (r.occurred_on, r.reference))
        for members in seen.values()
    ]
    return sorted(matters, key=lambda members: (members[0].occurred_on, members[0].reference))


def _same_maker(ours: list[str], theirs: list[str], by_reference: dict[str, Record]) -> bool:
    makers = {(by_reference[name].stream, by_reference[name].source) for name in ours}
    return any((by_reference[name].stream, by_reference[name].source) in makers for name in theirs)


def matters(
    records: Iterable[Record], as_of: date, decisions: Iterable[Decision] = (), picture: Picture = "overseers"
) -> list[list[Record]]:
    """One home's matters as known at the end of a day, each a list of records; a record alone is a matter."""
    held = known_records(records, as_of, picture)
    return grouped(held, links(held, known_decisions(decisions, as_of)))


def missing_notices(
    records: Iterable[Record], as_of: date, decisions: Iterable[Decision] = (), picture: Picture = "overseers"
) -> list[MissingNotice]:
    """The LADO and hospital records of one home still without a reg40 notice 14 days after they became known."""
    missing = []
    for members in matters(records, as_of, decisions, picture):
        if any(record.stream == "reg40" for record in members):
            continue
        home_made: dict[str, bool] = defaultdict(bool)
        for record in members:
            home_made[record.stream] |= record.source == "home"
        for record in members:
            known = known_from(record, picture)
            if record.stream not in ("lado", "hospital") or known is None or known + NOTICE_AFTER > as_of:
                continue
            missing.append(
                MissingNotice(
                    record.reference,
                    record.stream,
                    record.source,
                    known + NOTICE_AFTER,
                    home_made[record.stream],
                )
            )
    return missing
