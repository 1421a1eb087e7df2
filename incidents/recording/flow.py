"""What a stream tells the recording pages: its questions, whom its duties follow from, how it is recorded."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from django.utils.datastructures import MultiValueDict

from events.clock import london_day
from homes.interface.forms import HubForm
from homes.models import Child, Employment, Home
from incidents.record.actions import DutyOwed
from incidents.record.models import Incident, Stream
from incidents.record.rights import Author

#: What was typed on each page, whole and unchecked; and what it means where it can be read.
Typed = Mapping[str, Mapping[str, list[str]]]
Answers = Mapping[str, Mapping[str, Any]]
Row = tuple[str, str]


@dataclass(frozen=True)
class Asking:
    """Who is asked, about which home, when; whom they may name; what they have answered so far."""

    author: Author
    home: Home
    now: datetime
    residents: Sequence[Child] = ()
    workers: Sequence[Employment] = ()
    answers: Answers = field(default_factory=dict)

    @property
    def today(self) -> date:
        return london_day(self.now)

    @property
    def children(self) -> list[Child]:
        """The children chosen so far, in the order of their marks."""
        return list(self.answers.get("who", {}).get("children", ()))


class StepForm(HubForm):
    """One page of questions. ``ask`` fits the fields to who is asked; ``rows`` tells the answers back."""

    #: Fields in which names of residents are looked for.
    free_text: ClassVar[tuple[str, ...]] = ()
    #: What a field is called where its answer is told back; else its label.
    brief: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, asking: Asking, **options: Any) -> None:
        self.asking = asking
        options.setdefault("today", asking.today)
        super().__init__(*args, **options)
        self.ask()

    def ask(self) -> None:
        """Fit the fields to who is asked."""

    def rows(self) -> list[Row]:
        """(question, answer) of what was answered, for checking; call it on a valid form."""
        return self.rows_but()

    def rows_but(self, *left_out: str) -> list[Row]:
        """As ``rows``, without the fields named."""
        return [
            (
                self.brief.get(bound.name, str(bound.label)),
                said(bound.field, self.cleaned_data.get(bound.name)),
            )
            for bound in self
            if bound.name not in left_out and self.cleaned_data.get(bound.name) not in (None, "", [])
        ]


def said(asked: Any, value: Any) -> str:
    """A cleaned answer in the words of its choices."""
    words = {str(key): str(label) for key, label in getattr(asked, "choices", ())}
    if isinstance(value, list | tuple | set):
        return ", ".join(words.get(str(one), str(one)) for one in value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return words.get(str(value), str(value))


@dataclass(frozen=True)
class Step:
    """One thought on a page. key stands in the address; question is the page's heading, intro the line under it."""

    key: str
    question: str
    form: type[StepForm]
    intro: str = ""
    warning: str = ""


@dataclass(frozen=True)
class Flow:
    """One stream's way from the first question to the record."""

    stream: Stream
    title: str
    choose: str
    hint: str
    steps: Sequence[Step]
    duties: Callable[[Asking, Answers], list[DutyOwed]]
    record: Callable[[Asking, Answers, UUID], Incident]
    text_for_ofsted: Callable[[Incident], str] | None = None
    ofsted_told: Callable[..., None] | None = None
    facts: Callable[[Incident], list[Row]] = lambda incident: []

    def step(self, key: str) -> Step | None:
        return next((step for step in self.steps if step.key == key), None)

    def after(self, key: str) -> Step | None:
        """The step that follows; None after the last."""
        keys = [step.key for step in self.steps]
        place = keys.index(key) + 1 if key in keys else 0
        return self.steps[place] if place < len(keys) else None


@dataclass(frozen=True)
class Read:
    """What a draft says: answers that can be read, forms by step, and the steps that still need an answer."""

    asking: Asking
    forms: Mapping[str, StepForm]
    missing: Sequence[Step]

    @property
    def answers(self) -> Answers:
        return self.asking.answers


def read(flow: Flow, typed: Typed, asking: Asking) -> Read:
    """Read every page of a draft in order, each knowing the answers before it."""
    answers: dict[str, Mapping[str, Any]] = {}
    forms: dict[str, StepForm] = {}
    missing: list[Step] = []
    for step in flow.steps:
        so_far = Asking(
            asking.author, asking.home, asking.now, asking.residents, asking.workers, dict(answers)
        )
        form = step.form(MultiValueDict(_lists(typed.get(step.key, {}))), asking=so_far)
        forms[step.key] = form
        if step.key in typed and form.is_valid():
            answers[step.key] = form.cleaned_data
        else:
            missing.append(step)
    whole = Asking(asking.author, asking.home, asking.now, asking.residents, asking.workers, answers)
    return Read(whole, forms, missing)


def _lists(typed: Mapping[str, list[str]]) -> dict[str, list[object]]:
    return {name: list(texts) for name, texts in typed.items()}
