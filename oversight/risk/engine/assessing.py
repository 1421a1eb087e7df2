"""A home's standing on a day, from its records: the whole past recomputed, so late and corrected records need no care.

`assess` looks at one home, `assess_many` at many with the same bits, `assess_provider` at the evidence of a provider's
homes multiplied together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from oversight.risk.engine.counting import VISITS, HomeCounts, changes, counts_as_known
from oversight.risk.engine.evidence import DT, Arithmetic, Floats, Ints, arithmetic, run, run_one
from oversight.risk.engine.explaining import Explanation, Told, explain, pattern_evidence, pattern_marks
from oversight.risk.engine.fits import Fits, band_of
from oversight.risk.engine.marks import mark_evidence
from oversight.risk.engine.matching import known_decisions, known_records
from oversight.risk.engine.parameters import DEFAULT, ENGINE_VERSION, Parameters
from oversight.risk.engine.records import STREAMS, Decision, Home, Picture, Placement, Record

GROUP = 256


@dataclass(frozen=True, slots=True)
class Assessment:
    """A home's (or provider's) standing at the end of a day in one picture.

    `score` is on the log scale of the bars. `tier` is the highest bar it stands at or above now; `raises` is false in
    the first weeks, when only rules speak. `pattern` leads the mixture; `patterns` gives each pattern's own level.
    `began_on` is the leading pattern's likeliest start: the last day on which its summed evidence rose from zero. `series` (when asked for) holds
    the score of every day as seen from `as_of`.
    """

    scope: str
    key: str
    picture: Picture
    as_of: date
    score: float
    tier: str | None
    raises: bool
    pattern: str
    patterns: Mapping[str, float]
    began_on: date
    evidence: tuple[str, ...]
    explanation: Explanation | None
    series: tuple[tuple[date, float], ...]
    engine_version: str
    parameters: str


@dataclass(frozen=True, slots=True)
class History:
    """Everything the engine works out about one home: inputs to the evidence (6, days), and factors (patterns, days).

    marks: evidence (marks, days) of the channels, where the parameters look at them.
    """

    home: Home
    begins: int
    counts: Floats
    exposure: Floats
    shape: Floats
    rate: Floats
    dispersion: Floats
    factors: Floats
    marks: Floats | None = None


def raises_from(home: Home, parameters: Parameters = DEFAULT) -> date:
    """The first day on which a home's score may raise an alarm."""
    return home.begins_on + timedelta(weeks=parameters.first_weeks)


def provider_raises_from(homes: Sequence[Home], parameters: Parameters = DEFAULT) -> date | None:
    """The same for a provider's chart, counted from the day it had a second home; None with fewer than two."""
    if len(homes) < 2:
        return None
    return sorted(home.begins_on for home in homes)[1] + timedelta(weeks=parameters.first_weeks)


def history(
    home: Home, known: HomeCounts, fits: Fits, parameters: Parameters, marks: Floats | None = None
) -> History:
    """Baselines and evidence of every day of one home."""
    sums = arithmetic(parameters)
    days = known.present.shape[0]
    counts = known.counts[: len(STREAMS)].astype(np.float64)
    exposure = sums.exposure(known.counts[VISITS], known.present)
    seen, lived, fading = _memory(known, sums)
    shape, rate, dispersion = sums.beliefs(_prior(home, known.begins, days, fits), seen, lived, fading)
    factors = sums.factors(counts, exposure, shape, rate, dispersion, marks)
    return History(home, known.begins, counts, exposure, shape, rate, dispersion, factors, marks)


def past(
    home: Home,
    records: Sequence[Record],
    decisions: Sequence[Decision],
    placements: Iterable[Placement],
    as_of: date,
    fits: Fits,
    picture: Picture,
    parameters: Parameters,
) -> History:
    """The history of one home as its picture knew it at the end of ``as_of``."""
    known = counts_as_known(home, changes(records, decisions, picture), placements, as_of)
    marks = None
    if parameters.marks is not None:
        marks = mark_evidence(
            known_records(records, as_of, picture),
            known_decisions(decisions, as_of),
            known.begins,
            known.present,
            parameters.beds_per_unit,
            home.places,
            parameters.marks,
            home.changed_on,
        )
    return history(home, known, fits, parameters, marks)


def _prior(home: Home, begins: int, days: int, fits: Fits) -> Floats:
    prior = np.empty((3, len(STREAMS), days))
    if days:
        band = band_of(home.places)
        for start, index in fits.spans(date.fromordinal(begins), date.fromordinal(begins + days - 1)):
            for row, stream in enumerate(fits.at(index, home.kind, band)):
                prior[:, row, start - begins :] = [[stream.shape], [stream.rate], [stream.dispersion]]
    return prior


def _memory(known: HomeCounts, sums: Arithmetic) -> tuple[Ints, Ints, Ints]:
    """Faded sums of counts and presence up to the guard, for every day, and the weight of their last day."""
    days = known.present.shape[0]
    seen = np.zeros((known.counts.shape[0], days), dtype=np.int64)
    lived = np.zeros(days, dtype=np.int64)
    fading = sums.fading_from(known.begins - sums.guard, days)
    shown = days - sums.guard
    if shown > 0:
        weights = sums.fading_from(known.begins, shown)
        seen[:, sums.guard :] = np.cumsum(known.counts[:, :shown] * weights, axis=1)
        lived[sums.guard :] = np.cumsum(known.present[:shown] * weights)
    return seen, lived, fading


def assess(
    home: Home,
    records: Sequence[Record],
    placements: Iterable[Placement],
    as_of: date,
    fits: Fits | None = None,
    picture: Picture = "overseers",
    parameters: Parameters = DEFAULT,
    *,
    decisions: Sequence[Decision] = (),
    series: bool = False,
    explained: bool = True,
) -> Assessment:
    """One home's standing at the end of `as_of`, from what its picture knew by then.

    ValueError where the home has no first day or had not begun by `as_of`.
    """
    worked = past(home, records, decisions, placements, as_of, fits or Fits(), picture, parameters)
    _refuse_unbegun(worked, as_of)
    first = raises_from(home, parameters)
    ours, decided = {home.urn: records}, {home.urn: decisions}
    told = Told("home", home.urn, picture, as_of, [worked], first, ours, decided)
    return _assessment(told, worked.factors, run_one(worked.factors), records, parameters, series, explained)


def assess_provider(
    provider: str,
    homes: Sequence[Home],
    records: Mapping[str, Sequence[Record]],
    placements: Mapping[str, Sequence[Placement]],
    as_of: date,
    fits: Fits | None = None,
    picture: Picture = "overseers",
    parameters: Parameters = DEFAULT,
    *,
    decisions: Mapping[str, Sequence[Decision]] | None = None,
    series: bool = False,
    explained: bool = True,
) -> Assessment:
    """The provider's standing: the same score on the evidence of its homes joined, day by day.

    Homes that had not begun by `as_of` are left out. ValueError with fewer than two homes left.
    """
    begun = sorted((home for home in homes if home.begins_on <= as_of), key=lambda home: home.urn)
    raised_from = provider_raises_from(begun, parameters)
    if raised_from is None:
        raise ValueError(f"provider {provider} has fewer than two homes on {as_of}")
    worked = []
    for home in begun:
        decided = (decisions or {}).get(home.urn, ())
        theirs, living = records.get(home.urn, ()), placements.get(home.urn, ())
        worked.append(past(home, theirs, decided, living, as_of, fits or Fits(), picture, parameters))
    told = Told("provider", provider, picture, as_of, worked, raised_from, records, decisions or {})
    everything = [record for home in begun for record in records.get(home.urn, ())]
    factors = joined_factors(worked)
    return _assessment(told, factors, run_one(factors), everything, parameters, series, explained)


def joined_factors(worked: Sequence[History]) -> Floats:
    """The homes' daily factors multiplied, in the order given, from the first day of the earliest."""
    begins = min(one.begins for one in worked)
    last = max(one.begins + one.factors.shape[1] for one in worked)
    result = np.ones((worked[0].factors.shape[0], last - begins))
    for one in worked:
        result[:, one.begins - begins :] *= one.factors
    return result


def assess_many(
    homes: Sequence[Home],
    records: Mapping[str, Sequence[Record]],
    placements: Mapping[str, Sequence[Placement]],
    as_of: date,
    fits: Fits | None = None,
    picture: Picture = "overseers",
    parameters: Parameters = DEFAULT,
    *,
    decisions: Mapping[str, Sequence[Decision]] | None = None,
    explained: bool = False,
) -> list[Assessment]:
    """The standing of many homes on one day, the bits of `assess` for each; homes not begun by `as_of` are left out."""
    found: list[Assessment] = []
    begun = [home for home in homes if home.begins_on <= as_of]
    for start in range(0, len(begun), GROUP):
        worked = []
        for home in begun[start : start + GROUP]:
            decided = (decisions or {}).get(home.urn, ())
            theirs, living = records.get(home.urn, ()), placements.get(home.urn, ())
            worked.append(past(home, theirs, decided, living, as_of, fits or Fits(), picture, parameters))
        for one, levels in zip(worked, _levels_of_many(worked), strict=True):
            first = raises_from(one.home, parameters)
            told = Told("home", one.home.urn, picture, as_of, [one], first, records, decisions or {})
            ours = records.get(one.home.urn, ())
            found.append(
                _assessment(told, one.factors, levels, ours, parameters, series=False, explained=explained)
            )
    return found


def _levels_of_many(worked: Sequence[History]) -> list[Floats]:
    """The recursion of many homes side by side, each ending on the same day."""
    longest = max(one.factors.shape[1] for one in worked)
    factors = np.ones((longest, worked[0].factors.shape[0], len(worked)))
    entering = np.zeros((longest, 1, len(worked)))
    for index, one in enumerate(worked):
        start = longest - one.factors.shape[1]
        factors[start:, :, index] = one.factors.T
        entering[start:, :, index] = DT
    levels = run(factors, entering)
    return [
        np.ascontiguousarray(levels[longest - one.factors.shape[1] :, :, index].T)
        for index, one in enumerate(worked)
    ]


def _assessment(
    told: Told,
    factors: Floats,
    levels: Floats,
    records: Iterable[Record],
    parameters: Parameters,
    series: bool,
    explained: bool,
) -> Assessment:
    sums = arithmetic(parameters)
    now = levels[:, -1]
    score = float(sums.score(now[:, None])[0])
    leading = leading_pattern(now, sums)
    began = began_on(factors[leading], told.begins)
    reached = [tier for tier, bar in parameters.bars() if score >= bar]
    pattern = parameters.patterns[leading]
    marks = pattern_marks(told, pattern, began, parameters)
    assessment = Assessment(
        scope=told.scope,
        key=told.key,
        picture=told.picture,
        as_of=told.as_of,
        score=score,
        tier=reached[-1] if reached else None,
        raises=told.as_of >= told.raises_from,
        pattern=pattern.name,
        patterns={
            pattern.name: float(level)
            for pattern, level in zip(parameters.patterns, np.log(np.maximum(now, 1e-290)), strict=True)
        },
        began_on=began,
        evidence=pattern_evidence(records, pattern, began, told.as_of, told.picture, marks),
        explanation=explain(told, score, leading, began, now, factors[leading], marks, parameters)
        if explained
        else None,
        series=(),
        engine_version=ENGINE_VERSION,
        parameters=parameters.digest(),
    )
    if not series:
        return assessment
    scores = sums.score(np.ascontiguousarray(levels)).tolist()
    days = (date.fromordinal(told.begins + index) for index in range(len(scores)))
    return replace(assessment, series=tuple(zip(days, scores, strict=True)))


def leading_pattern(levels: Floats, sums: Arithmetic) -> int:
    """The index of the pattern with the largest share of the mixture: levels (7,)."""
    return int(np.argmax(levels * np.array(sums.weights)))


def began_on(factors: Floats, begins: int) -> date:
    """The likeliest start of a pattern: the last day on which its summed evidence rose from zero.

    That is the day after the lowest point of the running sum, beyond which the pattern has explained the records
    best: factors (days,).
    """
    total = np.cumsum(np.log(np.ascontiguousarray(factors)))
    before = np.concatenate([[0.0], total[:-1]])
    lowest = int(np.flatnonzero(before == before.min())[-1]) if before.size else 0
    return date.fromordinal(begins + lowest)


def _refuse_unbegun(worked: History, as_of: date) -> None:
    if worked.counts.shape[1] == 0:
        raise ValueError(f"home {worked.home.urn} had not begun on {as_of}")
