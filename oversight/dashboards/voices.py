"""The voice strip: what children said last, and who has not been heard for six weeks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from homes.consents.queries import closed_cases
from homes.models import Home
from oversight.dashboards.queries import Resident
from oversight.dashboards.wording import days_words
from voice.heard import queries as voice

WEEKS = 6
MOST_NAMED = 4


@dataclass(frozen=True)
class Strip:
    """views are ready for components/voice.html; silence is None where everybody was heard."""

    views: list[voice.Said]
    silence: dict[str, str] | None


def strip_of(
    home: Home, residents: Sequence[Resident], viewer: UUID, now: datetime, *, visits: bool = False
) -> Strip:
    """The strip of one home, as far as the viewer may read it. Three queries; for its visitor, who visits, five."""
    heard = voice.last_heard(home, viewer, now)
    settled = [one for one in residents if one.since <= now - timedelta(weeks=WEEKS)]
    if visits:  # whoever may not read what a child said cannot say that the child was not heard
        closed = closed_cases(home, viewer, now)
        settled = [one for one in settled if one.child_id not in closed]
    silence = silence_of(settled, len(residents), heard, now, f"/homes/{home.urn}/children/")
    return Strip(voice.latest_views(home, viewer, now, 3), silence)


def silence_of(
    settled: Sequence[Resident],
    living: int,
    heard: dict[UUID, tuple[datetime, bool]],
    now: datetime,
    href: str,
) -> dict[str, str] | None:
    """Who has not been heard for six weeks, longest first; None where nobody is."""
    last = {one.child_id: heard[one.child_id][0] for one in settled if one.child_id in heard}
    silent = [one for one in settled if now - last.get(one.child_id, one.since) >= timedelta(weeks=WEEKS)]
    if not silent:
        return None
    silent.sort(key=lambda one: last.get(one.child_id, one.since))
    named = []
    for one in silent[:MOST_NAMED]:
        if one.child_id not in last:
            named.append(f"{one.initials}, never heard here.")
            continue
        staff = ", last heard only by staff of the home" if heard[one.child_id][1] else ""
        named.append(f"{one.initials}, {days_words((now - last[one.child_id]).days)}{staff}.")
    if len(silent) > MOST_NAMED:
        named.append(f"And {len(silent) - MOST_NAMED} more.")
    children = "child" if living == 1 else "children"
    return {
        "heading": f"{len(silent)} of {living} {children} not heard for six weeks",
        "text": " ".join(named),
        "href": href,
        "link": "Who will see them" if len(silent) > 1 else "Who will see this child",
    }
