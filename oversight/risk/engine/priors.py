"""The shipped priors: what is believed of a home's usual rates before enough homes have been seen.

Rates are per five occupied beds and year (reg44: share of visits with an opinion of no or partly). They are assumptions
of our simulator, not measurements: no per-home series of real homes is public.
"""

from dataclasses import dataclass

SHIPPED_VERSION = "2026.1"

WEEKS_PER_YEAR = 365.25 / 7


@dataclass(frozen=True, slots=True)
class StreamFit:
    """A Gamma(shape, rate) belief of a stream's weekly rate per unit of exposure, and its dispersion (at least 1)."""

    shape: float
    rate: float
    dispersion: float


def _per_year(rate: float, shape: float, dispersion: float) -> StreamFit:
    return StreamFit(shape=shape, rate=shape * WEEKS_PER_YEAR / rate, dispersion=dispersion)


SHIPPED: tuple[StreamFit, ...] = (
    _per_year(10.0, 1.5, 1.7),
    _per_year(1.5, 1.15, 1.3),
    _per_year(0.1, 0.7, 1.2),
    _per_year(0.5, 0.9, 1.2),
    _per_year(2.0, 1.15, 1.4),
    StreamFit(shape=2.0, rate=2.0 / 0.08, dispersion=1.0),
)
