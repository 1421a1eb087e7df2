"""The base of every form: our own words for errors, today handed in, drafts shown without blame."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Self
from uuid import UUID

from django import forms
from django.forms.utils import ErrorDict
from django.utils.datastructures import MultiValueDict

from events.identity import new_id
from homes.interface.fields import DayField

DJANGOS_OWN = str(forms.Field.default_error_messages["required"])


def _asked(field: forms.Field) -> str:
    """What to do about an empty field, in words made from its label."""
    label = str(field.label or "").strip()
    if label.endswith("?"):
        return f"Answer the question: {label}"
    if isinstance(field, forms.BooleanField):
        return f"Tick the box to go on: {label}"
    verb = "Choose" if isinstance(field, forms.ChoiceField | forms.ModelChoiceField) else "Enter"
    lowered = label[:1].lower() + label[1:] if label[1:2].islower() else label
    return f"{verb} {lowered}" if label else f"{verb} this"


class SentOnce(forms.Form):
    """Mixed into a form that makes something: the page carries the key of what it makes, so that it is made once.

    ``sent_as`` is that key; a form that was sent without one gets a new one.
    """

    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        options["initial"] = {"client_id": new_id()} | dict(options.get("initial") or {})
        super().__init__(*args, **options)

    def sent_as(self) -> UUID:
        return self.cleaned_data["client_id"] or new_id()


class HubForm(forms.Form):
    """A form that never says "This field is required.".

    `today` reaches every field that needs the day. `quiet` shows what was typed and blames nothing: for a draft.
    """

    use_required_attribute = False

    def __init__(self, *args: Any, today: date | None = None, quiet: bool = False, **options: Any) -> None:
        options.setdefault("label_suffix", "")
        super().__init__(*args, **options)
        self.quiet = quiet
        self.today = today
        for name, field in self.fields.items():
            if field.label is None:
                field.label = name.replace("_", " ").capitalize()
            if field.error_messages.get("required") == DJANGOS_OWN:
                field.error_messages["required"] = _asked(field)
            if isinstance(field, DayField):
                field.today = today

    @classmethod
    def from_draft(cls, typed: Mapping[str, list[str]], **options: Any) -> Self:
        """The form as it was left: `typed` is name -> texts, as `as_typed` gave them."""
        return cls(
            MultiValueDict({name: list(texts) for name, texts in typed.items()}), quiet=True, **options
        )

    @staticmethod
    def as_typed(data: Mapping[str, Any]) -> dict[str, list[str]]:
        """What a person typed, unchecked, to be kept as a draft (a request's POST, less its token).

        Whole but for NUL, which no keyboard types and the database does not take.
        """
        many = getattr(data, "lists", None)
        pairs = many() if many else ((name, [value]) for name, value in data.items())
        return {
            name.replace("\0", ""): [str(text).replace("\0", "") for text in texts]
            for name, texts in pairs
            if name != "csrfmiddlewaretoken"
        }

    @property
    def errors(self) -> ErrorDict:
        return ErrorDict() if self.quiet else super().errors

    def is_valid(self) -> bool:
        return not self.quiet and super().is_valid()
