"""Which incidents the figures are about."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team
from incidents.models import Service, SeverityLevel
from incidents.queries.filtering import IncidentFilter
from lib.forms import DayField

USUAL_DAYS = 90
PERIODS = (30, USUAL_DAYS, 182, 365)


class InsightsForm(forms.Form):
    """The time, and whose incidents; what is left empty leaves nothing out."""

    since = DayField(label=gettext_lazy("From"), required=False)
    until = DayField(label=gettext_lazy("To"), required=False)
    severity = forms.ModelChoiceField(
        SeverityLevel.objects.all(), label=gettext_lazy("Severity"), required=False, empty_label=gettext_lazy("all")
    )
    service = forms.ModelChoiceField(
        Service.objects.all(),
        label=gettext_lazy("Service"),
        required=False,
        to_field_name="name",
        empty_label=gettext_lazy("all"),
    )
    team = forms.ModelChoiceField(
        Team.objects.all(),
        label=gettext_lazy("Team"),
        required=False,
        to_field_name="name",
        empty_label=gettext_lazy("all"),
    )

    def clean(self) -> dict[str, Any]:
        """Refuses a time that ends before it begins."""
        asked = super().clean() or self.cleaned_data
        since, until = asked.get("since"), asked.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day is before the first one. Swap the two."))
        return asked

    def read(self, *, today: date) -> IncidentFilter:
        """What is asked for, as far as it is understood; without a first day, the last 90 days."""
        asked = self.cleaned_data if self.is_valid() else {}
        severity, service, team = asked.get("severity"), asked.get("service"), asked.get("team")
        until = asked.get("until")
        return IncidentFilter(
            since=asked.get("since") or (until or today) - timedelta(days=USUAL_DAYS - 1),
            until=until,
            severity=(severity.level,) if severity else (),
            service=(service.name,) if service else (),
            team=(team.name,) if team else (),
        )
