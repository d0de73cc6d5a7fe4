"""Files and links for an incident; the keys of cleaned_data are the services' keywords."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.durations import format_bytes
from recovery.forms import CaptionField


class AttachFileForm(forms.Form):
    """A file for an incident."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a file."), "missing": gettext_lazy("Choose a file.")},
    )
    caption = CaptionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "evidence_file_%s"
        limit = {"limit": format_bytes(settings.EVIDENCE_FILE_LIMIT)}
        parts = [_("A picture (PNG, JPEG, WebP, GIF), PDF, text or log, JSON or CSV; at most %(limit)s.") % limit]
        if self.is_bound:
            parts.append(_("Browsers do not keep a chosen file: choose it again."))
        self.fields["file"].help_text = " ".join(parts)


class AttachLinkForm(forms.Form):
    """A link for an incident."""

    # Not a URLField, which would rewrite what was typed.
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=2000,
        help_text=gettext_lazy("Of a dashboard or a ticket, say. Debrief keeps the address, not what is there."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    caption = CaptionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "evidence_link_%s"
