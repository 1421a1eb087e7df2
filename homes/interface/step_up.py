"""Asking once more who it is, before something that takes data away or opens what is closed."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from events import clock
from homes.interface.requests import SignedInRequest

FRESH_FOR = timedelta(minutes=5)
#: A factor of the person's own, in the order in which it is asked for.
FACTORS = (
    (Authenticator.Type.TOTP, "mfa_reauthenticate"),
    (Authenticator.Type.WEBAUTHN, "mfa_reauthenticate_webauthn"),
)


def fresh(request: SignedInRequest, *, factor: bool) -> bool:
    """Whether the person proved within five minutes who they are; with their second factor, where they have one."""
    at = clock.unmoved().timestamp()
    records = get_authentication_records(request, request.user)
    wanted = [record for record in records if not factor or record.get("method") == "mfa"]
    return any(0 <= at - float(record["at"]) < FRESH_FOR.total_seconds() for record in wanted)


def ask_again(request: SignedInRequest) -> HttpResponse | None:
    """Where to go first; None where the proof is fresh."""
    kinds = set(Authenticator.objects.filter(user_id=request.user.pk).values_list("type", flat=True))
    route = next((route for kind, route in FACTORS if kind in kinds), None)
    if fresh(request, factor=route is not None):
        return None
    there = reverse(route or "account_reauthenticate")
    return HttpResponseRedirect(f"{there}?{urlencode({'next': request.get_full_path()})}")


def step_up(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Show the view only to somebody who signed in, or proved it again, within the last five minutes."""

    @wraps(view)
    def wrapped(request: SignedInRequest, *args: Any, **options: Any) -> HttpResponse:
        return ask_again(request) or view(request, *args, **options)

    return wrapped
