"""Reads of what children said: the latest of a home, who has not been heard, whom to ring."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case, Exists, Max, OuterRef, Q, Subquery, When
from django.db.models.functions import JSONObject

from events.clock import LONDON
from homes.access import Capacity, capacities
from homes.models import AccessHome, Child, DutyMailbox, Home, Placement
from homes.roles import ROLES, Picture
from voice.heard.models import Done, Method, View

SIX_WEEKS = 6
#: Beside the words that children chose, exactly as they must be told.
TRUTH = "We tell people outside first. If we have to tell someone here to keep you safe, we will tell you."


@dataclass(frozen=True)
class Said:
    """One view, ready for the voice strip: ``components/voice.html`` reads these names."""

    id: UUID
    child_id: UUID
    said_at: datetime
    symbols: list[str]
    words: str
    who: str
    done: str
    feels_unsafe: bool

    @property
    def href(self) -> str:
        return f"/views/{self.id}/"


class NotHeard(NamedTuple):
    """A child whose last known view is too old; only_by_staff: nobody from outside heard any view known here."""

    child: Child
    last_heard_at: datetime | None
    only_by_staff: bool


@dataclass(frozen=True)
class Ring:
    """A number to ring when a child may be in danger."""

    who: str
    number: str
    when: str

    @property
    def dial(self) -> str:
        return self.number.replace(" ", "")


def said_as(views: Iterable[View]) -> list[Said]:
    return [_said(view, max(view.done.all(), key=lambda done: done.done_at, default=None)) for view in views]


def _said(view: View, answer: Done | None) -> Said:
    local = view.said_at.astimezone(LONDON)
    method = Method(view.method).label
    return Said(
        id=view.pk,
        child_id=view.child_id,
        said_at=view.said_at,
        symbols=list(view.symbols),
        words=view.words,
        who=f"{view.child.initials}, {method}, heard by {view.heard_by}. {local.day} {local:%b}.",
        done=outcome(answer) if answer else "",
        feels_unsafe=view.feels_unsafe,
    )


def outcome(done: Done) -> str:
    """What was done, and whether it changed anything, in one line."""
    what = done.what.strip()
    ending = "" if what.endswith((".", "!", "?")) else "."
    return f"{what}{ending}" if done.it_changed else f"{what}{ending} It did not change."


def latest_views(home: Home, viewer: UUID, now: datetime, limit: int = 3) -> list[Said]:
    """The newest views of the home's children that the viewer may read, unsafe ones of six weeks first. One query."""
    recent = now - timedelta(weeks=SIX_WEEKS)
    views = (
        View.objects.visible_to(viewer, now)
        .filter(home=home, said_at__lte=now)
        .select_related("child")
        .annotate(
            pressing=Case(When(feels_unsafe=True, said_at__gte=recent, then=1), default=0),
            answer=Subquery(
                Done.objects.filter(view=OuterRef("pk"))
                .order_by("-done_at", "-id")
                .values(found=JSONObject(what="what", it_changed="it_changed"))[:1]
            ),
        )
        .order_by("-pressing", "-said_at", "-id")
    )
    found: list[Any] = list(views[:limit])
    return [_said(view, Done(**view.answer) if view.answer else None) for view in found]


def views_of(child: Child, viewer: UUID, now: datetime, limit: int = 50) -> list[View]:
    """What a child said, as far as the viewer may read it, newest first, with what was done."""
    views = View.objects.visible_to(viewer, now).filter(child=child).select_related("child", "home")
    return list(views.prefetch_related("done").order_by("-said_at", "-id")[:limit])


def last_answered(child: Child, viewer: UUID, now: datetime) -> View | None:
    """The newest view about which something was done."""
    answered = Done.objects.filter(view=OuterRef("pk"))
    views = View.objects.visible_to(viewer, now).filter(Exists(answered), child=child)
    return views.prefetch_related("done").order_by("-said_at", "-id").first()


def residents(home: Home, viewer: UUID, now: datetime) -> list[Child]:
    """The children living at the home whom the viewer may see by name, by initials."""
    living_there = Child.objects.resident(home.pk, now).values("pk")
    children = Child.objects.visible_to(viewer, now).filter(pk__in=living_there)
    return sorted(children, key=lambda child: (child.initials, child.pk))


def last_heard(home: Home, viewer: UUID, now: datetime) -> dict[UUID, tuple[datetime, bool]]:
    """For each child heard at the home: when last, and whether only by staff; as far as the viewer may read."""
    rows = (
        View.objects.visible_to(viewer, now)
        .filter(home=home, said_at__lte=now)
        .values("child_id")
        .annotate(last=Max("said_at"), outside=Max("said_at", filter=Q(heard_from_outside=True)))
    )
    return {row["child_id"]: (row["last"], row["outside"] is None) for row in rows}


def not_heard(home: Home, viewer: UUID, now: datetime, weeks: int = SIX_WEEKS) -> list[NotHeard]:
    """Children living at the home from whom the viewer knows no view of the last ``weeks`` weeks, longest first.

    A child who moved in less than ``weeks`` weeks ago is not counted until then, nor one whose case record is closed to
    the viewer, who cannot know. 4 queries.
    """
    since = now - timedelta(weeks=weeks)
    heard = last_heard(home, viewer, now)
    settled = set(
        Child.objects.resident(home.pk, now)
        .filter(placements__home=home, placements__starts_at__lte=since)
        .values_list("pk", flat=True)
    )
    silent = []
    opened = set(
        Child.objects.case_open_to(viewer, now)
        .filter(pk__in=Child.objects.resident(home.pk, now).values("pk"))
        .values_list("pk", flat=True)
    )
    for child in residents(home, viewer, now):
        if child.pk not in opened:
            continue
        last, by_staff = heard.get(child.pk, (None, False))
        if child.pk in settled and (last is None or last < since):
            silent.append(NotHeard(child, last, by_staff))
    return sorted(silent, key=lambda row: (row.last_heard_at is not None, row.last_heard_at or now))


def words_of(views: Collection[UUID], viewer: UUID, now: datetime) -> dict[UUID, Said]:
    """Those of the views that the viewer may read, by key."""
    found = View.objects.visible_to(viewer, now).filter(pk__in=views).select_related("child")
    return {said.id: said for said in said_as(found.prefetch_related("done"))}


def numbers_to_ring(home: Home) -> list[Ring]:
    """Children's social care of the home's host authority, by the hours of its desks; 999 stands above them."""
    if home.host_authority is None:
        return []
    name = home.host_authority.name
    boxes = DutyMailbox.objects.filter(
        organisation=home.host_authority, desk=DutyMailbox.Desk.SOCIAL_CARE
    ).exclude(phone="")
    order = [hours.value for hours in DutyMailbox.Hours]
    return [
        Ring(f"{name} children’s social care", box.phone, DutyMailbox.Hours(box.hours).label)
        for box in sorted(boxes, key=lambda box: order.index(box.hours))
    ]


def awake_at_night(home: Home) -> bool:
    """Whether a desk is set that answers out of hours: only then may anybody be promised something now."""
    return DutyMailbox.objects.filter(
        organisation__hosted_homes=home,
        desk=DutyMailbox.Desk.SOCIAL_CARE,
        hours__in=[DutyMailbox.Hours.ALWAYS, DutyMailbox.Hours.OUT_OF_HOURS],
    ).exists()


def who_will_see(pictures: Collection[Picture]) -> str:
    """To a child: who reads what is recorded by a helper standing in these pictures."""
    council = "people from the council that placed you"
    if Picture.PROVIDER in pictures:
        return f"People who work here will see this. So will your helper, {council}, the visitor and the inspector."
    return (
        f"Your helper, {council}, the visitor and the inspector will see this. "
        "People who work here will not see it unless somebody shares it with them."
    )


def may_hear(home: Home, viewer: UUID, now: datetime) -> bool:
    """Whether the person may record a child's view at this home."""
    return any(_hears(capacity) for capacity in capacities(viewer, home.pk, now))


def may_answer(view: View, viewer: UUID, now: datetime) -> bool:
    """Whether the person reads the view and answers to children at its home; family does not."""
    held = capacities(viewer, view.home_id, now)
    answers = any(_hears(capacity) and capacity.role != "family" for capacity in held)
    return answers and View.objects.visible_to(viewer, now).filter(pk=view.pk).exists()


def may_share(view: View, viewer: UUID, now: datetime) -> bool:
    """Whether the person may let the home read the view: its author, or whoever answers it, from outside the home."""
    if acts_for_provider(viewer, view.home_id) or view.home.has_closed(now):
        return False
    return view.recorded_by_id == viewer or may_answer(view, viewer, now)


def acts_for_provider(person: UUID, home: UUID) -> bool:
    """Dates do not matter: somebody who ever worked for the provider does not count as from outside."""
    return AccessHome.objects.filter(user_id=person, home_id=home, picture=Picture.PROVIDER).exists()


def _hears(capacity: Capacity) -> bool:
    return capacity.role in ROLES and "view" in ROLES[capacity.role].records


def home_now(child: Child, viewer: UUID, now: datetime) -> Home | None:
    """Where the child lives now, if the viewer may open that home; of two homes, one where the viewer may hear."""
    living = Placement.objects.filter(child=child, starts_at__lte=now).exclude(ends_at__lte=now)
    homes = Home.objects.visible_to(viewer, now).filter(pk__in=living.values("home_id"))
    found = list(homes.select_related("host_authority").order_by("name", "pk"))
    return next((home for home in found if may_hear(home, viewer, now)), found[0] if found else None)
