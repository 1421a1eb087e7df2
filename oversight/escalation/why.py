"""Why an alert stands: the drawing of its contributions and what speaks against it, for one reader.

Disclosures are drawn for the regulator only; for others their share goes into the row that holds what is uncertain.
"""

from dataclasses import dataclass
from typing import Any

from oversight.dashboards import wording
from oversight.dashboards.charts.contributions import (
    Bar,
    ContributionData,
    Part,
    contributions,
    contributions_table,
)
from oversight.dashboards.charts.drawing import Table
from oversight.escalation.models import Alert, Tier

WIDE, NARROW = 780, 358
UNCERTAIN = "Start date uncertain"
UNCERTAIN_OR_HELD = "Start date, or held elsewhere"


@dataclass(frozen=True)
class Why:
    """The drawing in two widths with its table, what speaks against, and what would clear it."""

    wide: str
    narrow: str
    table: Table
    against: list[str]
    clears: str


def why(alert: Alert, *, regulator: bool) -> Why | None:
    """The explanation of a score for this reader; None for a rule, which its sentence explains."""
    explanation = alert.explanation
    if not explanation.get("parts"):
        return None
    data = _data(alert, regulator)
    return Why(
        wide=contributions(data, WIDE, key=f"why-{alert.reference.lower()}"),
        narrow=contributions(data, NARROW, key=f"why-small-{alert.reference.lower()}"),
        table=contributions_table(data),
        against=_against(explanation["parts"], regulator),
        clears=_clears(explanation),
    )


def _data(alert: Alert, regulator: bool) -> ContributionData:
    rest = float(alert.explanation.get("remainder") or 0.0)
    parts = []
    for part in alert.explanation["parts"]:
        if part["stream"] == "whistleblowing" and not regulator:
            rest += float(part["contribution"])
            continue
        name = wording.STREAMS[part["stream"]][0]
        parts.append(Part(name, int(part["seen"]), float(part["expected"]), float(part["contribution"])))
    parts.sort(key=lambda part: -part.weight)
    held = alert.picture == "overseers" and not regulator
    parts.append(Part(UNCERTAIN_OR_HELD if held else UNCERTAIN, None, None, rest, uncertain=True))
    bars = tuple(Bar(Tier(tier).label, float(bar)) for tier, bar in alert.explanation.get("bars", []))
    return ContributionData("Seen against expected", tuple(parts), bars)


def _against(parts: list[dict[str, Any]], regulator: bool) -> list[str]:
    lines = []
    for part in sorted(parts, key=lambda part: float(part["contribution"])):
        if part["stream"] == "whistleblowing" and not regulator:
            continue
        if round(float(part["contribution"]), 1) < 0:
            than = "fewer" if part["seen"] < part["expected"] else "no more"
            name = wording.STREAMS[part["stream"]][1]
            lines.append(
                f"{name}: {part['seen']}, {than} than this pattern would bring ({part['expected']:.1f} usual)."
            )
    return lines


def _clears(explanation: dict[str, Any]) -> str:
    weeks, ends = explanation.get("weeks_to_clear"), explanation.get("episode_end_weeks")
    if weeks is None or ends is None:
        return "At the usual rate of records it would not clear within two years."
    return f"It would clear after about {int(weeks) + int(ends)} weeks at the usual rate of records."
