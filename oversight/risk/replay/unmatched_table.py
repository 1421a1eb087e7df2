"""The table of the published totals on the chart of missing notices, with the chance of ordinary providers beside."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, TextIO

from oversight.risk.replay.ordinary_providers import Practice, Volume
from oversight.risk.replay.unmatched import DAYS_PER_MONTH, RULES, Case, Row, cases, rows

USUAL = (0.15, 0.25, 0.40, 0.55, 0.70)
CONCENTRATIONS = (20.0, 10.0, 5.0)
MIDDLE = 10.0
LADO_USUAL = USUAL[:3]
ORDINARY_PER_SEED, REPLAYS_PER_SEED = 500, 20
_SEED = 5  # any number would do

WHAT = (
    "Known: five totals. Were each of the {notices} Reg 40 notices about one LADO or hospital event, {unmatched} of the"
    " {events} ({share:.0%}) would still have none. Who made those records is not known, and not every attendance at"
    " hospital is notifiable.",
    "Drawn: the day of every event, and which of them had a notice. Even: the same chance every week. Rising: five"
    " times as many in the last week as in the first.",
    "The chart joins the three homes, and LADO with hospital events. It waits 14 days for a notice (its patience, not"
    " the law's: reg 40 says without delay).",
    "It holds events against an ordinary share fixed beforehand; learned from the provider itself, this share would"
    " pass for normal. It asks whether the odds of a missing notice are four times the ordinary ones.",
    "Assumed: what share ordinary homes leave without a notice (the first column), and how much they differ (little:"
    " the concentration of a Beta is 20; some: 10; much: 5). No such share is published.",
    "Ordinary providers are simulated: three homes, {per_year:.0f} events a year (fewer for LADO only, in proportion),"
    " Gamma(3) between providers; log odds drift by 0.3 and shift with a new manager, 0.35 a year; in three providers"
    " of ten the homes share one practice.",
    "A LADO may be sent a referral for each adult, so LADO alone is also read with several for each incident.",
    "By chance: the share of other ordinary providers, not those that set the bar, with an alarm in the same"
    " {months:.1f} months. Read no lead without it.",
    "What this is not: a dated history, or proof. Nothing of this ran at the time, and no marks on records (severity,"
    " delay, adults, recommendations) are published, so none is replayed.",
)
HEADINGS = (
    "  ordinary  homes   held           even:         rising:       by\n"
    "  share     differ  against  bar   found, lead   found, lead   chance\n"
)
_DIFFER = {20.0: "little", 10.0: "some", 5.0: "much"}


class _Line(NamedTuple):
    practice: Practice
    rows: Sequence[Row]


def unmatched_table(out: TextIO, seeds: int, published: Mapping[str, Any]) -> None:
    """Prints every reading of the totals at every rule; more seeds, more ordinary providers and more replays."""
    first, last = (date.fromisoformat(published["period"][end]) for end in ("from", "to"))
    days = (last - first).days + 1
    numbers = (ORDINARY_PER_SEED * seeds, REPLAYS_PER_SEED * seeds)
    every, *lado = cases(published)
    out.write("\nEvents without the home's own notice, on one chart over the provider's three homes\n")
    out.write(
        f"{numbers[0]:,} ordinary providers set the bars, {numbers[0]:,} others give the chance;"
        f" {numbers[1]:,} replays of each spread.\n"
    )
    said = {
        "notices": every.events - every.unmatched,
        "events": every.events,
        "unmatched": every.unmatched,
        "share": every.unmatched / every.events,
        "per_year": Volume().per_year,
        "months": days / DAYS_PER_MONTH,
    }
    out.writelines(f"- {line.format(**said)}\n" for line in WHAT)
    out.write(f"Share found before {last:%-d %B %Y}, and median lead in months (no alarm counts as 0).\n")
    spread = [Practice(usual, concentration) for usual in USUAL for concentration in CONCENTRATIONS]
    middle = [Practice(usual, MIDDLE) for usual in LADO_USUAL]
    more = Case(
        "If four in five had none: a notice may be about something else", every.events, _four_fifths(every)
    )
    for case, practices in ((every, spread), (more, middle), *((case, middle) for case in lado)):
        volume = Volume(Volume().per_year * case.events / every.events)
        lines = [_Line(one, rows(case, one, volume, days // 7, numbers, _SEED)) for one in practices]
        _write(out, case, lines)


def _four_fifths(case: Case) -> int:
    return round(0.8 * case.events)


def _write(out: TextIO, case: Case, lines: Sequence[_Line]) -> None:
    share = case.unmatched / case.events
    out.write(f"\n{case.words}: {case.unmatched} of {case.events} without a notice ({share:.0%})\n{HEADINGS}")
    for number, rule in enumerate(RULES):
        out.write(f" {rule.words}\n")
        for practice, theirs in lines:
            out.write(_line(practice, theirs[number]))


def _line(practice: Practice, row: Row) -> str:
    even, rising = (f"{lead.found:4.0%}, {lead.months:4.1f}" for lead in row.leads)
    return (
        f"  {practice.usual:<8.0%}  {_DIFFER[practice.concentration]:<6}  {row.null:<7.1%}  {row.bar:5.2f}"
        f"  {even:<12}  {rising:<12}  {row.chance:6.1%}\n"
    )
