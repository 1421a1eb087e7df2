"""What whoever holds a link is asked."""

from django import forms

from homes.interface.forms import HubForm


class AnswerForm(HubForm):
    """Name and post, as somebody says them."""

    name = forms.CharField(
        label="Your name",
        min_length=2,
        max_length=120,
        error_messages={"required": "Enter your name", "min_length": "Enter your whole name"},
    )
    post = forms.CharField(
        label="Your post",
        help_text="For example: duty social worker.",
        min_length=2,
        max_length=120,
        error_messages={"required": "Enter your post", "min_length": "Enter your post in full"},
    )
