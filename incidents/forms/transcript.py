"""A paste, and the rows of its preview as they are sent back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.forms.source import MOST_BYTES, SourceField, ZoneField
from incidents.lengths import LONG_TEXT
from incidents.models import TimelineEvent
from incidents.queries.transcripts import MOST_GROUPS, PasteRow
from incidents.services.transcripts import PastedEvent
from incidents.transcripts.entry import MOST_ENTRIES
from lib.durations import format_bytes
from lib.forms import DayField
from lib.moment_text import MomentError, read_moment
from lib.text_files import NoTextError, read_text

MOST_ROWS = MOST_ENTRIES + MOST_GROUPS


class PasteForm(forms.Form):
    """What was pasted or chosen, and what its times do not say."""

    text = SourceField(
        label=gettext_lazy("Chat log, notes or table"),
        help_text=gettext_lazy(
            "Lines that begin with a time, chats copied from Slack, Teams, Discord, WhatsApp or IRC, CSV, tables. "
            "Nothing is added before you have seen it."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("or a file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".txt,.csv,.tsv,.md,.log,text/*"}),
    )
    day = DayField(label=gettext_lazy("Day of the first time"), help_text=gettext_lazy("For times that tell no day."))
    time_zone = ZoneField(help_text=gettext_lazy("For times that tell no timezone."))

    def clean(self) -> dict[str, Any]:
        """The text alone, wherever it came from, with the end of every line as the database has it."""
        values: dict[str, Any] = super().clean() or {}
        file = values.pop("file", None)
        text = values.get("text", "")
        if file is not None:
            text = self._read(file)
        values["text"] = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        if not self.errors and not text.strip():
            self.add_error("text", _("Paste a chat log here, or choose a file."))
        elif len(text.encode(errors="replace")) > MOST_BYTES:
            limit = {"limit": format_bytes(MOST_BYTES)}
            self.add_error(
                "text", _("This is more than %(limit)s. Paste the part that belongs to this incident.") % limit
            )
        return values

    def _read(self, file: Any) -> str:
        content: bytes = file.read(MOST_BYTES + 1)
        try:
            return read_text(content, is_cut=len(content) > MOST_BYTES)
        except NoTextError:
            self.add_error("file", _("This file is no text that can be read. Save it in UTF-8, or paste its text."))
            return ""


def read_rows(sent: Mapping[str, str]) -> list[PasteRow]:
    """The rows of the preview as they were sent back, corrected or not."""
    count = sent.get("rows", "")
    rows = int(count) if count.isdecimal() and len(count) < 6 else 0
    return [_row(sent, number) for number in range(min(rows, MOST_ROWS))]


def _row(sent: Mapping[str, str], number: int) -> PasteRow:
    values = {name: sent.get(f"{name}-{number}", "") for name in ("lines", "text", "at", "until", "kind", "use")}
    values["text"] = values["text"].replace("\r\n", "\n").replace("\r", "\n")
    values["use"] = values["use"] if values["use"] in ("event", "before") else "leave"
    kind = values["kind"] if values["kind"] in TimelineEvent.Kind.values else TimelineEvent.Kind.OBSERVATION
    row = PasteRow(values["lines"], values["text"], values["at"], values["until"], kind, values["use"])
    row.is_leftover = bool(sent.get(f"left-{number}"))
    return row


def read_events(rows: list[PasteRow], *, time_zone: str, now: datetime) -> list[PastedEvent] | None:
    """The chosen rows as events; None where a row has a problem, which then stands on it."""
    zone = ZoneInfo(time_zone)
    events: list[PastedEvent] = []
    for row in rows:
        try:
            if row.use == "event":
                events.append(_event(row, zone, now))
            elif row.use == "before" and row.text.strip():
                events[-1:] = [_extended(events, row)]
        except (MomentError, forms.ValidationError) as error:
            row.problem = error.messages[0] if isinstance(error, forms.ValidationError) else str(error)
    return None if any(row.problem for row in rows) else events


def _event(row: PasteRow, zone: ZoneInfo, now: datetime) -> PastedEvent:
    text = row.text.strip()
    if not text:
        raise forms.ValidationError(_("Write what happened, or untick this."))
    if not row.at.strip():
        raise forms.ValidationError(_("Type when this happened, such as 14:03."))
    at = read_moment(row.at, now=now, zone=zone)
    until = read_moment(row.until, now=now, zone=zone) if row.until.strip() else None
    if until and until < at:
        raise forms.ValidationError(_("“Until” is before “When”. Correct one of the two, or leave “Until” empty."))
    return PastedEvent(_checked(text), at, until, row.kind)


def _extended(events: list[PastedEvent], row: PasteRow) -> PastedEvent:
    if not events:
        raise forms.ValidationError(_("There is no event before this. Make it an event of its own, or leave it out."))
    last = events[-1]
    return PastedEvent(_checked(f"{last.text}\n\n{row.text.strip()}"), last.occurred_at, last.ended_at, last.kind)


def _checked(text: str) -> str:
    if len(text) > LONG_TEXT:
        sizes = {"count": len(text), "limit": LONG_TEXT}
        raise forms.ValidationError(
            _("This text has %(count)d characters and at most %(limit)d fit. Shorten it, or split it in parts.") % sizes
        )
    return text
