"""Episodes: when a score raises a tier, and when it has been low for long enough to start again.

An episode begins when the score first reaches a bar; each tier is raised once within it; it ends when the score has
been below half of the look bar for thirteen weeks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from oversight.risk.engine.parameters import DEFAULT, Parameters


@dataclass(frozen=True, slots=True)
class Episode:
    """The tiers raised so far (none: no episode), since when, and since when the score has been low."""

    tiers: tuple[str, ...] = ()
    opened_on: date | None = None
    low_since: date | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain data for a JSON column."""
        return {
            "tiers": list(self.tiers),
            "opened_on": self.opened_on.isoformat() if self.opened_on else None,
            "low_since": self.low_since.isoformat() if self.low_since else None,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Episode":
        """The episode that `as_json` wrote; an empty mapping is no episode."""
        opened, low = data.get("opened_on"), data.get("low_since")
        return cls(
            tuple(data.get("tiers", ())),
            date.fromisoformat(opened) if opened else None,
            date.fromisoformat(low) if low else None,
        )


NO_EPISODE = Episode()


def advance(
    episode: Episode, day: date, score: float, parameters: Parameters = DEFAULT
) -> tuple[Episode, tuple[str, ...]]:
    """The episode after a day's score, and the tiers first reached by it, lowest first.

    To be called once for every day from the end of the home's first weeks on, in order; calling again for the same
    day with a later score is allowed.
    """
    reached = tuple(tier for tier, bar in parameters.bars() if score >= bar and tier not in episode.tiers)
    if reached:
        return Episode((*episode.tiers, *reached), episode.opened_on or day, None), reached
    if not episode.tiers:
        return episode, ()
    if score >= parameters.look / 2:
        return Episode(episode.tiers, episode.opened_on, None), ()
    since = episode.low_since or day
    if (day - since).days + 1 >= parameters.episode_end_weeks * 7:
        return NO_EPISODE, ()
    return Episode(episode.tiers, episode.opened_on, since), ()
