"""The form that takes a list of homes."""

from django import forms

from homes.imports.reading import NotTextError, text_of
from homes.interface.forms import HubForm

MOST_BYTES = 20_000_000
ENDING = ".csv"


class ListForm(HubForm):
    """Nothing of the file is kept but the homes read from it, and it is never served back; its name is not used."""

    file = forms.FileField(
        label="List of homes, as CSV",
        help_text="As the regulator publishes it. Columns may stand in any order.",
        widget=forms.FileInput({"class": "govuk-file-upload", "accept": ".csv,text/csv"}),
        error_messages={"required": "Choose a CSV file", "empty": "The file is empty"},
    )

    def clean_file(self) -> str:
        """The text of the file. What is no CSV by its name, its size or its first bytes is refused unread."""
        given = self.cleaned_data["file"]
        if not str(given.name).lower().endswith(ENDING):
            raise forms.ValidationError("The file must be a CSV, with a name that ends in .csv")
        if given.size > MOST_BYTES:
            raise forms.ValidationError("The file must be smaller than 20 MB")
        try:
            return text_of(given.read())
        except NotTextError as problem:
            raise forms.ValidationError(str(problem)) from problem
