"""Which documents to import, and how the preview of each was corrected."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.errors import IncidentError
from incidents.services.import_files import MOST_BYTES, MOST_FILES, Source, read_sources
from lib.durations import format_bytes
from lib.forms import DayField
from lib.timezones import list_timezones


class ImportForm(forms.Form):
    """What was pasted or chosen, and what its times do not say."""

    text = forms.CharField(
        label=gettext_lazy("A post-mortem in Markdown"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "data-takes-files": True, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Title, date, severity, timeline, causes, action items and sections are recognised. Nothing is made before "
            "you have seen it."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("or a file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".md,.markdown,.txt,.json,.zip,text/*,application/zip"}),
        help_text=gettext_lazy("Markdown, JSON that Debrief exported, or a ZIP file of several."),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Timezone"), help_text=gettext_lazy("For times that name no timezone.")
    )
    day = DayField(label=gettext_lazy("Day"), required=False, help_text=gettext_lazy("For documents that name no day."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["time_zone"])
        field.choices = [(name, name) for name in list_timezones()]
        field.initial = timezone.get_current_timezone_name()

    def clean(self) -> dict[str, Any]:
        """The documents, wherever they came from."""
        values: dict[str, Any] = super().clean() or {}
        file, text = values.pop("file", None), values.pop("text", "")
        sources: list[Source] = []
        try:
            if text.strip():
                # Its lines end as the browser has it; a file's own may differ.
                sources += read_sources(_("The text"), text.encode(errors="replace"))
                sources = [Source("", source.text) for source in sources]
            if file is not None:
                sources += read_sources(file.name, file.read())
        except IncidentError as error:
            self.add_error("file" if file is not None else "text", str(error))
        if not self.errors and not sources:
            self.add_error("text", _("Paste a post-mortem here, or choose a file."))
        values["sources"] = sources
        return values


def read_sent_sources(sent: Mapping[str, str]) -> list[Source]:
    """The documents of the preview as they were sent back."""
    count = sent.get("documents", "")
    number = int(count) if count.isdecimal() and len(count) < 4 else 0
    sources = []
    for place in range(min(number, MOST_FILES + 1)):
        text = sent.get(f"d{place}-source", "").replace("\r\n", "\n").replace("\r", "\n")
        if len(text) > MOST_BYTES:
            limit = {"limit": format_bytes(MOST_BYTES)}
            raise IncidentError(_("A document is larger than %(limit)s. Choose its file again.") % limit)
        sources.append(Source(sent.get(f"d{place}-name", "")[:200], text))
    return sources
