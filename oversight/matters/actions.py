"""Keeping the rule's proposals up to date, and people's decisions on them."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from events import outbox
from events.clock import london_day
from homes import crossing
from homes.access import NotAllowedError
from homes.models import Home
from incidents.record import queries as records
from oversight.matters import queries
from oversight.matters.facts import MatterDecided
from oversight.matters.models import Matter, MatterLink
from oversight.risk import engine
from oversight.risk.engine.matching import grouped, known_decisions, known_records, links
from oversight.risk.queries import engine_world

Pair = tuple[UUID, UUID]


@transaction.atomic
def propose(*, home: Home, now: datetime) -> int:
    """Make a home's proposed links what the rule says today; the number of links that stand. The worker's task.

    Run twice, it changes nothing. People's decisions are kept, and the rule proposes round them.
    """
    world = engine_world([home])
    today = london_day(now)
    held = known_records(world.records.get(home.urn, []), today)
    found = links(held, known_decisions(world.decisions.get(home.urn, []), today))
    keys = {row.reference: row.id for row in records.history([home.pk])}
    stored = {(link.first_id, link.second_id): link for link in MatterLink.objects.filter(home=home)}
    by_matter = _by_matter(held, found)
    wanted = {(keys[link.first], keys[link.second]) for group in by_matter for link in group}
    _drop(stored, wanted)
    by_reference = {record.reference: record for record in held}
    for group in by_matter:
        pairs = {(keys[link.first], keys[link.second]): link for link in group}
        new = [pair for pair in pairs if pair not in stored]
        if new:
            known = next((stored[pair].matter for pair in pairs if pair in stored), None)
            matter = known or Matter.objects.create(home=home, opened_at=now)
            MatterLink.objects.bulk_create(
                _proposal(home, matter, pair, _kind(by_reference, pairs[pair]), now) for pair in new
            )
    return len(wanted)


def _by_matter(held: list[engine.Record], found: list[engine.Link]) -> list[list[engine.Link]]:
    """The links of each matter; a link whose two records the rule keeps apart after all is left out."""
    place = {record.reference: index for index, group in enumerate(grouped(held, found)) for record in group}
    gathered: dict[int, list[engine.Link]] = defaultdict(list)
    for link in found:
        if place[link.first] == place[link.second]:
            gathered[place[link.first]].append(link)
    return list(gathered.values())


def _drop(stored: dict[Pair, MatterLink], wanted: set[Pair]) -> None:
    """Remove proposals that the rule no longer makes."""
    stale = [
        pair
        for pair, link in stored.items()
        if pair not in wanted and link.state == MatterLink.State.PROPOSED
    ]
    MatterLink.objects.filter(pk__in=[stored.pop(pair).pk for pair in stale]).delete()


def _kind(by_reference: dict[str, engine.Record], link: engine.Link) -> str:
    streams = sorted({by_reference[link.first].stream, by_reference[link.second].stream})
    return "-".join(streams)


def _proposal(home: Home, matter: Matter, pair: Pair, kind: str, now: datetime) -> MatterLink:
    return MatterLink(
        matter=matter,
        home=home,
        first_id=pair[0],
        second_id=pair[1],
        kind=kind,
        rule_version=int(engine.MATCHING_VERSION),
        proposed_at=now,
    )


def confirm(*, link: MatterLink, reason: str, by: UUID, now: datetime, opened: str = "") -> None:
    """Say that two records are about one matter; overrules the rule from today on.

    opened: the seal of the decision that ``by`` saw. Raises CrossedError where somebody decided otherwise since.
    """
    _decide(link, MatterLink.State.CONFIRMED, reason, opened, by, now)


def refuse(*, link: MatterLink, reason: str, by: UUID, now: datetime, opened: str = "") -> None:
    """Say that two records are about different matters; otherwise as ``confirm``."""
    _decide(link, MatterLink.State.REFUSED, reason, opened, by, now)


@transaction.atomic
def _decide(
    link: MatterLink, state: MatterLink.State, reason: str, opened: str, by: UUID, now: datetime
) -> None:
    """Raises NotAllowedError unless ``by`` decides for the regulator, ValueError without a reason."""
    if not queries.may_decide(by, link.home_id, now):
        raise NotAllowedError("may not decide on this matter")
    if not reason.strip():
        raise ValueError("a decision needs its reason")
    row = MatterLink.objects.select_for_update().get(pk=link.pk)
    wanted = {"decision": queries.DECISIONS[state], "reason": reason}
    if crossing.to_write(queries.decision_of(row), wanted, opened=opened):
        MatterLink.objects.filter(pk=link.pk).update(
            state=state, reason=reason, decided_by_id=by, decided_at=now
        )
        same = state == MatterLink.State.CONFIRMED
        outbox.record(MatterDecided(home_id=link.home_id, link_id=link.pk, same=same), by=by, now=now)
