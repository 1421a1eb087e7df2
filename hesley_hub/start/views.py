"""The first page of each post, sign-in, and the people of a demonstration."""

from typing import Any

from allauth.account.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from events import clock, world
from hesley_hub.demo.crossing import suggestion
from hesley_hub.interface.context import hub_of
from hesley_hub.start.demo_people import people_to_try
from hesley_hub.start.forms import SignInForm
from hesley_hub.start.numbers import NATIONAL
from hesley_hub.start.page import start_page
from homes.interface.requests import SignedInRequest


@require_safe
def start(request: SignedInRequest) -> HttpResponse:
    """What is owed and what to do next, for every post that the person holds."""
    page = start_page(hub_of(request).posts, request.user.pk, clock.now())
    return render(request, "hesley_hub/start/start.html", {"page": page})


class SignIn(LoginView):  # type: ignore[misc]
    """The promise, the way in, and whom to ring instead."""

    form_class = SignInForm
    template_name = "account/login.html"

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        if form.waits:
            response.status_code = 429
            response.headers["Retry-After"] = str(form.waits)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        demo = world.kind() == world.DEMO
        return context | {"numbers": NATIONAL, "people": people_to_try() if demo else []}


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Who can be tried in a demonstration, and which records cross the bar from here."""
    if world.kind() != world.DEMO:
        raise Http404
    context = {"people": people_to_try(), "suggestion": suggestion(clock.now())}
    return render(request, "hesley_hub/start/people.html", context)
