"""One form an action; the keys of cleaned_data are the services' keywords."""

from typing import Any, cast

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, Scope, User
from accounts.queries import list_teams
from lib.choices import RecordsField, with_chosen
from lib.forms import DayField, RecordForm
from lib.timezones import list_timezones


class PersonForm(forms.Form):
    """Facts of a person that an administrator gives."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), required=False)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role.choices,
        initial=Role.RESPONDER,
        help_text=_("Viewers read, responders write, administrators also manage people, databases and replicas."),
    )
    teams = RecordsField(list_teams(), label=_("Teams"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = cast(RecordsField, self.fields["teams"])
        teams.queryset = with_chosen(list_teams(), self.initial.get("teams", ()))


class NewPersonForm(PersonForm):
    """Somebody new."""

    username = forms.CharField(label=_("User name"), max_length=150, validators=[UnicodeUsernameValidator()])
    field_order = ["username", "name", "email", "role", "teams"]


class ChangePersonForm(PersonForm):
    """Somebody known."""

    is_active = forms.BooleanField(label=_("May sign in"), required=False)


class TeamForm(RecordForm):
    """A team and its members; who may not sign in any more can still be one."""

    name = forms.CharField(label=_("Name"), max_length=120)
    members = RecordsField(User.objects.order_by("name", "username"), label=_("Members"), required=False)


class ProfileForm(forms.Form):
    """What a person sets about themselves."""

    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    time_zone = forms.ChoiceField(
        label=_("Timezone"),
        required=False,
        help_text=_("Times are shown and typed in this timezone. Point at a time to see UTC."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = cast(forms.ChoiceField, self.fields["time_zone"])
        field.choices = [("", _("Installation default")), *((name, name) for name in list_timezones())]


class TokenForm(forms.Form):
    """A token for a program."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("Where it will be used, such as “agent on db1.example.org”.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it allows"),
        choices=Scope.choices,
        initial=[Scope.REPORT_RESTORE_TESTS],
        widget=forms.CheckboxSelectMultiple,
    )
    last_day = DayField(label=_("Last day (UTC)"), required=False, help_text=_("Empty: until it is revoked."))
