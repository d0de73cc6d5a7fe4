"""Links, related incidents, and the records that are set up once: services and severity levels."""

from typing import Any, cast

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy

from accounts.models import Team, User
from accounts.queries import list_teams
from incidents.forms.choices import IncidentField
from incidents.forms.postmortem_templates import template_choice
from incidents.forms.text import long_text
from incidents.models.severity import Colour
from lib.choices import with_chosen
from lib.forms import RecordForm

MOST_DAYS = 3650


class LinkForm(RecordForm):
    """Where else something is said of the incident."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=200,
        error_messages={"required": gettext_lazy("Say what the link leads to.")},
    )
    url = forms.URLField(
        label=gettext_lazy("Address"),
        max_length=2000,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
        error_messages={"invalid": gettext_lazy("Enter an address that begins with https:// or http://.")},
    )


class RelationForm(forms.Form):
    """Another incident that has to do with this one."""

    other = IncidentField(label=gettext_lazy("Related incident"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].user = user  # type: ignore[attr-defined]


class DuplicateForm(forms.Form):
    """The incident that this one is a duplicate of."""

    duplicate_of = IncidentField(label=gettext_lazy("This is a duplicate of"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["duplicate_of"].user = user  # type: ignore[attr-defined]


class ServiceForm(RecordForm):
    """What users depend on."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    description = long_text(gettext_lazy("Description"), required=False)
    team = forms.ModelChoiceField(
        list_teams(), label=gettext_lazy("Team"), required=False, empty_label=gettext_lazy("no team yet")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = cast("forms.ModelChoiceField[Team]", self.fields["team"])
        team.queryset = with_chosen(list_teams(), [self.initial.get("team")])


class SeverityLevelForm(RecordForm):
    """One of the five levels."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=40, help_text=gettext_lazy("Such as SEV1, or “P1 – Critical”.")
    )
    definition = forms.CharField(label=gettext_lazy("Definition"), max_length=300)
    colour = forms.ChoiceField(
        label=gettext_lazy("Colour"), required=False, choices=[("", gettext_lazy("The level's own")), *Colour.choices]
    )
    is_postmortem_required = forms.BooleanField(label=gettext_lazy("Post-mortem required"), required=False)
    postmortem_days = forms.IntegerField(
        label=gettext_lazy("Working days for the post-mortem"), min_value=0, max_value=MOST_DAYS
    )
    postmortem_template = template_choice(label=gettext_lazy("Post-mortems begin from"))
    action_item_days = forms.IntegerField(label=gettext_lazy("Days for action items"), min_value=0, max_value=MOST_DAYS)
