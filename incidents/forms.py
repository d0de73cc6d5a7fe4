"""One form an action; the keys of cleaned_data are the services' keywords."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team, User
from accounts.queries import list_active_people, list_teams
from incidents.lifecycle import TRANSITIONS, Status
from incidents.models import (
    ActionItem,
    Incident,
    Mode,
    RootCause,
    Service,
    SeverityLevel,
    TimelineEvent,
)
from lib.forms import DayField, InstantField, VersionedForm

LONG_TEXT = 20_000
SECTION_TEXT = 100_000


def long_text(label: Any, *, rows: int = 3, max_length: int = LONG_TEXT, **kwargs: Any) -> forms.CharField:
    """A text of several lines with a limit that a sentence tells."""
    too_long = gettext_lazy(
        "This text has %(show_value)d characters and at most %(limit_value)d fit. Shorten it, or split it in parts."
    )
    field = forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)
    # Not as max_length of the field: the browser would cut off what is pasted without a word.
    field.validators.append(forms.CharField(max_length=max_length).validators[0])
    field.error_messages["max_length"] = too_long
    return field


class SeverityField(forms.ModelChoiceField):
    """The five levels, each with its definition beside it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(SeverityLevel.objects.all(), label=gettext_lazy("Severity"), empty_label=None, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """Name and definition."""
        return f"{obj.name} · {obj.definition}"


class DeclareForm(forms.Form):
    """A new incident: one field is enough."""

    title = forms.CharField(
        label=gettext_lazy("What is happening?"),
        max_length=200,
        error_messages={"required": gettext_lazy("Say in a few words what is happening; the rest can follow.")},
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    severity = SeverityField(initial=3)
    impact_started_at = InstantField(
        label=gettext_lazy("Impact started"), required=False, help_text=gettext_lazy("Leave empty while unknown.")
    )
    summary = long_text(gettext_lazy("Summary"), required=False)
    mode = forms.ChoiceField(
        label=gettext_lazy("Mode"),
        choices=Mode.choices,
        initial=Mode.LIVE,
        required=False,
        help_text=gettext_lazy("Retrospective: it was over when it was written down. Drill: an exercise."),
    )

    def clean_mode(self) -> str:
        """Live, where nothing was said."""
        return self.cleaned_data["mode"] or Mode.LIVE


class FactsForm(forms.Form):
    """What is said of the incident as a whole."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    summary = long_text(gettext_lazy("Summary"), required=False, rows=4)
    severity = SeverityField()
    mode = forms.ChoiceField(label=gettext_lazy("Mode"), choices=Mode.choices)
    services = forms.ModelMultipleChoiceField(
        Service.objects.all(),
        label=gettext_lazy("Services"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class ImpactForm(forms.Form):
    """What the incident did; empty is unknown."""

    impact = long_text(gettext_lazy("What people noticed"), required=False)
    customers_affected = forms.IntegerField(label=gettext_lazy("Customers affected"), required=False, min_value=0)
    requests_failed = forms.IntegerField(label=gettext_lazy("Requests failed"), required=False, min_value=0)
    data_lost = forms.CharField(label=gettext_lazy("Data lost"), required=False, max_length=200)
    cost = forms.CharField(label=gettext_lazy("Cost"), required=False, max_length=100)


class MilestonesForm(forms.Form):
    """The instants of the incident; empty is unknown."""

    impact_started_at = InstantField(label=gettext_lazy("Impact started"), required=False)
    detected_at = InstantField(label=gettext_lazy("Detected"), required=False)
    declared_at = InstantField(label=gettext_lazy("Declared"), required=False)
    acknowledged_at = InstantField(label=gettext_lazy("Acknowledged"), required=False)
    mitigated_at = InstantField(label=gettext_lazy("Mitigated"), required=False)
    resolved_at = InstantField(label=gettext_lazy("Resolved"), required=False)
    closed_at = InstantField(label=gettext_lazy("Closed"), required=False)


class StatusForm(forms.Form):
    """The next status."""

    status = forms.ChoiceField(label=gettext_lazy("New status"), choices=Status.choices)
    at = InstantField(label=gettext_lazy("Since"), required=False, help_text=gettext_lazy("Empty: now."))
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=500)

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["status"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(status.value, status.label) for status in TRANSITIONS[Status(incident.status)]]
        field.error_messages["invalid_choice"] = _("The status has changed meanwhile; choose from what is possible now.")


class TimelineEventForm(forms.Form):
    """A new event."""

    text = long_text(
        gettext_lazy("What happened"),
        rows=2,
        error_messages={"required": gettext_lazy("Write what happened; a few words are enough.")},
    )
    occurred_at = InstantField(label=gettext_lazy("When"), required=False, help_text=gettext_lazy("Empty: now."))
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=TimelineEvent.Kind.choices, initial=TimelineEvent.Kind.OBSERVATION
    )
    is_pinned = forms.BooleanField(label=gettext_lazy("In the post-mortem"), required=False, initial=True)


class CorrectEventForm(TimelineEventForm, VersionedForm):
    """An event that stands, to be corrected."""

    occurred_at = InstantField(label=gettext_lazy("When"))


class CauseForm(forms.Form):
    """One cause."""

    statement = long_text(
        gettext_lazy("What about the system made it possible?"),
        rows=2,
        error_messages={"required": gettext_lazy("Describe the cause in a sentence about the system.")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=RootCause.Kind.choices, initial="root_cause")
    category = forms.ChoiceField(
        label=gettext_lazy("Category"), choices=RootCause.Category.choices, initial="unknown"
    )


class ActionItemForm(forms.Form):
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
        RootCause.objects.none(), label=gettext_lazy("Addresses"), required=False, empty_label=gettext_lazy("no cause yet")
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Needed for “Not doing”."),
    )

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        causes, owner = self.fields["root_cause"], self.fields["owner"]
        assert isinstance(causes, forms.ModelChoiceField)
        assert isinstance(owner, forms.ChoiceField)
        causes.queryset = RootCause.objects.filter(incident=incident)
        owner.choices = [
            ("", _("nobody yet")),
            (_("Teams"), [(f"team:{team.pk}", team.name) for team in list_teams()]),
            (_("People"), [(f"person:{person.pk}", str(person)) for person in list_active_people()]),
        ]

    def clean_owner(self) -> User | Team | None:
        """The person or team chosen."""
        kind, _colon, key = self.cleaned_data["owner"].partition(":")
        if not kind:
            return None
        owner = (list_teams() if kind == "team" else list_active_people()).filter(pk=key).first()
        if owner is None:
            raise ValidationError(_("This owner is no longer there; choose another."))
        return owner

    @staticmethod
    def initial_of(item: ActionItem) -> dict[str, object]:
        """The form's values for an item that stands."""
        owner = f"team:{item.owner_team_id}" if item.owner_team_id else ""
        owner = f"person:{item.owner_person_id}" if item.owner_person_id else owner
        names = ("title", "due_date", "status", "kind", "root_cause", "reason")
        return {"owner": owner} | {name: getattr(item, name) for name in names}


class ImprovementForm(forms.Form):
    """One figure before and after."""

    metric = forms.CharField(label=gettext_lazy("Metric"), max_length=120)
    before = forms.CharField(label=gettext_lazy("Before"), max_length=120)
    after = forms.CharField(label=gettext_lazy("After"), max_length=120)


class SectionForm(VersionedForm):
    """The prose of a section."""

    body = long_text(gettext_lazy("Text"), rows=14, max_length=SECTION_TEXT, required=False, strip=False)
