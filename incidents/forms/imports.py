"""Which documents to import, and how the preview of each was corrected."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.errors import IncidentError
from incidents.forms.source import FilesField, FilesInput, SourceField, ZoneField
from incidents.services.import_files import MOST_BYTES, MOST_FILES, Source, read_all_sources
from lib.durations import format_bytes
from lib.forms import DayField


class ImportForm(forms.Form):
    """What was pasted or chosen, and what its times do not say."""

    text = SourceField(
        label=gettext_lazy("A post-mortem in Markdown"),
        help_text=gettext_lazy(
            "Title, date, severity, timeline, causes, action items and sections are recognised. Nothing is made before "
            "you have seen it."
        ),
    )
    file = FilesField(
        label=gettext_lazy("or files"),
        required=False,
        allow_empty_file=True,
        widget=FilesInput(attrs={"accept": ".md,.markdown,.txt,.json,.zip,text/*,application/zip"}),
        help_text=gettext_lazy("One or several: Markdown, JSON that Debrief exported, or ZIP files of them."),
    )
    time_zone = ZoneField(
        help_text=gettext_lazy("For times that name no timezone."), initial=timezone.get_current_timezone_name
    )
    day = DayField(label=gettext_lazy("Day"), required=False, help_text=gettext_lazy("For documents that name no day."))

    def clean(self) -> dict[str, Any]:
        """The documents, wherever they came from, and a sentence for each that cannot be read, as `unread`."""
        values: dict[str, Any] = super().clean() or {}
        files, text = values.pop("file", None) or [], values.pop("text", "")
        pasted = [(str(_("The text")), text.encode(errors="replace"))] if text.strip() else []
        found = read_all_sources([*pasted, *((file.name, file.read()) for file in files)])
        if pasted:
            found[0] = replace(found[0], name="")
        values["sources"] = [source for source in found if not source.problem]
        values["unread"] = [source.problem for source in found if source.problem]
        if not self.errors and not values["sources"]:
            # Where nothing is left to look at, the form says why.
            for sentence in values["unread"]:
                self.add_error("file" if files else "text", sentence)
            if not values["unread"]:
                self.add_error("text", _("Paste a post-mortem here, or choose a file."))
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
