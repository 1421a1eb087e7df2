"""Why an alert stands: its four answers, the drawing of its contributions and what speaks against it, for one reader.

Disclosures are drawn for the regulator only; for others their share, and that of marks that they may have moved, goes
into the row that holds what is uncertain.
"""

from collections.abc import Iterable, Mapping
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
from oversight.escalation.answers import Answer, Told, answers, measured, shown_marks, shown_parts
from oversight.escalation.context_words import mark_lines, missing_lines, shared_lines
from oversight.escalation.models import Alert, Tier
from oversight.escalation.plain_words import MARK_NAMES, MARKS_AGAINST

WIDE, NARROW = 780, 358
UNCERTAIN = "Start date uncertain"
UNCERTAIN_OR_HELD = "Start date, or held elsewhere"
UNCERTAIN_AND_REST = "Start date, and the rest"


@dataclass(frozen=True)
class Why:
    """The drawing in two widths with its table, what speaks against, what would clear it; beside it, to explain: marks
    in numbers, what records share, and what they lack.
    """

    wide: str
    narrow: str
    table: Table
    against: list[str]
    clears: str
    marks: list[str]
    shared: list[str]
    missing: list[str]


def four_answers(alert: Alert, *, regulator: bool) -> tuple[Answer, ...]:
    """The four answers that stand first on the page and on paper."""
    return answers(_told(alert, regulator))


def false_alarm(alert: Alert) -> str:
    """How often an ordinary home reaches Look, to stand after those words; empty for a rule."""
    if alert.score is None:
        return ""
    return measured(alert.explanation, Tier.LOOK) or wording.FALSE_ALARM


def why(alert: Alert, *, regulator: bool, opens_all: bool) -> Why | None:
    """The explanation of a score for this reader; None for a rule, which its sentence explains.

    opens_all: whether they may open every record behind the alert.
    """
    explanation = alert.explanation
    if not explanation.get("parts"):
        return None
    told = _told(alert, regulator)
    data = _data(alert, told)
    return Why(
        wide=contributions(data, WIDE, key=f"why-{alert.reference.lower()}"),
        narrow=contributions(data, NARROW, key=f"why-small-{alert.reference.lower()}"),
        table=contributions_table(data),
        against=_against(told),
        clears=_clears(explanation),
        marks=mark_lines(told),
        shared=shared_lines(told, opens_all=opens_all),
        missing=missing_lines(told),
    )


def _told(alert: Alert, regulator: bool) -> Told:
    return Told(
        pattern=alert.pattern,
        explanation=alert.explanation,
        began_on=alert.began_on,
        raised_on=alert.raised_on,
        tier=alert.tier,
        picture=alert.picture,
        regulator=regulator,
        across=alert.scope == "provider",
    )


def _data(alert: Alert, told: Told) -> ContributionData:
    """The parts that this reader may know of; what they may not goes with what is uncertain, so that all adds up."""
    explanation = alert.explanation
    streams, marks = shown_parts(told), shown_marks(told)
    rest = float(explanation.get("remainder") or 0.0)
    rest += _sum(explanation["parts"]) - _sum(streams)
    rest += _sum(explanation.get("marks") or ()) - _sum(marks)
    parts = [
        Part(
            wording.STREAMS[one["stream"]][0],
            int(one["seen"]),
            float(one["expected"]),
            float(one["contribution"]),
        )
        for one in streams
    ]
    parts += [Part(MARK_NAMES[one["mark"]], None, None, float(one["contribution"])) for one in marks]
    parts.sort(key=lambda part: -part.weight)
    parts.append(Part(_name_of_rest(told, len(marks)), None, None, rest, uncertain=True))
    bars = tuple(Bar(Tier(tier).label, float(bar)) for tier, bar in explanation.get("bars", []))
    return ContributionData("Seen against expected", tuple(parts), bars)


def _name_of_rest(told: Told, marks: int) -> str:
    if told.picture == "overseers":
        return UNCERTAIN if told.regulator else UNCERTAIN_OR_HELD
    return UNCERTAIN if marks == len(told.explanation.get("marks") or ()) else UNCERTAIN_AND_REST


def _sum(parts: Iterable[Mapping[str, Any]]) -> float:
    return sum(float(part["contribution"]) for part in parts)


def _against(told: Told) -> list[str]:
    lines = []
    for part in sorted(shown_parts(told), key=lambda part: float(part["contribution"])):
        if round(float(part["contribution"]), 1) < 0:
            than = "fewer" if part["seen"] < part["expected"] else "no more"
            name = wording.STREAMS[part["stream"]][1]
            lines.append(
                f"{name}: {part['seen']}, {than} than this pattern would bring ({part['expected']:.1f} usual)."
            )
    against = [mark["mark"] for mark in shown_marks(told) if round(float(mark["contribution"]), 1) < 0]
    return lines + [f"{MARKS_AGAINST[mark]}." for mark in against]


def _clears(explanation: dict[str, Any]) -> str:
    weeks, ends = explanation.get("weeks_to_clear"), explanation.get("episode_end_weeks")
    if weeks is None or ends is None:
        return "At the usual rate of records it would not clear within two years."
    return f"It would clear after about {int(weeks) + int(ends)} weeks at the usual rate of records."
