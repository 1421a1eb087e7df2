"""Small homes and records for the tests of the engine."""

from datetime import date, timedelta

from oversight.risk.engine import Home, Record
from oversight.risk.simulator import Plan, World, simulate

START = date(2022, 1, 1)


def home(urn: str = "DEMO1", provider: str = "Provider", places: int = 5, opened_on: date = START) -> Home:
    return Home(urn, urn, provider, places, opened_on=opened_on)


def day(number: int) -> date:
    """The day `number` days after the start."""
    return START + timedelta(days=number)


def record(
    reference: str,
    stream: str = "reg40",
    occurred: int = 0,
    recorded: int | None = None,
    source: str = "home",
    *,
    urn: str = "DEMO1",
    child: str = "",
    adult: str = "",
    detail: str = "",
    withdrawn: int | None = None,
    visible: int | None = None,
    visit_known: int | None = None,
) -> Record:
    return Record(
        reference,
        urn,
        stream,
        day(occurred),
        day(occurred if recorded is None else recorded),
        source,
        child=child,
        adult=adult,
        detail=detail,
        withdrawn_on=None if withdrawn is None else day(withdrawn),
        provider_visible_on=None if visible is None else day(visible),
        visit_known_on=None if visit_known is None else day(visit_known),
    )


def small_world() -> World:
    """Six homes of three providers, two homes going wrong; seed chosen so that homes and providers raise alarms."""
    plan = Plan(homes=6, years=1.3, siblings=2, failing=0.5, onset_weeks=(20, 30), scenarios=("A", "B", "G"))
    return simulate(plan, 14)
