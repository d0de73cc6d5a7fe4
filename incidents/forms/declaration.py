"""Declaring an incident."""

import hashlib
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from incidents.forms.choices import SeverityField, TagsField, services_field
from incidents.forms.incident import LARGEST
from incidents.forms.text import long_text
from incidents.forms.visibility import people_field, teams_field
from incidents.models import Mode, Visibility
from incidents.services.declaration import DEFAULT_LEVEL
from lib.moment_fields import MomentField

AUDIENCE = ("is_restricted", "people", "teams")
NOT_YET = gettext_lazy("Leave empty while unknown.")


class DeclareForm(forms.Form):
    """A new incident: one field is enough."""

    title = forms.CharField(
        label=gettext_lazy("What is happening?"),
        max_length=200,
        error_messages={"required": gettext_lazy("Say in a few words what is happening; the rest can follow.")},
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )
    is_restricted = forms.BooleanField(label=gettext_lazy("Only named people and teams see it"), required=False)
    people = people_field()
    teams = teams_field()
    severity = SeverityField(initial=DEFAULT_LEVEL, required=False)
    services = services_field()
    mode = forms.ChoiceField(
        label=gettext_lazy("Mode"),
        choices=[
            (Mode.LIVE, gettext_lazy("Live: it is happening")),
            (Mode.RETROSPECTIVE, gettext_lazy("Retrospective: it is over, and is written down now")),
            (Mode.DRILL, gettext_lazy("Drill: an exercise, left out of figures")),
        ],
        initial=Mode.LIVE,
        required=False,
        widget=forms.RadioSelect,
    )
    impact_started_at = MomentField(label=gettext_lazy("Impact started"), required=False, help_text=NOT_YET)
    resolved_at = MomentField(
        label=gettext_lazy("Resolved"),
        required=False,
        help_text=gettext_lazy("For what is over already. Leave empty for a live incident."),
    )
    customers_affected = forms.IntegerField(
        label=gettext_lazy("Customers affected"), required=False, min_value=0, max_value=LARGEST, help_text=NOT_YET
    )
    tags = TagsField()
    summary = long_text(gettext_lazy("Summary"), required=False)
    submission_key = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["submission_key"].initial = uuid.uuid4().hex
        self.fields["tags"].suggest_for(user)  # type: ignore[attr-defined]

    @property
    def is_more_open(self) -> bool:
        """True where something beyond the title needs a look, or was asked for."""
        return bool(self.initial or set(self.errors) - {"title", "__all__", *AUDIENCE})

    def clean_mode(self) -> str:
        """Live, where nothing was said."""
        return self.cleaned_data["mode"] or Mode.LIVE

    def clean_is_restricted(self) -> bool:
        """Refuses people who are named for an incident that everybody would see."""
        is_restricted: bool = self.cleaned_data["is_restricted"]
        if not is_restricted and any(self[name].value() for name in ("people", "teams")):
            raise ValidationError(_("People or teams are named, but everyone would see it. Tick this, or name nobody."))
        return is_restricted

    def clean(self) -> dict[str, Any]:
        """Everything, with a key that is the same for the same title alone.

        Whoever goes back in the browser and declares something else has the old key before them, and means a new one.
        """
        known = self.cleaned_data
        known["visibility"] = Visibility.RESTRICTED if known.pop("is_restricted", False) else Visibility.OPEN
        if key := known.get("submission_key"):
            known["submission_key"] = hashlib.sha256(f"{key} {known.get('title')}".encode()).hexdigest()
        return known
