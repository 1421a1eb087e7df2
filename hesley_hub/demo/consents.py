"""Which of the demonstration's children let the visitor read their case record, and which board answers for whose health."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from events.deadlines import start_of_day
from hesley_hub.demo.country import HOMES, ICB_OF
from hesley_hub.demo.draws import share
from hesley_hub.demo.keys import key
from homes.models import CaseConsent, ResponsibleBoard
from oversight.risk import engine

#: This share of the children, and of the authorities that placed them, agreed; nobody recorded the others.
AGREED = {"child": 0.85, "authority": 0.8}


@dataclass(frozen=True)
class Arrival:
    """A child who moves in; authority: key of who placed the child. The others are user names of those who record."""

    placement: engine.Placement
    authority: str
    commissioner: str
    manager: str


def agree(arriving: Iterable[Arrival]) -> None:
    """Consents and boards of children who move in."""
    living = list(arriving)
    CaseConsent.objects.bulk_create(consent for one in living for consent in _consents(one))
    ResponsibleBoard.objects.bulk_create(_board(one) for one in living)


def _consents(one: Arrival) -> Iterator[CaseConsent]:
    child = one.placement.child
    for whose, agreed in AGREED.items():
        if share(f"{whose} agrees {child}") < agreed:
            by_child = whose == "child"
            yield CaseConsent(
                id=key("consent", f"{child} {whose}"),
                placement_id=key("placement", child),
                whose=whose,
                spoken_by="the child, in the child’s own way" if by_child else "the social worker",
                given_at=start_of_day(one.placement.starts_on),
                recorded_by_id=key("person", one.manager if by_child else one.commissioner),
            )


def _board(one: Arrival) -> ResponsibleBoard:
    """The board of the authority that placed the child; of authorities from further away, that of the home."""
    board = ICB_OF.get(one.authority) or ICB_OF[HOMES[one.placement.urn].host]
    return ResponsibleBoard(
        id=key("responsible board", one.placement.child),
        child_id=key("child", one.placement.child),
        board_id=key("organisation", board),
        starts_at=start_of_day(one.placement.starts_on),
        recorded_by_id=key("person", one.commissioner),
    )
