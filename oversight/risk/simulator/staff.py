"""Who works in a simulated home, and whom its records name."""

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from oversight.risk.simulator.mark_rates import AdultRates
from oversight.risk.simulator.weeks import Booleans, Floats, Ints

STAYING = 10**8  # a day that never comes
DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Roster:
    """The posts of a home and the adults who fill them one after the other.

    `ends` (posts, K) is the day on which each adult of a post leaves, `propensity` (posts, K) how readily the adult is
    named. An adult's number is post * K + place in that post; the last `agency` posts are the agency's.
    """

    ends: Ints
    propensity: Floats
    agency: int

    @property
    def size(self) -> int:
        """How many adults work there on any day."""
        return int(self.ends.shape[0])

    def holders(self, days: Ints) -> Ints:
        """The adults who hold each post on some days, (days, posts), by number."""
        held = np.empty((days.shape[0], self.size), dtype=np.int64)
        for post, ends in enumerate(self.ends):
            held[:, post] = np.searchsorted(ends, days, side="right")
        width = self.ends.shape[1]
        result: Ints = np.minimum(held, width - 1) + np.arange(self.size) * width
        return result

    def agency_from(self) -> int:
        """The number from which adults are the agency's."""
        return (self.size - self.agency) * int(self.ends.shape[1])

    def worked(self, until: int) -> list[tuple[int, int, int]]:
        """Everybody who worked before day `until`: number, first day, day of leaving."""
        width = self.ends.shape[1]
        found = []
        for post, ends in enumerate(self.ends.tolist()):
            start = 0
            for place, end in enumerate(ends):
                if start >= until:
                    break
                if end > start:
                    found.append((post * width + place, start, end))
                start = end
        return found


def roster(places: int, days: int, rates: AdultRates, rng: np.random.Generator) -> Roster:
    """The staff of a home over so many days."""
    permanent = places * rates.per_bed
    leaving = [rates.turnover] * permanent + [rates.agency_turnover] * rates.agency_slots
    most = max(leaving) * days / DAYS_PER_YEAR
    width = int(most + 6 * most**0.5) + 4
    stays = rng.exponential(1.0, (len(leaving), width)) * (DAYS_PER_YEAR / np.array(leaving))[:, None]
    ends = np.cumsum(stays, axis=1).astype(np.int64)
    propensity = rng.gamma(rates.propensity, size=ends.shape) / rates.propensity
    ends[:, -1] = STAYING
    return Roster(ends, propensity, rates.agency_slots)


def settle(staff: Roster, number: int, day: int, rng: np.random.Generator) -> Ints:
    """Lets some of the permanent staff of a day stay for good, in the roster itself; gives their numbers."""
    posts = rng.permutation(staff.size - staff.agency)[:number]
    width = staff.ends.shape[1]
    chosen = []
    for post in posts.tolist():
        place = min(int(np.searchsorted(staff.ends[post], day, side="right")), width - 1)
        staff.ends[post, place:] = STAYING
        chosen.append(post * width + place)
    return np.array(chosen, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Culprits:
    """The adults whom a home going wrong is about, and the share of named events about them on each day asked."""

    adults: Ints
    share: Floats


def name_adults(
    staff: Roster, days: Ints, rates: AdultRates, culprits: Culprits, rng: np.random.Generator
) -> tuple[Ints, Booleans]:
    """Who is named by events on some days (in order), and whether the record carries the key."""
    size = days.shape[0]
    draws = rng.random((6, size))
    held = staff.holders(days)
    weight = staff.propensity.ravel()[held]
    permanent = staff.size - staff.agency
    named = _pick(held[:, :permanent], weight[:, :permanent], draws[1])
    if staff.agency:
        theirs = _pick(held[:, permanent:], weight[:, permanent:], draws[1])
        named = np.where(draws[0] < rates.agency_share, theirs, named)
    if culprits.adults.size:
        about = culprits.adults[(draws[1] * culprits.adults.size).astype(np.int64)]
        named = np.where(draws[2] < culprits.share, about, named)
    _echo(named, days, rates, draws[3], draws[4])
    recorded = np.where(named >= staff.agency_from(), rates.key_of_agency, rates.key_of_staff)
    return named, draws[5] < recorded


def _pick(held: Ints, weight: Floats, draw: Floats) -> Ints:
    reach = np.cumsum(weight, axis=1)
    chosen = (reach < (draw * reach[:, -1])[:, None]).sum(axis=1)
    picked: Ints = held[np.arange(held.shape[0]), np.minimum(chosen, held.shape[1] - 1)]
    return picked


def _echo(named: Ints, days: Ints, rates: AdultRates, whether: Floats, which: Floats) -> None:
    """Lets a share of events name again somebody named in the weeks before."""
    known = days.tolist()
    for event in np.flatnonzero(whether < rates.echo).tolist():
        first = bisect_left(known, known[event] - rates.echo_weeks * 7)
        if first < event:
            named[event] = named[first + int(which[event] * (event - first))]
