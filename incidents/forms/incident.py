"""What is said of an incident as a whole."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.forms.text import long_text
from incidents.lifecycle import TRANSITIONS, Status
from incidents.models import Incident, Mode, Service, SeverityLevel
from lib.forms import InstantField, RecordForm

# The largest whole number that the database holds.
LARGEST = 2**63 - 1


class SeverityField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs alone
    """The five levels, each with its definition beside it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(SeverityLevel.objects.all(), label=gettext_lazy("Severity"), empty_label=None, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """Name and definition."""
        return f"{obj.name} · {obj.definition}"


class ServicesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs alone
    """Any number of the known services."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.CheckboxSelectMultiple
        super().__init__(Service.objects.all(), label=gettext_lazy("Services"), widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        """The services; a key that no database could hold is one that is not there."""
        try:
            return super().clean(value)
        except OverflowError:
            raise ValidationError(gettext_lazy("One of these services is no longer there; choose again.")) from None


class DeclareForm(forms.Form):
    """A new incident: one field is enough."""

    title = forms.CharField(
        label=gettext_lazy("What is happening?"),
        max_length=200,
        error_messages={"required": gettext_lazy("Say in a few words what is happening; the rest can follow.")},
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    severity = SeverityField(initial=3)
    impact_started_at = InstantField(
        label=gettext_lazy("Impact started"), required=False, help_text=gettext_lazy("Leave empty while unknown.")
    )
    summary = long_text(gettext_lazy("Summary"), required=False)
    mode = forms.ChoiceField(
        label=gettext_lazy("Mode"),
        choices=Mode.choices,
        initial=Mode.LIVE,
        required=False,
        help_text=gettext_lazy("Retrospective: it was over when it was written down. Drill: an exercise."),
    )

    def clean_mode(self) -> str:
        """Live, where nothing was said."""
        return self.cleaned_data["mode"] or Mode.LIVE


class FactsForm(RecordForm):
    """What is said of the incident as a whole."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    summary = long_text(gettext_lazy("Summary"), required=False, rows=4)
    severity = SeverityField()
    mode = forms.ChoiceField(label=gettext_lazy("Mode"), choices=Mode.choices)
    services = ServicesField(required=False)


class ImpactForm(RecordForm):
    """What the incident did; empty is unknown."""

    impact = long_text(gettext_lazy("What people noticed"), required=False)
    customers_affected = forms.IntegerField(
        label=gettext_lazy("Customers affected"), required=False, min_value=0, max_value=LARGEST
    )
    requests_failed = forms.IntegerField(
        label=gettext_lazy("Requests failed"), required=False, min_value=0, max_value=LARGEST
    )
    data_lost = forms.CharField(label=gettext_lazy("Data lost"), required=False, max_length=200)
    cost = forms.CharField(label=gettext_lazy("Cost"), required=False, max_length=100)


class MilestonesForm(RecordForm):
    """The instants of the incident; empty is unknown."""

    impact_started_at = InstantField(label=gettext_lazy("Impact started"), required=False)
    detected_at = InstantField(label=gettext_lazy("Detected"), required=False)
    declared_at = InstantField(label=gettext_lazy("Declared"), required=False)
    acknowledged_at = InstantField(label=gettext_lazy("Acknowledged"), required=False)
    mitigated_at = InstantField(label=gettext_lazy("Mitigated"), required=False)
    resolved_at = InstantField(label=gettext_lazy("Resolved"), required=False)
    closed_at = InstantField(label=gettext_lazy("Closed"), required=False)


class StatusForm(forms.Form):
    """The next status."""

    status = forms.ChoiceField(label=gettext_lazy("New status"), choices=Status.choices)
    at = InstantField(label=gettext_lazy("Since"), required=False, help_text=gettext_lazy("Empty: now."))
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=500)

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["status"])
        field.choices = [(status.value, status.label) for status in TRANSITIONS[Status(incident.status)]]
        field.error_messages["invalid_choice"] = _(
            "The status has changed meanwhile; choose from what is possible now."
        )
