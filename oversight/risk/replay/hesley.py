"""Reconstructions of the published Hesley totals: how early one joined-up chart might have spoken.

The dates of the events are not published, so every reconstruction draws them; what is drawn and assumed is printed.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib.resources import files
from statistics import median
from typing import Any, TextIO

import numpy as np

from oversight.risk.engine.fits import Fits
from oversight.risk.engine.priors import SHIPPED, StreamFit
from oversight.risk.engine.records import STREAMS, Home, Record
from oversight.risk.replay.alarms import Alarm
from oversight.risk.replay.engine_only import run
from oversight.risk.simulator import Plan, Rates, simulate

PLACES = 28
RISE = 5.0
LAWS = ("rising", "constant")
DAYS_PER_MONTH = 365.25 / 12
ORDINARY_PROVIDERS = 100

ASSUMPTIONS = (
    "Assumed: three homes of 28 beds each, always full (one of the three is known to have had 32 places).",
    "Drawn: the day and the home of every event. Rising: five times as many in the last week as in the first;"
    " constant: the same chance every week. Each event is recorded on its day, and none is about the same matter"
    " as another.",
    "Left out: the opinions of the monthly Reg 44 reports, which are not published, and everything before 2018.",
    "Ordinary rates per bed are assumptions too, so three sets are tried, for the engine's prior and the ordinary"
    " homes alike.",
    "Ordinary homes are simulated, each on its own; real homes of one provider share their management, so the real"
    " rate for ordinary providers is higher.",
    "Bars are nominal (look, first reached). An early alarm of the pooled chart that rests on few Reg 40 notices"
    " (reports stop, closed culture) depends on the assumed rate of two notices a bed and year: read the pattern beside it.",
)


@dataclass(frozen=True, slots=True)
class Variant:
    """A set of ordinary rates, times the shipped ones by stream."""

    words: str
    times: Mapping[str, float]


VARIANTS: tuple[Variant, ...] = (
    Variant("base rates", {}),
    Variant(
        "LADO and whistleblowing x2, complaints x1.5", {"lado": 2.0, "whistleblowing": 2.0, "complaint": 1.5}
    ),
    Variant(
        "Reg 40 x0.3, LADO and whistleblowing x1.5, hospital x0.6",
        {"reg40": 0.3, "lado": 1.5, "whistleblowing": 1.5, "hospital": 0.6},
    ),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Over providers of three homes: how many alarmed in time, the median lead in months (none counts 0), the pattern
    that most often led."""

    share: float
    lead: float
    pattern: str

    def __str__(self) -> str:
        led = f", most often {self.pattern}" if self.pattern else ""
        return f"{self.share:4.0%}, {self.lead:4.1f} months{led}"


def totals() -> dict[str, Any]:
    """The published figures with their source."""
    text = files("oversight.risk.replay").joinpath("hesley_totals.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def reconstruct(
    law: str, seed: int, published: Mapping[str, Any]
) -> tuple[list[Home], dict[str, list[Record]]]:
    """One reconstruction: three homes under invented names and their records, from a law of dates and a seed."""
    first, last = (date.fromisoformat(published["period"][end]) for end in ("from", "to"))
    days = (last - first).days + 1
    rng = np.random.default_rng([seed, LAWS.index(law)])
    provider = f"Reconstruction {seed:04d}"
    homes = [
        Home(
            f"DEMO-{seed:04d}-{number + 1}",
            f"Reconstructed home {number + 1}",
            provider,
            PLACES,
            opened_on=first,
        )
        for number in range(int(published["homes"]))
    ]
    weights = np.linspace(1.0, RISE if law == "rising" else 1.0, days)
    records: dict[str, list[Record]] = {home.urn: [] for home in homes}
    number = 0
    for stream, total in sorted(published["totals"].items()):
        drawn = np.sort(rng.choice(days, size=int(total), p=weights / weights.sum()))
        for offset, place in zip(
            drawn.tolist(), rng.integers(len(homes), size=int(total)).tolist(), strict=True
        ):
            number += 1
            day, urn = first + timedelta(days=offset), homes[place].urn
            records[urn].append(Record(f"{urn}-{number:04d}", urn, stream, day, day, "home"))
    return homes, records


def hesley(
    seeds: int = 20,
    out: TextIO | None = None,
    *,
    variants: Sequence[Variant] = VARIANTS,
    providers: int = ORDINARY_PROVIDERS,
) -> int:
    """Prints share and lead before March 2021 beside ordinary homes of the same size; gives the exit status."""
    out = out or sys.stdout
    published = totals()
    inspected = date.fromisoformat(published["inspected"] + "-01")
    first, last = (date.fromisoformat(published["period"][end]) for end in ("from", "to"))
    count = sum(published["totals"].values())
    out.write(f"{seeds} reconstructions of {count} events at three homes, {first} to {last}.\n")
    out.write(f"Source of the totals: {published['source']}.\n")
    out.writelines(f"- {line}\n" for line in ASSUMPTIONS)
    out.write(
        "Share with a look alarm before March 2021, and median lead in months (no alarm counts as 0).\n"
    )
    for variant in variants:
        fits = Fits(shipped=scaled_prior(variant))
        out.write(f"\nOrdinary rates: {variant.words}\n")
        for law in LAWS:
            outcomes = _reconstructed(law, seeds, published, fits, inspected, last)
            _print(out, law, outcomes)
        _print(out, "ordinary", _ordinary(variant, fits, first, inspected, last, providers))
    return 0


def _print(out: TextIO, name: str, outcomes: tuple[Outcome, Outcome]) -> None:
    out.write(f"  {name:<9} home by home (second of three): {outcomes[0]}\n")
    out.write(f"  {'':<9} pooled over the provider:         {outcomes[1]}\n")


def scaled_prior(variant: Variant) -> tuple[StreamFit, ...]:
    """The shipped prior with its usual rates times a variant's."""
    return tuple(
        replace(fit, rate=fit.rate / variant.times.get(stream, 1.0))
        for stream, fit in zip(STREAMS, SHIPPED, strict=True)
    )


def _reconstructed(
    law: str, seeds: int, published: Mapping[str, Any], fits: Fits, inspected: date, last: date
) -> tuple[Outcome, Outcome]:
    homes: list[Home] = []
    records: dict[str, list[Record]] = {}
    for seed in range(1, seeds + 1):
        theirs, made = reconstruct(law, seed, published)
        homes.extend(theirs)
        records.update(made)
    return outcomes(homes, run(homes, records, {}, last, fits=fits), inspected)


def _ordinary(
    variant: Variant, fits: Fits, first: date, inspected: date, last: date, providers: int
) -> tuple[Outcome, Outcome]:
    rates = Rates()
    streams = {
        name: replace(rate, per_year=rate.per_year * variant.times.get(name, 1.0))
        for name, rate in rates.streams.items()
    }
    plan = Plan(
        homes=3 * providers,
        years=((last - first).days + 1) / 365.25,
        starts_on=first,
        places=PLACES,
        siblings=3,
        rates=replace(rates, streams=streams),
    )
    world = simulate(plan, 1)
    records, _ = world.by_home()
    heard = {urn: [one for one in theirs if one.stream != "reg44"] for urn, theirs in records.items()}
    return outcomes(world.homes, run(world.homes, heard, {}, world.until, fits=fits), inspected)


def outcomes(homes: Sequence[Home], alarms: Sequence[Alarm], inspected: date) -> tuple[Outcome, Outcome]:
    """Second of three homes, and the pooled chart, over the providers of `homes`."""
    first: dict[tuple[str, str], Alarm] = {}
    for alarm in sorted(alarms, key=lambda one: one.raised_on):
        if alarm.tier == "look" and alarm.kind in ("change", "provider"):
            first.setdefault((alarm.scope, alarm.key), alarm)
    members: dict[str, list[str]] = defaultdict(list)
    for home in homes:
        members[home.provider].append(home.urn)
    second, pooled = [], []
    for provider, urns in members.items():
        theirs = sorted(
            (first[("home", urn)] for urn in urns if ("home", urn) in first), key=lambda a: a.raised_on
        )
        second.append(theirs[1] if len(theirs) > 1 else None)
        pooled.append(first.get(("provider", provider)))
    return _outcome(second, inspected), _outcome(pooled, inspected)


def _outcome(alarms: Sequence[Alarm | None], inspected: date) -> Outcome:
    in_time = [alarm for alarm in alarms if alarm is not None and alarm.raised_on < inspected]
    leads = [(inspected - alarm.raised_on).days / DAYS_PER_MONTH for alarm in in_time]
    leads.extend([0.0] * (len(alarms) - len(in_time)))
    patterns = [alarm.pattern for alarm in in_time]
    most = max(sorted(set(patterns)), key=patterns.count, default="")
    return Outcome(len(in_time) / len(alarms), median(leads), most)
