"""The form that takes a configuration of Litestream."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from recovery.methods.litestream_config import LARGEST_BYTES


class LitestreamImportForm(forms.Form):
    """A litestream.yml, as a file or as text; `cleaned_data` has what it says, and of which host it is."""

    file = forms.FileField(
        label=_("File"), required=False, max_length=200, help_text=_("Such as /etc/litestream.yml of the machine.")
    )
    text = forms.CharField(
        label=_("Or its text"),
        required=False,
        max_length=LARGEST_BYTES,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
    )

    host = forms.CharField(
        label=_("Host"),
        required=False,
        max_length=200,
        help_text=_("Empty: this machine. Otherwise the machine that the file is of; no path in it is looked at then."),
    )

    def clean(self) -> dict[str, Any]:
        """The file's text goes before what was typed; one of them must be there."""
        cleaned = super().clean() or {}
        file = cleaned.pop("file", None)
        if file is not None:
            if file.size > LARGEST_BYTES:
                raise forms.ValidationError(_("This file is too long to be a configuration of Litestream."))
            try:
                cleaned["text"] = file.read().decode()
            except UnicodeDecodeError:
                raise forms.ValidationError(_("This file is no text. Choose the litestream.yml itself.")) from None
        if not cleaned.get("text", "").strip() and not self.errors:
            raise forms.ValidationError(_("Choose the file, or paste what it says."))
        return cleaned
