"""Which evidence an event rests on."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.models import Incident
from lib.forms import RecordForm
from recovery.models import Evidence
from recovery.queries import list_evidence


class EvidenceChoiceField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs alone
    """Any of an incident's evidence."""

    def label_from_instance(self, obj: Any) -> str:
        """What it is called and what it shows."""
        return f"{obj} · {obj.name} · {obj.caption}"

    def clean(self, value: Any) -> Any:
        """The evidence in its order; a key that no database could hold is one that is not there."""
        try:
            return [*super().clean(value)]
        except OverflowError:
            raise forms.ValidationError(_("One of these is no longer attached; choose again.")) from None


class EventEvidenceForm(RecordForm):
    """The evidence that an event of the timeline points to."""

    evidence = EvidenceChoiceField(
        Evidence.objects.none(), label=_("Evidence"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(EvidenceChoiceField, self.fields["evidence"]).queryset = list_evidence(incident)
