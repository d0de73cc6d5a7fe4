"""Events of the timeline."""

from django import forms
from django.utils.translation import gettext_lazy

from incidents.forms.text import long_text
from incidents.models import TimelineEvent
from lib.forms import InstantField, RecordForm


class TimelineEventForm(RecordForm):
    """A new event."""

    text = long_text(
        gettext_lazy("What happened"),
        rows=2,
        error_messages={"required": gettext_lazy("Write what happened; a few words are enough.")},
    )
    occurred_at = InstantField(label=gettext_lazy("When"), required=False, help_text=gettext_lazy("Empty: now."))
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=TimelineEvent.Kind.choices, initial=TimelineEvent.Kind.OBSERVATION
    )
    is_pinned = forms.BooleanField(label=gettext_lazy("In the post-mortem"), required=False, initial=True)


class CorrectEventForm(TimelineEventForm):
    """An event that stands, to be corrected."""

    occurred_at = InstantField(label=gettext_lazy("When"))
