"""The page that says who may read one child's case record, and where consents are given and withdrawn."""

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from events import clock
from homes.access import NotAllowedError
from homes.consents import actions, queries
from homes.consents.forms import BoardForm, GiveForm, WithdrawForm
from homes.crossing import CrossedError
from homes.interface.crossed import STATUS, crossed, opened
from homes.interface.requests import SignedInRequest
from homes.looking.models import Look
from homes.looking.seen import saw
from homes.models import CaseConsent, Child, Placement

Found = TypeVar("Found")
FORMS: dict[str, type[GiveForm] | type[WithdrawForm] | type[BoardForm]] = {
    "give": GiveForm,
    "withdraw": WithdrawForm,
    "board": BoardForm,
}


@require_http_methods(["GET", "HEAD", "POST"])
def child_consents(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Both consents for the visitor, and the board that answers for the child's health."""
    now, viewer = clock.now(), request.user.pk
    child = Child.objects.visible_to(viewer, now).filter(pk=key).first()
    if child is None:
        raise Http404
    saw(request, what=Look.What.CHILD, subjects=[child.pk])
    typed = None
    if request.method == "POST":
        asked = FORMS.get(request.POST.get("what", ""))
        if asked is None:
            raise Http404
        typed = asked(request.POST)
        if typed.is_valid():
            try:
                _do(typed, child, opened(request), viewer, now)
            except CrossedError as problem:
                context = _context(child, viewer, now, typed) | crossed(typed, problem)
                return render(request, "homes/consents/child.html", context, status=STATUS)
            messages.success(request, "Recorded.")
            return redirect("child-consents", child.pk)
    return render(request, "homes/consents/child.html", _context(child, viewer, now, typed))


def _do(
    form: GiveForm | WithdrawForm | BoardForm, child: Child, seal: str, viewer: UUID, now: datetime
) -> None:
    """The one action that was asked for; 404 where the person may not, or it is about another child."""
    said = form.cleaned_data
    try:
        if isinstance(form, GiveForm):
            placement = Placement.objects.filter(pk=said["placement"], child=child).first()
            actions.give_consent(
                placement=_there(placement),
                whose=said["whose"],
                spoken_by=said["spoken_by"],
                how=said["how"],
                by=viewer,
                now=now,
            )
        elif isinstance(form, WithdrawForm):
            consents = CaseConsent.objects.select_related("placement__placing_authority")
            consent = consents.filter(pk=said["consent"], placement__child=child).first()
            actions.withdraw_consent(consent=_there(consent), why=said["why"], by=viewer, now=now)
        else:
            actions.name_board(child=child, board=said["board"], opened=seal, by=viewer, now=now)
    except NotAllowedError:
        raise Http404 from None


def _there(found: Found | None) -> Found:
    if found is None:
        raise Http404
    return found


def _context(child: Child, viewer: UUID, now: datetime, typed: Any) -> dict[str, Any]:
    sides = []
    for number, side in enumerate(queries.sides(child, viewer, now)):
        named = f"side-{number}-%s"  # several forms stand on one page
        given: dict[str, Any] = {"whose": side.whose, "placement": side.placement.pk}
        form: GiveForm | WithdrawForm = GiveForm(initial={"what": "give"} | given, auto_id=named)
        if side.consent is not None:
            form = WithdrawForm(initial={"what": "withdraw", "consent": side.consent.pk}, auto_id=named)
        elif isinstance(typed, GiveForm) and typed.data.get("whose") == side.whose:
            form = typed
        sides.append({"side": side, "form": form})
    may_name = queries.may_name_board(viewer, child, now)
    return {
        "child": child,
        "sides": sides,
        "problem": typed,
        "board": queries.responsible_board(child, now),
        "board_opened": queries.board_said(queries.board_named(child)).seal,
        "board_form": (
            typed
            if isinstance(typed, BoardForm)
            else BoardForm(initial={"what": "board"}, auto_id="board-%s")
        )
        if may_name
        else None,
        "opens": Child.objects.case_open_to(viewer, now).filter(pk=child.pk).exists(),
    }
