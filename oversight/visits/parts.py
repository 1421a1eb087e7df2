"""The parts of a visit's report as tasks: what each asks, how far each is, and the report they make together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.datastructures import MultiValueDict

from events.clock import london_day
from homes.interface.forms import HubForm
from oversight.visits import queries
from oversight.visits.actions import ChildSaid, NewRecommendation, NewReport
from oversight.visits.forms import (
    Asked,
    ChildrenForm,
    EarlierForm,
    RecommendationsForm,
    RecordsForm,
    SafeguardedForm,
    SaidForm,
    StaffForm,
    StandardsForm,
    WellBeingForm,
)
from oversight.visits.models import Recommendation, Visit, VisitDraft
from oversight.visits.queries import STANDARDS


@dataclass(frozen=True)
class Part:
    """One task. needed: the report cannot be filed without it."""

    key: str
    section: str
    text: str
    hint: str
    form: type[HubForm]
    needed: bool = False


VISIT, JUDGE = "The visit", "Follow up and judge"
PARTS: dict[str, Part] = {
    part.key: part
    for part in (
        Part("children", VISIT, "Record which children you saw", "And to whom you spoke in private", ChildrenForm, True),
        Part("said", VISIT, "Record what children said", "In their words, with the method used", SaidForm),
        Part("staff", VISIT, "Record staff and others you spoke to", "Posts, not names", StaffForm, True),
        Part("records", VISIT, "Record the records you sampled", "With premises and safety", RecordsForm),
        Part("standards", JUDGE, "Write what you found", "By the nine quality standards", StandardsForm, True),
        Part("earlier", JUDGE, "Follow up earlier recommendations", "", EarlierForm),
        Part("safeguarded", JUDGE, "Give your opinion: are children safeguarded?",
             "Reg 44(4)(a). Yes, partly or no; reasons are required", SafeguardedForm, True),
        Part("well_being", JUDGE, "Give your opinion: does the home promote well-being?",
             "Reg 44(4)(b)", WellBeingForm, True),
        Part("recommendations", JUDGE, "Make recommendations",
             "With a date by which each must be considered", RecommendationsForm),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Preparing:
    """A visit whose report is being written: what was typed so far, and what its forms need to know."""

    visit: Visit
    asked: Asked
    answers: Mapping[str, Any] = field(default_factory=dict)
    saved_at: datetime | None = None

    def typed(self, key: str) -> dict[str, list[str]]:
        return dict(self.answers.get(key, {}).get("typed", {}))

    def done(self, key: str) -> bool:
        return bool(self.answers.get(key, {}).get("done"))

    def form(self, part: Part, data: Any = None) -> HubForm:
        """The form of a part: with what was sent, else with what was typed, else empty."""
        options: dict[str, Any] = {"asked": self.asked}
        if data is not None:
            return part.form(data, **options)
        if self.typed(part.key):
            return part.form.from_draft(self.typed(part.key), **options)
        return part.form(**options)

    def accepted(self, part: Part) -> HubForm | None:
        """The form of a part that was accepted and still holds; None otherwise."""
        if not self.done(part.key):
            return None
        form = part.form(MultiValueDict(self.typed(part.key)), asked=self.asked)
        return form if form.is_valid() else None

    def applies(self, part: Part) -> bool:
        """Whether there is anything to answer: words need a child seen, follow-up an earlier recommendation."""
        if part.key == "said":
            return bool(self.asked.seen)
        return part.key != "earlier" or bool(self.asked.earlier)

    def needs(self, part: Part) -> bool:
        return part.needed or (part.key == "earlier" and bool(self.asked.earlier))

    def missing(self) -> list[Part]:
        """The parts without which the report cannot be filed."""
        return [part for part in PARTS.values() if self.needs(part) and self.accepted(part) is None]


def preparing(visit: Visit, viewer: UUID, now: datetime) -> Preparing:
    """What the visitor has written of the report of a visit so far."""
    draft = VisitDraft.objects.filter(user_id=viewer, visit=visit).first()
    answers = draft.answers if draft else {}
    seen = answers.get("children", {}).get("typed", {}).get("seen", [])
    asked = Asked(
        today=london_day(now),
        residents=queries.residents(visit.home, viewer, now),
        earlier=queries.open_recommendations(visit.home, viewer, now),
        seen=frozenset(seen),
    )
    return Preparing(visit, asked, answers, draft.saved_at if draft else None)


def status(work: Preparing, part: Part) -> str:
    """done, progress, needs, blocked or empty, as ``components/task_list.html`` reads it."""
    if not work.applies(part):
        return "blocked" if part.key == "said" else "done"
    if work.accepted(part) is not None:
        return "done"
    if work.done(part.key):
        return "needs"
    return "progress" if work.typed(part.key) else "empty"


def hint(work: Preparing, part: Part) -> str:
    """What stands under a task: what it holds already, or what it asks."""
    if part.key == "earlier":
        count = len(work.asked.earlier)
        often = max((one.times for one in work.asked.earlier), default=1)
        repeated = f". One was made {often} times" if often > 1 else ""
        return f"{count} open{repeated}" if count else "None open"
    form = work.accepted(part)
    if part.key == "children" and form is not None:
        seen, private = form.cleaned_data["seen"], form.cleaned_data["private"]
        return f"{len(seen)} of {form.cleaned_data['children_living']} seen, {len(private)} in private"
    if part.key == "said" and not work.applies(part):
        return "Record first which children you saw"
    return part.hint


def summary(work: Preparing) -> list[tuple[Part, list[tuple[str, str]]]]:
    """For each part: the questions answered, in words, to be checked before filing."""
    found = []
    for part in PARTS.values():
        form = work.accepted(part)
        rows = [] if form is None else _rows(form)
        if work.applies(part):
            found.append((part, rows))
    return found


def _rows(form: HubForm) -> list[tuple[str, str]]:
    rows = []
    for name, field_ in form.fields.items():
        value = form.cleaned_data.get(name)
        if value in (None, "", [], False):
            continue
        rows.append((str(field_.label), _in_words(field_, value)))
    return rows


def _in_words(asked: forms.Field, value: Any) -> str:
    if isinstance(asked, forms.ChoiceField):
        words = {str(key): str(label) for key, label in asked.widget.choices}
        values = value if isinstance(value, list) else [value]
        return ", ".join(words.get(str(one), str(one)) for one in values)
    return "Yes" if value is True else str(value)


def report_of(work: Preparing) -> NewReport:
    """The report that the accepted parts make. Call it only when nothing is missing."""
    answers: dict[str, Any] = {}
    for part in PARTS.values():
        form = work.accepted(part)
        if form is not None:
            answers |= form.cleaned_data
    return NewReport(
        visit=work.visit,
        safeguarded=answers["safeguarded"],
        safeguarded_reasons=answers["safeguarded_reasons"],
        well_being=answers["well_being"],
        well_being_reasons=answers["well_being_reasons"],
        children_living=answers["children_living"],
        children_seen=len(answers["seen"]),
        children_private=len(answers["private"]),
        staff_private=answers["staff_private"],
        said=_said(work, answers),
        findings={number: answers.get(f"standard_{number}") or "" for number in STANDARDS}
        | {"staff": answers.get("staff") or "", "records": answers.get("records") or ""},
        recommendations=_recommendations(work),
    )


def _said(work: Preparing, answers: Mapping[str, Any]) -> list[ChildSaid]:
    return [
        ChildSaid(
            child=child,
            words=answers.get(f"words_{child.pk.hex}") or "",
            method=answers.get(f"method_{child.pk.hex}") or "speech",
            share=bool(answers.get(f"share_{child.pk.hex}")),
        )
        for child in work.asked.residents
        if str(child.pk) in work.asked.seen
    ]


def _recommendations(work: Preparing) -> list[NewRecommendation]:
    made = []
    earlier = work.accepted(PARTS["earlier"])
    if earlier is not None:
        for one in work.asked.earlier:
            if earlier.cleaned_data.get(f"became_{one.key}") == "repeat":
                by = earlier.cleaned_data[f"by_{one.key}"]
                made.append(
                    NewRecommendation(
                        text=one.recommendation.text, consider_by=by, repeats=one.recommendation
                    )
                )
    new = work.accepted(PARTS["recommendations"])
    if isinstance(new, RecommendationsForm):
        made += [NewRecommendation(text=text, consider_by=by) for text, by in new.made()]
    return made


def closed(work: Preparing) -> list[tuple[Recommendation, str]]:
    """The earlier recommendations that the visitor closes, each with what they saw."""
    form = work.accepted(PARTS["earlier"])
    if form is None:
        return []
    return [
        (one.recommendation, form.cleaned_data[f"evidence_{one.key}"])
        for one in work.asked.earlier
        if form.cleaned_data.get(f"became_{one.key}") == "closed"
    ]
