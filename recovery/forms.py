"""One form an action; the keys of cleaned_data are the services' keywords."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.queries import list_teams
from incidents.models import Incident
from lib.choices import with_chosen
from lib.forms import InstantField
from recovery.models import Replica, RestoreTest
from recovery.models.database import NAME

# Ten years; what a database column holds ends at 68.
LONGEST_OBJECTIVE = 10 * 366 * 86_400


class ObjectivesForm(forms.Form):
    """What a database must hold up to; empty is no objective."""

    rpo_objective_seconds = forms.IntegerField(
        label=_("RPO objective (seconds)"),
        required=False,
        min_value=0,
        max_value=LONGEST_OBJECTIVE,
        help_text=_("How much of the newest data may be missing at most."),
    )
    rto_objective_seconds = forms.IntegerField(
        label=_("RTO objective (seconds)"),
        required=False,
        min_value=1,
        max_value=LONGEST_OBJECTIVE,
        help_text=_("How long it may take at most until the data is back and checked."),
    )
    team = forms.ModelChoiceField(list_teams(), label=_("Owner"), required=False, empty_label=_("no team"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = cast("forms.ModelChoiceField[Team]", self.fields["team"])
        team.queryset = with_chosen(list_teams(), [self.initial.get("team")])


class DatabaseEditForm(ObjectivesForm):
    """Where a database is, and what it must hold up to."""

    path = forms.CharField(
        label=_("Path of the SQLite file"),
        max_length=1000,
        help_text=_("On this machine or on the host below, such as /data/app.db."),
    )
    host = forms.CharField(
        label=_("Host"),
        max_length=200,
        required=False,
        help_text=_(
            "Empty: this machine. Otherwise the machine that the database lies on; its path is not looked at then. "
            "Replicas with an address, such as s3:// or sftp://, are tested from here all the same; those in a folder "
            "of that machine by an agent there."
        ),
    )
    field_order = ["path", "host"]


class DatabaseForm(DatabaseEditForm):
    """A database to protect."""

    name = forms.CharField(label=_("Name"), max_length=80, validators=[NAME])
    field_order = ["name", "path", "host"]


class RestoreTestForm(forms.Form):
    """What to restore to."""

    at = InstantField(label=_("Point in time"), required=False, help_text=_("Empty: the latest state."))


class CaptionField(forms.CharField):
    """What a piece of evidence shows for its incident."""

    def __init__(self, **kwargs: Any) -> None:
        required = _("Say in a few words what this shows for the incident.")
        shown = {"label": _("Caption"), "help_text": _("What does it show for this incident?")}
        super().__init__(**{"max_length": 300, "error_messages": {"required": required}, **shown, **kwargs})


class KnownTableInput(forms.TextInput):
    """The name of a table, with those that the last test found for choice: the page has them as a datalist."""

    def __init__(self) -> None:
        super().__init__(attrs={"list": "known-tables", "autocomplete": "off", "spellcheck": "false"})


class AttachTestForm(forms.Form):
    """A restore test for an incident."""

    restore_test = forms.ModelChoiceField(RestoreTest.objects.none(), label=_("Restore test"), empty_label=None)
    caption = CaptionField()

    def __init__(self, *args: Any, tests: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Any]", self.fields["restore_test"])
        # Of what this person may know of, more is taken than is offered: the service says what is wrong with the rest.
        field.queryset = RestoreTest.objects.visible_to(user).filter(finished_at__isnull=False)
        field.choices = [(test.pk, describe(test)) for test in tests]


class AttachIncidentForm(forms.Form):
    """An incident for a restore test."""

    incident = forms.ModelChoiceField(Incident.objects.none(), label=_("Incident"), empty_label=None)
    caption = CaptionField()

    def __init__(self, *args: Any, incidents: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Any]", self.fields["incident"])
        field.queryset = Incident.objects.visible_to(user)
        field.choices = [(incident.pk, str(incident)) for incident in incidents]


def describe(test: RestoreTest) -> str:
    """One line for a list of tests: `RT-3 · app/local · Passed · 2026-11-22 14:03`."""
    finished = f"{test.finished_at:%Y-%m-%d %H:%M} UTC" if test.finished_at else ""
    return f"{test.reference} · {test.replica} · {test.get_status_display()} · {finished}"


class DrillForm(forms.Form):
    """Which replica to restore to just before the incident."""

    replica = forms.ModelChoiceField(Replica.objects.none(), label=_("Replica"), empty_label=None)

    def __init__(self, *args: Any, replicas: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Any]", self.fields["replica"]).queryset = replicas
