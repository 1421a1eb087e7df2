"""The administrator's page for the list of homes."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from events import clock
from homes.access import NotAllowedError, current_posts
from homes.imports.actions import import_homes
from homes.imports.forms import ListForm
from homes.imports.reading import ListRead, read_homes
from homes.interface.requests import SignedInRequest
from homes.models import Home

MOST_SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
def homes_list(request: SignedInRequest) -> HttpResponse:
    """GET asks for a file; POST saves it whole, or says line by line what is wrong and saves nothing."""
    now = clock.now()
    if not any(post.role == "administrator" for post in current_posts(request.user.pk, now)):
        raise Http404
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    read = ListRead()
    if form.is_valid():
        read = read_homes(form.cleaned_data["file"])
        if not read.problems:
            try:
                done = import_homes(homes=read.homes, by=request.user.pk, now=now)
            except NotAllowedError as problem:
                raise Http404 from problem
            said = f"{done.added} homes added, {done.changed} corrected, {done.unchanged} as before."
            messages.success(request, f"{said} {_aside(read)}".strip())
            return redirect("homes-import")
        form.add_error("file", f"Nothing was saved: {len(read.problems)} places could not be read")
    context = {
        "form": form,
        "problems": read.problems[:MOST_SHOWN],
        "more": max(len(read.problems) - MOST_SHOWN, 0),
        "homes": Home.objects.filter(closed_on__isnull=True).count(),
    }
    return render(request, "homes/imports/list.html", context, status=422 if read.problems else 200)


def _aside(read: ListRead) -> str:
    said = []
    if read.passed_over:
        said.append(f"{read.passed_over} lines are no homes and were passed over.")
    if read.warnings:
        said.append(f"{len(read.warnings)} homes are of a kind we do not know and stand as other.")
    return " ".join(said)
