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
from typing import Any, NamedTuple, TextIO

import numpy as np

from oversight.risk.engine.fits import Fits
from oversight.risk.engine.parameters import DEFAULT
from oversight.risk.engine.priors import SHIPPED, StreamFit
from oversight.risk.engine.records import STREAMS, Home, Record
from oversight.risk.replay.measuring import Chart, High, bar_for, charts_of
from oversight.risk.replay.unmatched_table import unmatched_table
from oversight.risk.simulator import Plan, Rates, simulate

PLACES = 28
RISE = 5.0
LAWS = ("rising", "constant")
DAYS_PER_MONTH = 365.25 / 12
ORDINARY_PROVIDERS = 100
YEARLY = 0.1

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
    "The nominal look bar is meant for small homes; ordinary homes of 28 beds reach it more often, as shown. So the"
    " same is told at bars set for them: one false alarm in ten years for an ordinary home, and one for a provider.",
    "An early alarm that rests on few Reg 40 notices (reports_stop, closed_culture) depends on the assumed rate of"
    " two notices a bed and year: read the pattern beside it.",
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


class _World(NamedTuple):
    homes: Sequence[Home]
    charts: Sequence[Chart]


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
    """Prints share and lead before March 2021 beside ordinary homes of the same size, on counts and then on missing
    notices; gives the exit status."""
    out = out or sys.stdout
    published = totals()
    first, last = (date.fromisoformat(published["period"][end]) for end in ("from", "to"))
    count = sum(published["totals"].values())
    out.write(f"{seeds} reconstructions of {count} events at three homes, {first} to {last}.\n")
    out.write(f"Source of the totals: {published['source']}.\n")
    out.writelines(f"- {line}\n" for line in ASSUMPTIONS)
    out.write("Share with an alarm before March 2021, and median lead in months (no alarm counts as 0).\n")
    for variant in variants:
        out.write(f"\nOrdinary rates: {variant.words}\n")
        fits = Fits(shipped=scaled_prior(variant))
        ordinary = _ordinary(variant, fits, first, last, providers)
        worlds = {law: _reconstructed(law, seeds, published, fits, last) for law in LAWS} | {
            "ordinary": ordinary
        }
        _report(out, worlds, date.fromisoformat(published["inspected"] + "-01"), last)
    unmatched_table(out, seeds, published)
    return 0


def _report(out: TextIO, worlds: Mapping[str, _World], inspected: date, last: date) -> None:
    ordinary = worlds["ordinary"].charts
    by_scope = {
        scope: [chart for chart in ordinary if chart.scope == scope] for scope in ("home", "provider")
    }
    fair = (bar_for(by_scope["home"], YEARLY, last), bar_for(by_scope["provider"], YEARLY, last))
    nominal = (DEFAULT.look, DEFAULT.look)
    for words, bars in (("nominal look bar", nominal), ("bars for ordinary homes of this size", fair)):
        out.write(f" {words} (home {bars[0]:.2f}, provider {bars[1]:.2f})\n")
        for name, world in worlds.items():
            second, pooled = outcomes(world.homes, world.charts, bars, inspected)
            out.write(f"  {name:<9} home by home, second of three: {second}\n")
            out.write(f"  {'':<9} pooled over the provider:      {pooled}\n")


def scaled_prior(variant: Variant) -> tuple[StreamFit, ...]:
    """The shipped prior with its usual rates times a variant's."""
    return tuple(
        replace(fit, rate=fit.rate / variant.times.get(stream, 1.0))
        for stream, fit in zip(STREAMS, SHIPPED, strict=True)
    )


def _reconstructed(law: str, seeds: int, published: Mapping[str, Any], fits: Fits, last: date) -> _World:
    homes: list[Home] = []
    records: dict[str, list[Record]] = {}
    for seed in range(1, seeds + 1):
        theirs, made = reconstruct(law, seed, published)
        homes.extend(theirs)
        records.update(made)
    return _World(homes, charts_of(homes, records, last, fits))


def _ordinary(variant: Variant, fits: Fits, first: date, last: date, providers: int) -> _World:
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
    return _World(world.homes, charts_of(world.homes, heard, last, fits))


def outcomes(
    homes: Sequence[Home], charts: Sequence[Chart], bars: tuple[float, float], inspected: date
) -> tuple[Outcome, Outcome]:
    """Second of three homes at the first bar, and the pooled chart at the second, over the providers of `homes`."""
    first = {(chart.scope, chart.key): chart.first_at(bars[chart.scope == "provider"]) for chart in charts}
    members: dict[str, list[str]] = defaultdict(list)
    for home in homes:
        members[home.provider].append(home.urn)
    second, pooled = [], []
    for provider, urns in members.items():
        alarmed = [alarm for alarm in (first.get(("home", urn)) for urn in urns) if alarm is not None]
        theirs = sorted(alarmed, key=lambda alarm: alarm.day)
        second.append(theirs[1] if len(theirs) > 1 else None)
        pooled.append(first.get(("provider", provider)))
    return _outcome(second, inspected), _outcome(pooled, inspected)


def _outcome(alarms: Sequence[High | None], inspected: date) -> Outcome:
    in_time = [alarm for alarm in alarms if alarm is not None and alarm.day < inspected]
    leads = [(inspected - alarm.day).days / DAYS_PER_MONTH for alarm in in_time]
    leads.extend([0.0] * (len(alarms) - len(in_time)))
    patterns = [alarm.pattern for alarm in in_time]
    most = max(sorted(set(patterns)), key=patterns.count, default="")
    return Outcome(len(in_time) / len(alarms), median(leads), most)
