"""Text of several lines, with a limit that a sentence tells."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from incidents.lengths import LONG_TEXT


class LongTextField(forms.CharField):
    """Lines end as they do in the database, however the browser sent them, so that what is unchanged stays equal."""

    def to_python(self, value: Any) -> str:
        """The text with plain line feeds."""
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")


def _textarea(rows: int) -> forms.Textarea:
    """Marked as Markdown, so that files can be dropped into it."""
    return forms.Textarea(attrs={"rows": rows, "data-markdown": True})


def long_text(label: Any, *, rows: int = 3, max_length: int = LONG_TEXT, **kwargs: Any) -> forms.CharField:
    """A text of several lines with a limit that a sentence tells."""
    too_long = gettext_lazy(
        "This text has %(show_value)d characters and at most %(limit_value)d fit. Shorten it, or split it in parts."
    )
    field = LongTextField(label=label, widget=_textarea(rows), **kwargs)
    # Not as max_length of the field: the browser would cut off what is pasted without a word.
    field.validators.append(forms.CharField(max_length=max_length).validators[0])
    field.error_messages["max_length"] = too_long
    return field
