"""Who may see an incident."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.queries import list_active_people, list_teams
from incidents.models import Visibility
from lib.choices import RecordsField, with_chosen
from lib.forms import RecordForm


def people_field() -> RecordsField:
    """Anybody who may sign in."""
    return RecordsField(list_active_people(), label=gettext_lazy("People"), required=False)


def teams_field() -> RecordsField:
    """Any number of teams."""
    return RecordsField(list_teams(), label=gettext_lazy("Teams"), required=False)


class VisibilityForm(RecordForm):
    """Open, or restricted to the people and teams that are ticked."""

    visibility = forms.ChoiceField(
        label=gettext_lazy("Who may see this incident"),
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
    people = people_field()
    teams = teams_field()

    def __init__(self, *args: Any, holders: Iterable[User] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Who may not sign in any more stays named until somebody takes them out; who holds a role has to be named.
        people = cast("RecordsField", self.fields["people"])
        people.queryset = with_chosen(list_active_people(), [*self.initial.get("people", ()), *holders])
        teams = cast("RecordsField", self.fields["teams"])
        teams.queryset = with_chosen(list_teams(), self.initial.get("teams", ()))

    def clean(self) -> dict[str, Any]:
        """Refuses a restricted incident that names nobody."""
        typed = super().clean() or self.cleaned_data
        if typed.get("visibility") == Visibility.RESTRICTED and not (typed.get("people") or typed.get("teams")):
            raise ValidationError({"people": _("Name at least one person or team that sees it.")})
        return typed
