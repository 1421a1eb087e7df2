"""The pages of recording: choose, danger, one question after another, check, done."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from events import clock
from events.clock import LONDON
from homes.access import NotAllowedError, home_or_refuse, recordable
from homes.crossing import CrossedError
from homes.interface.crossed import STATUS, crossed_page, new_page, opened
from homes.interface.forms import HubForm
from homes.interface.requests import SignedInRequest
from homes.looking.models import Look
from homes.looking.seen import saw
from homes.models import Home
from homes.residents import residents, workers
from homes.roles import Kind
from incidents.record import marks
from incidents.record.happening import CannotRecordError
from incidents.record.looked import saw_record
from incidents.record.models import Draft, Incident
from incidents.record.rights import author
from incidents.record.telling import danger_numbers, items
from incidents.recording import actions
from incidents.recording.flow import Asking, Flow, Read, Step, StepForm, read
from incidents.recording.forms import DangerForm
from incidents.registry import FLOWS

#: Names of buttons, which are no answers.
BUTTONS = ("later", "names")
Context = dict[str, Any]


@require_GET
def choose(request: SignedInRequest) -> HttpResponse:
    """What to record, and where; drafts to finish first."""
    now = clock.now()
    rights = recordable(request.user.pk, now)
    homes = Home.objects.filter(pk__in=rights).order_by("name")
    places = [
        {"home": home, "flows": [flow for key, flow in FLOWS.items() if key in rights[home.pk]]}
        for home in homes
    ]
    places = [place for place in places if place["flows"]]
    wanted = request.GET.get("home", "")
    drafts = Draft.objects.filter(user=request.user, sent_at__isnull=True).select_related("home")
    known = [
        {"draft": draft, "flow": FLOWS[draft.form], "open": draft.form in rights.get(draft.home_id, ())}
        for draft in drafts.order_by("-saved_at")
        if draft.form in FLOWS
    ]
    return render(
        request,
        "incidents/recording/choose.html",
        {
            "places": [place for place in places if not wanted or _urn(place) == wanted],
            "drafts": known,
            "several": len(places) > 1,
        },
    )


def _urn(place: Context) -> str:
    return str(place["home"].urn)


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: SignedInRequest, stream: str) -> HttpResponse:
    """Is a child in danger now? With the numbers to ring, before anything is asked."""
    now = clock.now()
    flow = FLOWS.get(stream)
    if flow is None:
        raise Http404
    urn = request.POST.get("home") or request.GET.get("home") or ""
    home = _home(request, flow, urn, now)
    if home is None:
        return redirect("recording:choose")
    form = DangerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = HubForm.as_typed(request.POST)
        draft = actions.start_draft(
            home=home,
            form=stream,
            answers={"danger": typed},
            client_id=form.sent_as(),
            by=request.user.pk,
            now=now,
        )
        if form.cleaned_data["in_danger"] == "yes":
            return redirect("recording:danger", draft.pk)
        return redirect("recording:step", draft.pk, flow.steps[0].key)
    context = {"form": form, "flow": flow, "home": home, "numbers": danger_numbers(home)}
    return render(request, "incidents/recording/start.html", context)


def _home(request: SignedInRequest, flow: Flow, urn: str, now: datetime) -> Home | None:
    """The home that was chosen, or the only one; None where there are several to choose from."""
    if urn:
        try:
            home = home_or_refuse(request.user.pk, urn, now)
            author(request.user.pk, home, flow.stream, now)
        except NotAllowedError:
            raise Http404 from None
        return home
    rights = [key for key, streams in recordable(request.user.pk, now).items() if flow.stream in streams]
    if not rights:
        raise Http404
    return Home.objects.get(pk=rights[0]) if len(rights) == 1 else None


@require_GET
def danger(request: SignedInRequest, draft_id: UUID) -> HttpResponse:
    """Ring first; the record waits."""
    draft, flow = _draft(request, draft_id)
    context = {"flow": flow, "draft": draft, "first": flow.steps[0], "numbers": danger_numbers(draft.home)}
    return render(request, "incidents/recording/danger.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: SignedInRequest, draft_id: UUID, key: str) -> HttpResponse:
    """One page of questions; what is typed is kept whether it can be read or not."""
    now = clock.now()
    draft, flow = _draft(request, draft_id)
    here = flow.step(key)
    if here is None or not (draft.sent_at or _still_records(request, draft, flow, now)):
        raise Http404
    if draft.sent_at:
        messages.info(request, "You have recorded this already. Nothing was recorded twice.")
        return redirect("recording:done", draft.pk)
    if request.method != "POST":
        return _show(request, draft, flow, here, now, _form(draft, flow, here, request, now))
    typed = _typed(request)
    try:
        actions.save_step(draft=draft, step=key, typed=typed, now=now)
    except CrossedError as problem:
        mine = here.form.from_draft(typed, asking=_read(request, draft, flow, now).forms[key].asking)
        return _show(request, draft, flow, here, now, mine, more=crossed_page(mine, problem))
    if "later" in request.POST:
        messages.success(request, "Your draft is saved. Come back to it here.")
        return redirect("recording:choose")
    form = _read(request, draft, flow, now).forms[key]
    if not form.is_valid():
        return _show(request, draft, flow, here, now, form)
    found = marks.names_in(_free_text(form), form.asking.residents or form.asking.children)
    if found and request.POST.get("names") == "marks":
        _put_marks(draft, here, form, [one.child for one in found], now)
    elif found and request.POST.get("names") != "keep":
        return _show(request, draft, flow, here, now, form, found)
    following = flow.after(key)
    if following is None or request.GET.get("change"):
        return redirect("recording:check", draft.pk)
    return redirect("recording:step", draft.pk, following.key)


def _free_text(form: StepForm) -> str:
    return "\n".join(str(form.cleaned_data.get(name) or "") for name in form.free_text)


def _put_marks(draft: Draft, here: Step, form: StepForm, named: list[Any], now: datetime) -> None:
    """Choose the children who are named, and put their marks in the place of their names."""
    chosen = form.asking.children + [child for child in named if child not in form.asking.children]
    who = dict(draft.answers.get("who", {}))
    if form.asking.residents:
        who["children"] = [str(child.pk) for child in chosen]
        actions.save_step(draft=draft, step="who", typed=who, now=now)
    page = dict(draft.answers[here.key])
    for name in form.free_text:
        page[name] = [marks.with_marks(text, chosen) for text in page.get(name, [])]
    actions.save_step(draft=draft, step=here.key, typed=page, now=now)


def _form(draft: Draft, flow: Flow, here: Step, request: SignedInRequest, now: datetime) -> StepForm:
    asking = _read(request, draft, flow, now).forms[here.key].asking
    if here.key in draft.answers:
        return here.form.from_draft(draft.answers[here.key], asking=asking)
    return here.form(asking=asking)


def _show(
    request: SignedInRequest,
    draft: Draft,
    flow: Flow,
    here: Step,
    now: datetime,
    form: StepForm,
    found: list[marks.Named] | None = None,
    more: Context | None = None,
) -> HttpResponse:
    reading = _read(request, draft, flow, now)
    place = list(flow.steps).index(here)
    before = flow.steps[place - 1].key if place else None
    context = {
        "form": form,
        "fields": list(form),
        "draft": draft,
        "flow": flow,
        "step": here,
        "number": place + 1,
        "of": len(flow.steps),
        "back": before,
        "so_far": _so_far(flow, reading),
        "found": [{"said": one.said, "name": one.child.name} for one in found or ()],
        # A form that comes back with its mistakes goes on being the page that wrote; any other is a new one.
        "opened": opened(request) or new_page(draft.answers.get(here.key, {})),
    }
    status = STATUS if more else 200
    return render(request, "incidents/recording/step.html", context | (more or {}), status=status)


def _so_far(flow: Flow, reading: Read) -> list[Context]:
    rows = [
        row
        for one in flow.steps
        if one.key in reading.answers
        for row in reading.forms[one.key].rows()
        if row[1]
    ]
    return [{"key": key, "value": value if len(value) < 90 else value[:88] + "…"} for key, value in rows]


@require_POST
def save(request: SignedInRequest, draft_id: UUID, key: str) -> HttpResponse:
    """Keep a page while it is typed; the time at which it was kept, or 409 where another page wrote since."""
    now = clock.now()
    draft, flow = _draft(request, draft_id)
    if flow.step(key) is None or draft.sent_at or not _still_records(request, draft, flow, now):
        raise Http404
    try:
        actions.save_step(draft=draft, step=key, typed=_typed(request), now=now)
    except CrossedError:
        return JsonResponse({}, status=STATUS)
    return JsonResponse({"saved_at": f"{now.astimezone(LONDON):%H:%M}"})


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: SignedInRequest, draft_id: UUID) -> HttpResponse:
    """Every answer, and who must be told by when; then record it."""
    now = clock.now()
    draft, flow = _draft(request, draft_id)
    if draft.sent_at:
        return redirect("recording:done", draft.pk)
    reading = _read(request, draft, flow, now)
    problem, changed = "", False
    if request.method == "POST" and not reading.missing:
        try:
            actions.send(
                draft=draft,
                record=lambda key: flow.record(reading.asking, reading.answers, key),
                opened=opened(request),
                now=now,
            )
        except CannotRecordError as told:
            problem = str(told)
        except CrossedError:
            changed = True
        else:
            return redirect("recording:done", draft.pk)
    duties = [] if reading.missing else flow.duties(reading.asking, reading.answers)
    context = {
        "draft": draft,
        "flow": flow,
        "sections": _sections(flow, reading, draft),
        "missing": reading.missing,
        "problem": problem,
        "changed": changed,
        "opened": actions.checked(draft).seal,
        "asked": request.method == "POST",
        "tell": items(duties, now),
        "host": _takes_referrals(draft.home),
    }
    status = STATUS if changed else 200
    return render(request, "incidents/recording/check.html", context, status=status)


def _sections(flow: Flow, reading: Read, draft: Draft) -> list[Context]:
    rows: list[Context] = []
    for one in flow.steps:
        href = f"/record/draft/{draft.pk}/{one.key}/?change=1"
        if one.key in reading.answers:
            rows += [
                {"key": key, "value": value, "href": href} for key, value in reading.forms[one.key].rows()
            ]
        else:
            rows.append({"key": one.question, "value": "Not answered yet", "href": href, "text": "Answer"})
    return rows


@require_GET
def done(request: SignedInRequest, draft_id: UUID) -> HttpResponse:
    """The reference, and who to tell by when. For a disclosure, the reference alone."""
    now = clock.now()
    draft, flow = _draft(request, draft_id)
    if not draft.sent_at:
        return redirect("recording:check", draft.pk)
    visible = Incident.objects.visible_to(request.user.pk, now).select_related("home")
    incident = visible.filter(pk=draft.became).first() if draft.became else None
    if incident:
        saw_record(request, incident)
    tell = items(list(incident.duties.select_related("organisation", "told_by")), now) if incident else []
    for item in tell:
        if not item["told"]:
            item["actions"] = [
                {"text": "Record when you told them", "href": f"/record/told/{item['duty'].pk}/"}
            ]
        if item["ofsted"] and incident and flow.text_for_ofsted:
            item |= {"text": flow.text_for_ofsted(incident), "copy": "Copy the text for Ofsted"}
    context = {
        "draft": draft,
        "flow": flow,
        "reference": draft.answers.get("receipt", {}).get("reference", ""),
        "incident": incident,
        "tell": tell,
        "host": _takes_referrals(draft.home),
    }
    return render(request, "incidents/recording/done.html", context)


def _takes_referrals(home: Home) -> str:
    """The authority that has said in writing that it takes referrals here; empty where none has."""
    host = home.host_authority
    return host.name if host and host.kind == Kind.LOCAL_AUTHORITY and host.takes_referrals_here else ""


def _draft(request: SignedInRequest, draft_id: UUID) -> tuple[Draft, Flow]:
    """The person's own draft and its flow; 404 for everybody else's."""
    own = Draft.objects.filter(user=request.user, pk=draft_id)
    draft = own.select_related("home__host_authority", "home__icb").first()
    if draft is None or draft.form not in FLOWS:
        raise Http404
    return draft, FLOWS[draft.form]


def _still_records(request: SignedInRequest, draft: Draft, flow: Flow, now: datetime) -> bool:
    """Whether the person may record there as they did when they began."""
    return flow.stream in recordable(request.user.pk, now).get(draft.home_id, ())


def _typed(request: SignedInRequest) -> dict[str, list[str]]:
    typed = HubForm.as_typed(request.POST)
    return {name: texts for name, texts in typed.items() if name not in BUTTONS}


def _read(request: SignedInRequest, draft: Draft, flow: Flow, now: datetime) -> Read:
    try:
        who = author(request.user.pk, draft.home, flow.stream, now)
    except NotAllowedError:
        raise Http404 from None
    asking = Asking(
        who,
        draft.home,
        now,
        residents=residents(draft.home, request.user.pk, now),
        workers=workers(draft.home, now),
    )
    saw(request, what=Look.What.CHILD, subjects=[child.pk for child in asking.residents], home=draft.home)
    return read(flow, draft.answers, asking)
