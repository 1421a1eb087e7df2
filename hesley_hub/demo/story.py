"""What happened in the demonstration: homes, placements and records by the simulator, day by day.

A story follows from its first day alone. It runs two years beyond the first evening, so that a hub started later goes
on with the same story. Three homes carry totals published for three real settings: the figures have their source in
oversight/risk/replay/hesley_totals.json; every date, person and split between the homes is drawn here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from hashlib import sha256

import numpy as np

from events.deadlines import after_months, month_end
from hesley_hub.demo import brink
from hesley_hub.demo.country import HOMES, PROVIDERS, RECONSTRUCTED_URNS
from hesley_hub.demo.draws import pick
from hesley_hub.demo.stays import residents
from oversight.risk.engine import Home, Placement, Record
from oversight.risk.replay.hesley import totals
from oversight.risk.simulator import Plan, Rates
from oversight.risk.simulator.worlds import lag, simulate_home

MONTHS = 39
WEEKS_BEYOND = 104
SEED = 1989
RISE = 5.0  # the last week of the reconstructed homes has so many times the records of the first
STAFF_PER_BED = Rates().staff_per_bed
#: The one published hint of a date: twelve disclosures about two of the homes, 51 to 21 days before the end.
LAST_VOICES, LAST_VOICES_DAYS = 12, (51, 21)
ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
PREFIX = {
    "reg40": "R40",
    "lado": "LAD",
    "whistleblowing": "WB",
    "complaint": "CMP",
    "hospital": "HOS",
    "reg44": "R44",
}
Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that happens from `starts_on`; `evening` is the last day of its first 39 months."""

    starts_on: date
    evening: date
    homes: tuple[Home, ...]
    records: tuple[Record, ...]
    placements: tuple[Placement, ...]

    def of_home(self, urn: str) -> list[Record]:
        """The records of one home, in the order in which they were made."""
        return [record for record in self.records if record.urn == urn]


def first_day(evening: date) -> date:
    """The first of the 39 months that end with `evening`."""
    return after_months(evening, -MONTHS)


def engine_homes(starts_on: date) -> tuple[Home, ...]:
    """The homes as the engine and the simulator know them."""
    return tuple(
        Home(
            urn=urn,
            name=spec.name,
            provider=PROVIDERS[spec.provider],
            places=spec.places,
            kind=spec.kind,
            local_authority=spec.host,
            opened_on=starts_on,
            watched_from=starts_on,
        )
        for urn, spec in HOMES.items()
    )


@lru_cache(maxsize=2)
def tell(starts_on: date) -> Story:
    """The story that begins on a day. About a second of work."""
    evening = after_months(starts_on, MONTHS)
    weeks = ((evening - starts_on).days + 1) // 7 + WEEKS_BEYOND
    plan = Plan(starts_on=starts_on, rates=replace(Rates(), concern_share=0.05, opinion_no_share=0.0))
    homes = engine_homes(starts_on)
    records: list[Record] = []
    placements: list[Placement] = []
    for number, home in enumerate(homes):
        rng = np.random.default_rng([SEED, number])
        made, living = simulate_home(home, plan, weeks, rng, None, 0)
        if home.urn in RECONSTRUCTED_URNS:
            visits = [record for record in made if record.stream == "reg44"]
            living = _households(home, starts_on, evening, rng)
            made = [*visits, *_beyond(made, living, evening)]
        records.extend(made)
        placements.extend(living)
    reconstructed = [home for home in homes if home.urn in RECONSTRUCTED_URNS]
    records.extend(_published(reconstructed, placements, starts_on, evening))
    records = [_named(_without_death(record)) for record in _with_gaps(records, evening)]
    records = brink.bring(records, placements, homes[0], evening)
    records.sort(key=lambda record: (record.recorded_on, record.reference))
    return Story(starts_on, evening, homes, tuple(records), tuple(placements))


def _households(home: Home, starts_on: date, evening: date, rng: Rng) -> list[Placement]:
    """The children of one reconstructed home: a third of those published, its beds always full."""
    children = int(totals()["children_and_young_adults"]) // len(RECONSTRUCTED_URNS)
    days = (evening - starts_on).days
    moves = sorted(
        int(day) for day in rng.choice(np.arange(120, days - 60), children - home.places, replace=False)
    )
    leaves = dict(
        zip(
            (int(bed) for bed in rng.choice(home.places, len(moves), replace=False)),
            moves,
            strict=True,
        )
    )
    found = []
    number = home.places
    for bed in range(home.places):
        left = starts_on + timedelta(days=leaves[bed]) if bed in leaves else None
        found.append(_placement(home, bed + 1, starts_on, left, rng))
        if left is not None:
            number += 1
            found.append(_placement(home, number, left, None, rng))
    return found


def _placement(home: Home, child: int, starts_on: date, ends_on: date | None, rng: Rng) -> Placement:
    authority = f"Simulated authority {int(rng.integers(1, 40))}"
    miles = round(30 + float(rng.gamma(2.0, 40.0)), 1)
    return Placement(f"{home.urn}-C{child:03d}", home.urn, authority, starts_on, ends_on, miles)


def _beyond(made: Sequence[Record], living: Sequence[Placement], evening: date) -> Iterator[Record]:
    """What a reconstructed home records after the published totals end: an ordinary home's trickle."""
    for record in made:
        if record.stream != "reg44" and record.occurred_on > evening:
            there = residents(living, record.urn, record.occurred_on)
            yield replace(record, child=pick(there, record.reference))


def _published(
    homes: Sequence[Home], placements: Sequence[Placement], starts_on: date, evening: date
) -> list[Record]:
    """Records that add up to the published totals: day, home, child, source drawn; more of them as time goes on."""
    rng = np.random.default_rng([SEED, 10**6])
    rates = Rates()
    days = (evening - starts_on).days + 1
    weights = np.linspace(1.0, RISE, days)
    weights /= weights.sum()
    found = []
    for stream, total in totals()["totals"].items():
        drawn = np.sort(rng.choice(days, size=int(total), p=weights))
        place = rng.integers(len(homes), size=int(total))
        if stream == "whistleblowing":
            last = np.sort(rng.integers(days - LAST_VOICES_DAYS[0], days - LAST_VOICES_DAYS[1], LAST_VOICES))
            earlier = np.sort(rng.integers(0, days - LAST_VOICES_DAYS[0], int(total) - LAST_VOICES))
            drawn = np.concatenate([earlier, last])
            place[-LAST_VOICES:] = rng.integers(2, size=LAST_VOICES)
        sources = {**rates.sources, "complaint": {"placing_authority": 1.0}}[stream]
        for number, (offset, index) in enumerate(zip(drawn.tolist(), place.tolist(), strict=True)):
            home, day = homes[index], starts_on + timedelta(days=offset)
            living = residents(placements, home.urn, day)
            named = rng.random() < rates.adult_named.get(stream, 0.0)
            adult = f"{home.urn}-A{int(rng.integers(home.places * STAFF_PER_BED)):03d}" if named else ""
            found.append(
                Record(
                    reference=f"{home.urn}-{stream}-{number + 1:04d}",
                    urn=home.urn,
                    stream=stream,
                    occurred_on=day,
                    recorded_on=min(day + timedelta(days=lag(rates.lags[stream], rng)), evening),
                    source=str(rng.choice(list(sources), p=list(sources.values()))),
                    child=str(rng.choice(living)),
                    adult=adult,
                    severity=int(rng.choice(5, p=(0.20, 0.34, 0.30, 0.16, 0.0))) + 1,
                )
            )
    return found


#: Months, counted back from the last evening, in which a home had no visit, or no report of it.
NO_VISIT = {"DEMO006": (2,), "DEMO017": (9,), "DEMO028": (20,)}
NO_REPORT = {"DEMO010": (3,), "DEMO023": (13,)}


def _with_gaps(records: Sequence[Record], evening: date) -> list[Record]:
    """The records without the visits that were missed; a report not written leaves its visit."""
    kept = []
    for record in records:
        if record.stream == "reg44":
            visit = record.occurred_on
            back = evening.year * 12 + evening.month - visit.year * 12 - visit.month
            if back in NO_VISIT.get(record.urn, ()):
                continue
            if back in NO_REPORT.get(record.urn, ()):
                record = replace(record, recorded_on=month_end(after_months(visit, 1)) + timedelta(days=17))
        kept.append(record)
    return kept


def _named(record: Record) -> Record:
    """The record under a reference such as the hub gives, made from the one it was drawn under."""
    return replace(record, reference=reference_for(record.stream, record.reference))


def reference_for(stream: str, drawn: str) -> str:
    """A reference to read aloud; the same one each time the story is told."""
    number = int.from_bytes(sha256(drawn.encode()).digest()[:8])
    letters = ""
    for _ in range(8):
        number, place = divmod(number, len(ALPHABET))
        letters += ALPHABET[place]
    return f"{PREFIX[stream]}-{letters[:4]}-{letters[4:]}"


def _without_death(record: Record) -> Record:
    """A death is never part of a drawn history; the gravest that is drawn is serious harm."""
    return replace(record, severity=4) if record.severity == 5 else record
