"""The course of an incident: its status, who has which part in it, and how far its post-mortem is."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from incidents.lifecycle import TRANSITIONS, Status
from incidents.models import Incident, IncidentRole, RoleAssignment
from incidents.queries.roles import list_assignable_people
from incidents.services.postmortem_status import SETTABLE
from lib.moment_fields import MomentField, set_zone

# No key of a record has more digits, and of a few thousand no number is made.
LONGEST_KEY = 19


class StatusForm(forms.Form):
    """The next status; an administrator may say why an incident is closed in spite of what stands in the way."""

    status = forms.ChoiceField(label=gettext_lazy("New status"), choices=Status.choices)
    at = MomentField(label=gettext_lazy("Since"), required=False)
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=500)

    def __init__(self, *args: Any, incident: Incident, may_override: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_zone(self.fields, incident.zone)
        self.fields["at"].help_text = _("%(zone)s. Such as 14:03, -10m, yesterday 23:50. Empty: now.") % {
            "zone": incident.zone
        }
        possible = [(status.value, status.label) for status in TRANSITIONS[Status(incident.status)]]
        changed = _("The status has changed meanwhile; choose from what is possible now.")
        self.fields["status"] = forms.ChoiceField(
            label=_("New status"), choices=possible, error_messages={"invalid_choice": changed}
        )
        if may_override and Status.CLOSED in TRANSITIONS[Status(incident.status)]:
            self.fields["override"] = forms.CharField(
                label=_("Close all the same, because"),
                required=False,
                max_length=500,
                help_text=_("Administrators only. The reason is recorded in the timeline with what it overrides."),
            )


class RoleForm(forms.Form):
    """Who takes a role over; `seen` are the assignments that were shown as held."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=IncidentRole.choices)
    person = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Person"),
        error_messages={
            "required": gettext_lazy("Choose who takes the role."),
            "invalid_choice": gettext_lazy("Choose somebody who may see and change this incident."),
        },
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, incident: Incident, held: Iterable[RoleAssignment] = ()) -> None:
        # Its fields stand on a page with others of these names.
        seen = {"seen": " ".join(str(one.pk) for one in held)}
        super().__init__(data, initial=seen, auto_id="role_%s")
        cast("forms.ModelChoiceField[User]", self.fields["person"]).queryset = list_assignable_people(incident)

    def clean_seen(self) -> frozenset[int]:
        """The keys; what is none has not been seen."""
        words = self.cleaned_data["seen"].split()
        return frozenset(int(word) for word in words if word.isdecimal() and len(word) <= LONGEST_KEY)


class PostmortemStatusForm(forms.Form):
    """How far the post-mortem is; that none is required has a reason."""

    status = forms.ChoiceField(choices=[(status.value, status.label) for status in SETTABLE], widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Why no post-mortem is required"), required=False, max_length=300)
