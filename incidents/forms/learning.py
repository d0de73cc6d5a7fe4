"""Action items."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team, User
from accounts.queries import list_active_people, list_teams
from incidents.models import ActionItem, Incident, RootCause
from incidents.services.action_items import action_item_values
from lib.choices import with_chosen
from lib.forms import DayField, RecordForm


class ActionItemForm(RecordForm):
    """One promise."""

    title = forms.CharField(
        label=gettext_lazy("Action"),
        max_length=200,
        help_text=gettext_lazy("Begin with a verb."),
        error_messages={"required": gettext_lazy("Say what is to be done, beginning with a verb.")},
    )
    owner = forms.ChoiceField(label=gettext_lazy("Owner"), required=False)
    due_date = DayField(label=gettext_lazy("Due"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("Status"), choices=ActionItem.Status.choices, initial="open")
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ActionItem.Kind.choices, initial="prevent")
    root_cause = forms.ModelChoiceField(
        RootCause.objects.none(),
        label=gettext_lazy("Addresses"),
        required=False,
        empty_label=gettext_lazy("no cause yet"),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Needed for “Not doing”."),
    )

    def __init__(self, *args: Any, incident: Incident, item: ActionItem | None = None, **kwargs: Any) -> None:
        super().__init__(*args, record=action_item_values(item) if item else None, **kwargs)
        self.people = list_active_people()
        if item and item.owner_person_id:
            # Who has left still owns what they own, until somebody else takes it.
            self.people |= User.objects.filter(pk=item.owner_person_id)
        self.teams = with_chosen(list_teams(), [item.owner_team if item else None])
        causes = cast("forms.ModelChoiceField[RootCause]", self.fields["root_cause"])
        owner = cast(forms.ChoiceField, self.fields["owner"])
        causes.queryset = RootCause.objects.filter(incident=incident)
        owner.choices = [
            ("", _("nobody yet")),
            (_("Teams"), [(f"team:{team.pk}", team.name) for team in self.teams]),
            (_("People"), [(f"person:{person.pk}", str(person)) for person in self.people]),
        ]

    def clean_owner(self) -> User | Team | None:
        """The person or team chosen."""
        kind, _colon, key = self.cleaned_data["owner"].partition(":")
        if not kind:
            return None
        owner = (self.teams if kind == "team" else self.people).filter(pk=key).first()
        if owner is None:
            raise ValidationError(_("This owner is no longer there; choose another."))
        return owner
