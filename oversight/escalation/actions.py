"""Opening, strengthening and ending alerts. SIGNATURES NEEDED BY oversight/risk/actions.py and past.py (lead's note).

Whoever writes this file: keep these three signatures; `bars` maps each reached tier to its bar; `passed` are the lower
tiers reached by the same assessment (an Escalation row each with empty policy, no branches); score is the same for all.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from homes.models import Home
from oversight.escalation.models import Alert

if TYPE_CHECKING:
    from oversight.risk.queries import EngineWorld


def open_alert(
    *,
    picture: str,
    home: Home | None,
    provider: UUID,
    kind: str,
    pattern: str,
    tier: str,
    passed: Sequence[str] = (),
    raised_on: date,
    began_on: date | None,
    score: float | None = None,
    bars: Mapping[str, float] | None = None,
    evidence: Sequence[str] = (),
    explanation: Mapping[str, Any] | None = None,
    set_off_by: UUID | None = None,
    now: datetime,
) -> Alert | None:
    raise NotImplementedError


def end_alert(*, picture: str, home: Home | None, provider: UUID, kind: str, now: datetime) -> None:
    """The episode is over: the open alert of this kind gets ended_at, so that the next one is a new alert."""
    raise NotImplementedError


def open_missing_reports(*, world: "EngineWorld", day: date, now: datetime) -> None:
    """End of a day: engine.missing_reports for each home with since=until=day, both pictures, kind missing_report."""
    raise NotImplementedError
