"""A file for an incident."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.durations import format_bytes


class AttachmentForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a file."), "missing": gettext_lazy("Choose a file.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "attachment_%s"
        limit = {"limit": format_bytes(settings.EVIDENCE_FILE_LIMIT)}
        self.fields["file"].help_text = (
            _("A picture (PNG, JPEG, WebP, GIF), PDF, text or log, JSON or CSV; at most %(limit)s.") % limit
        )
