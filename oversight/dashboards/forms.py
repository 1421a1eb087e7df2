"""The filter of the national list and of an area."""

from django import forms

from homes.interface.forms import HubForm
from homes.models import Organisation
from oversight.dashboards.lists import PATTERN_CHOICES, Choice

LEVELS = [
    ("all", "All homes"),
    ("look", "Look and above"),
    ("unanswered", "Only unanswered"),
    ("quiet", "Only quiet homes"),
]


class ListFilter(HubForm):
    """GET only: a value nobody offered is dropped, never an error page."""

    words = forms.CharField(label="Home, provider or URN", required=False, max_length=80)
    level = forms.ChoiceField(label="Level", choices=LEVELS, required=False)
    pattern = forms.ChoiceField(label="Pattern", choices=PATTERN_CHOICES, required=False)
    area = forms.ModelChoiceField(
        label="Area",
        queryset=Organisation.objects.filter(hosted_homes__isnull=False).distinct().order_by("name"),
        empty_label="All areas",
        required=False,
    )

    def choice(self) -> Choice:
        """What was asked; whatever cannot be read counts as not asked."""
        self.is_valid()
        cleaned = self.cleaned_data
        area = cleaned.get("area")
        return Choice(
            words=(cleaned.get("words") or "").strip(),
            level=cleaned.get("level") or "all",
            pattern=cleaned.get("pattern") or "",
            area=str(area.pk) if area else "",
        )
