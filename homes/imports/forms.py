"""The form that takes a list of homes."""

from django import forms

from homes.interface.forms import HubForm

MOST_BYTES = 20_000_000


class ListForm(HubForm):
    file = forms.FileField(
        label="List of homes, as CSV",
        help_text="As the regulator publishes it. Columns may stand in any order.",
        widget=forms.FileInput({"class": "govuk-file-upload", "accept": ".csv,text/csv"}),
        error_messages={"required": "Choose a CSV file", "empty": "The file is empty"},
    )

    def clean_file(self) -> bytes:
        given = self.cleaned_data["file"]
        if given.size > MOST_BYTES:
            raise forms.ValidationError("The file must be smaller than 20 MB")
        content: bytes = given.read()
        return content
