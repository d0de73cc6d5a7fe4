"""One figure before and after: typed, or read from what was measured."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.documents.references import list_figures
from incidents.models import Improvement, Incident
from incidents.services.improvements import improvement_values
from lib.forms import RecordForm


class ImprovementForm(RecordForm):
    """One figure; a measurement that is chosen is read anew until the document is published."""

    metric = forms.CharField(label=gettext_lazy("Metric"), max_length=120)
    before = forms.CharField(label=gettext_lazy("Before"), max_length=120, required=False)
    before_source = forms.ChoiceField(label=gettext_lazy("or before as measured by"), required=False)
    after = forms.CharField(label=gettext_lazy("After"), max_length=120, required=False)
    after_source = forms.ChoiceField(label=gettext_lazy("or after as measured by"), required=False)

    def __init__(self, *args: Any, incident: Incident, improvement: Improvement | None = None, **kwargs: Any) -> None:
        super().__init__(*args, record=improvement_values(improvement) if improvement else None, **kwargs)
        known = [improvement.before_source, improvement.after_source] if improvement else []
        figures = list_figures(incident, also=known)
        choices = [("", _("nothing; the figure is typed")), *figures.items()]
        for name in ("before_source", "after_source"):
            cast(forms.ChoiceField, self.fields[name]).choices = choices

    def clean(self) -> dict[str, Any]:
        """Each side is typed or chosen, not both."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for side in ("before", "after"):
            typed, chosen = cleaned.get(side), cleaned.get(f"{side}_source")
            if typed and chosen:
                self.add_error(side, _("A figure is typed and a measurement chosen: empty one of the two."))
            elif not typed and not chosen and f"{side}_source" not in self.errors:
                self.add_error(side, _("Type the figure, or choose what it was measured by."))
        return cleaned
