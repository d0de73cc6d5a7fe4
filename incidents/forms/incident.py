"""What is said of an incident as a whole."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import User
from incidents.forms.choices import SeverityField, TagsField, services_field, time_zone_field
from incidents.forms.text import long_text
from incidents.models import DataLoss, Mode
from incidents.queries.services import list_choosable_services
from lib.choices import RecordsField, with_chosen
from lib.forms import RecordForm
from lib.moment_fields import MomentField, MomentsForm

# The largest whole number that the database holds.
LARGEST = 2**63 - 1
UNKNOWN_OR_NONE = gettext_lazy("Empty: unknown. 0: none.")


class FactsForm(RecordForm):
    """What is said of the incident as a whole."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    summary = long_text(gettext_lazy("Summary"), required=False, rows=4)
    severity = SeverityField()
    mode = forms.ChoiceField(label=gettext_lazy("Mode"), choices=Mode.choices)
    services = services_field()
    tags = TagsField()
    time_zone = time_zone_field()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = cast("RecordsField", self.fields["services"])
        services.queryset = with_chosen(list_choosable_services(), self.initial.get("services", ()))
        self.fields["tags"].suggest_for(user)  # type: ignore[attr-defined]


class ImpactForm(RecordForm):
    """What the incident did; empty is unknown, which is not nothing."""

    impact = long_text(gettext_lazy("What people noticed"), required=False)
    customers_affected = forms.IntegerField(
        label=gettext_lazy("Customers affected"),
        required=False,
        min_value=0,
        max_value=LARGEST,
        help_text=UNKNOWN_OR_NONE,
    )
    requests_failed = forms.IntegerField(
        label=gettext_lazy("Requests failed"),
        required=False,
        min_value=0,
        max_value=LARGEST,
        help_text=UNKNOWN_OR_NONE,
    )
    data_loss = forms.ChoiceField(
        label=gettext_lazy("Data loss"),
        choices=DataLoss.choices,
        required=False,
        help_text=gettext_lazy("Lost data asks for a restore test as evidence before the incident is closed."),
    )
    data_lost = forms.CharField(
        label=gettext_lazy("What was lost"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("How much, or how it is known that nothing was."),
    )
    cost = forms.CharField(label=gettext_lazy("Cost"), required=False, max_length=100)

    def clean_data_loss(self) -> str:
        """Unknown, where nothing was said."""
        return self.cleaned_data["data_loss"] or DataLoss.UNKNOWN


class MilestonesForm(MomentsForm):
    """The instants of the incident, typed in its timezone; empty is unknown."""

    impact_started_at = MomentField(label=gettext_lazy("Impact started"), required=False)
    detected_at = MomentField(label=gettext_lazy("Detected"), required=False)
    declared_at = MomentField(label=gettext_lazy("Declared"), required=False)
    acknowledged_at = MomentField(label=gettext_lazy("Acknowledged"), required=False)
    mitigated_at = MomentField(label=gettext_lazy("Mitigated"), required=False)
    resolved_at = MomentField(label=gettext_lazy("Resolved"), required=False)
    closed_at = MomentField(label=gettext_lazy("Closed"), required=False)
