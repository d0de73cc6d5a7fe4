"""A new event as a browser sends it: perhaps twice, perhaps long after it was typed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from incidents.forms.timeline import TimelineEventForm
from incidents.models import Incident
from lib.moment_fields import MomentField

# As long as a browser keeps what could not be sent.
LONGEST_WAIT = timedelta(days=14)


class NewEventForm(TimelineEventForm):
    """An event that is new. Each form that is shown has a key of its own, under which it is added once.

    A browser that was offline says in `typed_at` when the text was typed: that is "now" for the event and for times
    such as -10m.
    """

    submission_key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    typed_at = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"submission_key": str(uuid4()), **(self.initial or {})}
        self.now = _read_typed_at(self.data.get("typed_at", "")) or timezone.now()
        for field in self.fields.values():
            if isinstance(field, MomentField):
                field.now = self.now

    def clean(self) -> dict[str, Any]:
        """Without the instant of typing, which is `now`."""
        cleaned = super().clean()
        cleaned.pop("typed_at", None)
        return cleaned


# Their timezone and what they propose for the grading are all that tells the empty forms of two incidents apart.
_empty_forms: dict[tuple[str | None, str, bool], SafeString] = {}


@dataclass(frozen=True)
class EmptyEventForm:
    """A form for a new event in which nothing was typed yet: every incident's page has one, so it is rendered once."""

    incident: Incident

    @property
    def ready(self) -> SafeString:
        """The fields, with a submission key of this form's own."""
        kind = get_language(), str(self.incident.zone), self.incident.is_over
        if kind not in _empty_forms:
            form = NewEventForm(incident=self.incident, initial={"submission_key": "{key}"})
            _empty_forms[kind] = render_to_string("incidents/timeline/_fields.html", {"form": form})
        return format_html(_empty_forms[kind], key=uuid4())


def _read_typed_at(milliseconds: str) -> datetime | None:
    """The instant; None where it lies in the future or so far back that no browser can have kept it."""
    if not milliseconds.isdecimal():
        return None
    now = timezone.now()
    try:
        typed_at = datetime.fromtimestamp(int(milliseconds) / 1000, tz=UTC)
    except (OverflowError, OSError, ValueError):
        return None
    return typed_at if now - LONGEST_WAIT <= typed_at <= now else None
