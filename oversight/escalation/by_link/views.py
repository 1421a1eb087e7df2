"""The page behind the link of an e-mail. Opening it changes nothing; a mail filter that follows links answers nothing."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from events import clock
from oversight.escalation.by_link import actions, links, queries
from oversight.escalation.by_link.forms import AnswerForm
from oversight.escalation.queries import moment_words

PAGE = "oversight/escalation/by_link.html"


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, word: str) -> HttpResponse:
    """Reference and deadline, and who says that it has reached them; 404 for a word that the hub did not write."""
    delivery = links.delivery_of(word)
    asked = queries.asked(delivery) if delivery else None
    if delivery is None or asked is None:
        raise Http404
    form = AnswerForm(request.POST) if request.method == "POST" else AnswerForm()
    if request.method == "POST" and form.is_valid():
        actions.answer(delivery=delivery, name=form.cleaned_data["name"], post=form.cleaned_data["post"])
        return redirect("answer-by-link", word=word)
    context = {"asked": asked, "form": form, "due": moment_words(asked.due_at, clock.now())}
    return render(request, PAGE, context, status=422 if request.method == "POST" else 200)
