"""Taking up an invitation, and a first password beside a passkey. Everything else of signing in is allauth's, in our templates."""

from allauth.account.views import password_set
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from events import clock
from hesley_hub.sign_in.forms import NewPassword
from homes.access import NotAllowedError
from homes.interface.requests import SignedInRequest
from homes.interface.step_up import step_up
from homes.people import actions


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """Set the password that the link is for, once; then sign in with it."""
    user = actions.invited_by(token)
    if user is None:
        raise Http404
    form = NewPassword(request.POST, user=user) if request.method == "POST" else NewPassword(user=user)
    if form.is_valid():
        try:
            actions.take_up(token=token, password=form.cleaned_data["password"], now=clock.now())
        except NotAllowedError as problem:
            raise Http404 from problem
        return redirect(settings.LOGIN_URL)
    return render(request, "account/invited.html", {"form": form, "username": user.username})


@step_up
def first_password(request: SignedInRequest) -> HttpResponse:
    """A password for somebody who signs in with a passkey and has none; who they are is asked first."""
    answer: HttpResponse = password_set(request)
    return answer
