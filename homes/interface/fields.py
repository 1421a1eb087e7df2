"""Fields for days and times as people say them."""

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from homes.interface.widgets import DayChoiceWidget, DayWidget

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
TIME_SAID = re.compile(r"(\d{1,2})(?:[:.h ]?(\d{2}))?\s*(am|pm|a\.m\.|p\.m\.)?")
ABOUT = re.compile(r"^(about|approx|approximately|around|circa|ca|c|at|~)\.?\s*", re.IGNORECASE)
NAMED_TIMES = {"midnight": time(0), "midday": time(12), "noon": time(12)}


def time_said(text: str) -> time | None:
    """The time of day that a person typed, like 21:40, 2140, 21.40, 9.40pm or midnight; None if it is not one.

    A bare number of one or two figures is refused: 9 may be morning or evening.
    """
    said = ABOUT.sub("", text.strip().lower())
    if said in NAMED_TIMES:
        return NAMED_TIMES[said]
    match = TIME_SAID.fullmatch(said)
    if match is None or (match[2] is None and match[3] is None):
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[3].startswith("p") else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def month_said(text: str) -> int | None:
    """1 to 12 for 11, 011, nov or November; None otherwise."""
    if text.isascii() and text.isdigit():
        return int(text)
    name = text.strip(". ").lower()
    return MONTHS.index(name[:3]) + 1 if name[:3] in MONTHS else None


class TimeField(forms.CharField):
    """A time on the 24-hour clock, typed freely; cleans to `datetime.time`, or None when empty and not required."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "24-hour clock. About is good enough.")
        options.setdefault(
            "widget", forms.TextInput({"class": "govuk-input--width-10", "autocomplete": "off"})
        )
        super().__init__(**options)
        self.error_messages.setdefault("invalid", "Enter a time like 21:40")

    def clean(self, value: object) -> Any:
        text = super().clean(value)
        if not text:
            return None
        moment = time_said(text)
        if moment is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment

    def prepare_value(self, value: object) -> object:
        return value.strftime("%H:%M") if isinstance(value, time) else value


class DayField(forms.Field):
    """A day in three boxes; cleans to `datetime.date`, or None when empty and not required.

    `latest` is the last day allowed ("today": the form's own), with the message `future`; `earliest` the first, with
    the message `past`.
    """

    widget = DayWidget
    default_error_messages = {
        "required": "Enter the date",
        "incomplete": "The date must include a {missing}",
        "invalid": "Enter a real date, like 9 11 2026",
        "future": "The date must be today or in the past",
        "past": "The date is too long ago",
    }

    def __init__(
        self, *, latest: date | str | None = None, earliest: date | None = None, **options: Any
    ) -> None:
        super().__init__(**options)
        self.latest = latest
        self.earliest = earliest
        self.today: date | None = None

    def to_python(self, value: object) -> date | None:
        if value is None or isinstance(value, date):
            return value
        typed = value if isinstance(value, Mapping) else {}
        return self._day_typed(typed)

    def _day_typed(self, typed: Mapping[Any, Any]) -> date | None:
        texts = {part: str(typed.get(part, "")) for part in ("day", "month", "year")}
        missing = [part for part, text in texts.items() if not text]
        if len(missing) == 3:
            return None
        if missing:
            words = self.error_messages["incomplete"].format(missing=" and a ".join(missing))
            raise ValidationError(words, code="incomplete")
        month = month_said(texts["month"])
        try:
            if month is None or len(texts["year"]) != 4:
                raise ValueError
            return date(int(texts["year"]), month, int(texts["day"]))
        except (ValueError, OverflowError):
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def validate(self, value: Any) -> None:
        super().validate(value)
        latest = self.today if self.latest == "today" else self.latest
        if value and isinstance(latest, date) and value > latest:
            raise ValidationError(self.error_messages["future"], code="future")
        if value and self.earliest and value < self.earliest:
            raise ValidationError(self.error_messages["past"], code="past")

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


class DayChoiceField(DayField):
    """Today, yesterday or another day; cleans to `datetime.date`. The form's `today` must be given."""

    widget = DayChoiceWidget

    def __init__(self, **options: Any) -> None:
        options.setdefault("latest", "today")
        super().__init__(**options)

    def to_python(self, value: object) -> date | None:
        if value is None or isinstance(value, date):
            return value
        typed = value if isinstance(value, Mapping) else {}
        if self.today is None:
            raise ValueError("Give the form today=, so that it knows which day yesterday was")
        choice = typed.get("choice")
        if choice == "today":
            return self.today
        if choice == "yesterday":
            return self.today - timedelta(days=1)
        if choice == "other":
            day = self._day_typed(typed)
            if day is None:
                raise ValidationError(self.error_messages["required"], code="required")
            return day
        return None

    def choice_of(self, value: object) -> str:
        """Which radio stands for this value: today, yesterday, other, or none."""
        if isinstance(value, Mapping):
            return str(value.get("choice", ""))
        if isinstance(value, date) and self.today is not None:
            days = (self.today - value).days
            return {0: "today", 1: "yesterday"}.get(days, "other")
        return ""
