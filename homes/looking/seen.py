"""How a view says whom it showed. It costs an entry in a list; the row is written when the page is ready."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest
from rest_framework.request import Request

from homes.looking.models import Look

if TYPE_CHECKING:
    from homes.models import Home


@dataclass(frozen=True)
class Shown:
    """Whose records a page showed: keys of the children, adults or records; the home, where it was one home's."""

    what: str
    subjects: tuple[UUID, ...] = ()
    home: "Home | None" = None
    held: bool = False


def saw(
    request: HttpRequest | Request,
    *,
    what: Look.What,
    subjects: Iterable[UUID] = (),
    home: "Home | None" = None,
    held: bool = False,
) -> None:
    """Say that the page being made shows these. held: the regulator alone knows part of it."""
    plain = request._request if isinstance(request, Request) else request
    shown_so_far = shown(plain)
    shown_so_far.append(Shown(what.value, tuple(subjects), home, held))
    plain._hub_looks = shown_so_far  # type: ignore[attr-defined]


def shown(request: HttpRequest) -> list[Shown]:
    """What the views of this request said so far."""
    found: list[Shown] = getattr(request, "_hub_looks", [])
    return found
