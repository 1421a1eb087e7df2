"""What the demonstration would have sent, as text. Anywhere but in a demo world these pages do not exist."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from events import world
from hesley_hub.demo_mail import keeping

A_PAGE = 50


@require_GET
def mails(request: HttpRequest) -> HttpResponse:
    """Every message that is kept, the newest first; ``?to=`` shows those to one address only."""
    _demo_only()
    found = sorted(keeping.numbers(), reverse=True)
    wanted = request.GET.get("to", "").strip()
    if wanted:
        found = [number for number in found if _is_to(number, wanted)]
    pages = Paginator(found, A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    rows = [mail for number in page if (mail := keeping.read(number)) is not None]
    context = {
        "rows": rows,
        "page": page,
        "pages": pages.get_elided_page_range(page.number),
        "count": pages.count,
        "wanted": wanted,
    }
    return render(request, "hesley_hub/demo_mail/mails.html", context)


@require_GET
def mail(request: HttpRequest, number: int) -> HttpResponse:
    """One message as text."""
    _demo_only()
    found = keeping.read(number)
    if found is None:
        raise Http404
    return render(request, "hesley_hub/demo_mail/mail.html", {"mail": found})


def _is_to(number: int, wanted: str) -> bool:
    found = keeping.read(number)
    return found is not None and found.to.lower() == wanted.lower()


def _demo_only() -> None:
    if world.kind() != world.DEMO:
        raise Http404
