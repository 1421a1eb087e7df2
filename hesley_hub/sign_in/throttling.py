"""Slowing guesses without shutting anybody out.

Tries are counted for the account from one address, for the address alone, and for the account from everywhere. After
some failures the next try must wait; what comes too early is not looked at and does not lengthen the wait. Nobody can
close the door on somebody else: a browser in which the person signed in before is counted by itself; an address that
has not failed always has a first try, however hot the account; a passkey, and a right code of the person's
authenticator beside the password, pass without waiting. Known and unknown names are answered alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

FORGET_AFTER = 3600
#: Failures from everywhere, within the hour, after which an account counts as under attack.
HOT = 20


@dataclass(frozen=True)
class Measure:
    """Free failures, then a wait of ``first`` seconds that doubles with each further one up to ``longest``."""

    free: int
    first: int
    longest: int

    def wait(self, failures: int) -> int:
        """Seconds after the latest failure until the next try is looked at."""
        beyond = failures - self.free
        return 0 if beyond < 0 else min(self.first * 2 ** min(beyond, 30), self.longest)


#: Nine guesses at one account from one address in five minutes, three when the account is hot.
ACCOUNT_HERE = Measure(free=3, first=5, longest=300)
HOT_ACCOUNT_HERE = Measure(free=1, first=60, longest=300)
ADDRESS = Measure(free=20, first=5, longest=60)


@dataclass(frozen=True)
class Tries:
    """Where a try comes from. known: the browser's own mark, where the person signed in with it before."""

    account: str
    address: str
    known: str = ""

    @property
    def here(self) -> str:
        return f"here:{self.account}:{self.known or self.address}"

    @property
    def from_address(self) -> str:
        return f"address:{self.address}"

    @property
    def everywhere(self) -> str:
        return f"account:{self.account}"

    def counted(self) -> Sequence[str]:
        return (self.here,) if self.known else (self.here, self.from_address, self.everywhere)


def _name(of: str, part: str) -> str:
    return f"sign-in:{part}:{of}".replace(" ", "%20")


def _failures(of: str) -> int:
    return int(cache.get(_name(of, "failed"), 0))


def _rest(of: str, measure: Measure, now: datetime) -> int:
    latest = float(cache.get(_name(of, "latest"), 0))
    return max(0, round(latest + measure.wait(_failures(of)) - now.timestamp() + 0.49))


def seconds_to_wait(tries: Tries, *, now: datetime) -> int:
    """Whole seconds until the next try from there is looked at; 0 where it is looked at now."""
    if tries.known:
        return _rest(tries.here, ACCOUNT_HERE, now)
    hot = _failures(tries.everywhere) >= HOT
    here = _rest(tries.here, HOT_ACCOUNT_HERE if hot else ACCOUNT_HERE, now)
    return max(here, _rest(tries.from_address, ADDRESS, now))


def count(tries: Tries, *, now: datetime) -> None:
    """Count a try as failed before it is looked at, so that many at once gain nothing."""
    for of in tries.counted():
        if not cache.add(_name(of, "failed"), 1, FORGET_AFTER):
            try:
                cache.incr(_name(of, "failed"))
            except ValueError:
                cache.set(_name(of, "failed"), 1, FORGET_AFTER)  # it was forgotten in between
        cache.set(_name(of, "latest"), now.timestamp(), FORGET_AFTER)


def succeeded(tries: Tries) -> None:
    """Forget the failures of this account from here; take back the one that was counted for the address."""
    for part in ("failed", "latest"):
        cache.delete(_name(tries.here, part))
    for of in tries.counted()[1:]:
        try:
            cache.incr(_name(of, "failed"), -1)
        except ValueError:
            continue
