"""Who may see an incident."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team, User
from incidents.models import Visibility
from lib.forms import RecordForm


class VisibilityForm(RecordForm):
    """Open, or restricted to the people and teams that are ticked."""

    visibility = forms.ChoiceField(
        label=gettext_lazy("Visible to"),
        choices=[
            (Visibility.OPEN, gettext_lazy("Everyone with an account")),
            (Visibility.RESTRICTED, gettext_lazy("The people and teams named here, and nobody else")),
        ],
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "A restricted incident is in no list, count, search, document or notification of anybody else, "
            "administrators included."
        ),
    )
    people = forms.ModelMultipleChoiceField(
        User.objects.filter(is_active=True).order_by("name", "username"),
        label=gettext_lazy("People"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    teams = forms.ModelMultipleChoiceField(
        Team.objects.all(), label=gettext_lazy("Teams"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def clean(self) -> dict[str, Any]:
        """Refuses a restricted incident that names nobody."""
        typed = super().clean() or self.cleaned_data
        if typed.get("visibility") == Visibility.RESTRICTED and not (typed.get("people") or typed.get("teams")):
            raise ValidationError({"people": _("Name at least one person or team that sees it.")})
        return typed
