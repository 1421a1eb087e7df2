"""Which consents stand for a child, who may record them, and which board answers for the child's health."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from homes.access import capacities
from homes.consents.rules import HEARS_AT_HOME, SPEAKS_FOR_AUTHORITY, SPEAKS_FOR_CHILD
from homes.crossing import Standing
from homes.models import AccessChild, CaseConsent, Child, Home, Placement, ResponsibleBoard


@dataclass(frozen=True)
class Side:
    """One of the two consents for a placement: the open one, if any, and whether the viewer may record it."""

    placement: Placement
    whose: str
    consent: CaseConsent | None
    may_record: bool

    @property
    def title(self) -> str:
        """Whose consent this is, in words."""
        if self.whose == CaseConsent.Whose.CHILD:
            return "The child"
        return self.placement.placing_authority.name


def sides(child: Child, viewer: UUID, now: datetime) -> list[Side]:
    """Both consents for each home where the child lives and whose placement the viewer may know of."""
    placements = Placement.objects.in_force(now).filter(child=child)
    found = []
    for placement in placements.select_related("home", "placing_authority", "child").order_by("starts_at"):
        given = {one.whose: one for one in _open_ones(placement, now)}
        found += [
            Side(placement, whose, given.get(whose), may_record(viewer, placement, whose, now))
            for whose in CaseConsent.Whose.values
        ]
    return found


def _open_ones(placement: Placement, now: datetime) -> Iterable[CaseConsent]:
    return CaseConsent.objects.in_force(now).filter(placement=placement).select_related("recorded_by")


def may_record(viewer: UUID, placement: Placement, whose: str, now: datetime) -> bool:
    """The placing authority's people record its consent; the home, an advocate or the social worker the child's."""
    rows = AccessChild.objects.in_force(viewer, now).filter(child_id=placement.child_id)
    ties = list(rows.values_list("capacity", "organisation_id"))
    if whose == CaseConsent.Whose.AUTHORITY:
        placed = ("placing_authority", placement.placing_authority_id)
        return placed in ties or any(capacity == "social_worker" for capacity, _ in ties)
    at_home = capacities(viewer, placement.home_id, now)
    return any(capacity in SPEAKS_FOR_CHILD for capacity, _ in ties) or any(
        held.role in HEARS_AT_HOME for held in at_home
    )


def may_name_board(viewer: UUID, child: Child, now: datetime) -> bool:
    """Whether the person speaks for whoever placed the child, and so knows who commissions its health care."""
    ties = AccessChild.objects.in_force(viewer, now).filter(child_id=child.pk)
    return ties.filter(capacity__in=SPEAKS_FOR_AUTHORITY).exists()


def responsible_board(child: Child, now: datetime) -> ResponsibleBoard | None:
    """The board that answers for the child's health at ``now``, as far as the database shows it to whoever asks."""
    found = ResponsibleBoard.objects.in_force(now).filter(child=child)
    return found.select_related("board", "recorded_by").first()


def board_named(child: Child) -> ResponsibleBoard | None:
    """The board that was named last and has no end."""
    return ResponsibleBoard.objects.filter(child=child, ends_at__isnull=True).first()


def board_said(standing: ResponsibleBoard | None) -> Standing:
    """The board as the form asks for it, and who named it."""
    if standing is None:
        return Standing({"board": ""})
    return Standing({"board": str(standing.board_id)}, standing.recorded_by.name, standing.starts_at)


def closed_cases(home: Home, viewer: UUID, now: datetime) -> set[UUID]:
    """Children living at the home whose name the person may know, and whose case record is closed to them."""
    living = Child.objects.resident(home.pk, now).values("pk")
    named = Child.objects.visible_to(viewer, now).filter(pk__in=living)
    opened = Child.objects.case_open_to(viewer, now).filter(pk__in=living)
    return set(named.values_list("pk", flat=True)) - set(opened.values_list("pk", flat=True))
