"""How often a database is tested, and what it is watched by; the keys of cleaned_data are the services' keywords."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.timezones import list_timezones
from recovery.forms import LONGEST_OBJECTIVE

MOST_POINTS = 20


class ScheduleForm(forms.Form):
    """When restore tests come round, and what they restore to."""

    is_enabled = forms.BooleanField(label=_("Run restore tests on a schedule"), required=False)
    cron = forms.CharField(
        label=_("When"),
        max_length=200,
        help_text=_(
            "Five fields: minute, hour, day of the month, month, day of the week (0 is Sunday). "
            "“0 3 * * 0” is Sundays at 03:00, “30 2 * * *” every night at 02:30."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    timezone = forms.ChoiceField(label=_("Timezone"))
    sampled_points = forms.IntegerField(
        label=_("Points in time to sample"),
        min_value=0,
        max_value=MOST_POINTS,
        help_text=_(
            "Beside the latest state, each run restores to so many points in time, drawn at random from all that the "
            "replica goes back to. So damage outside of the latest state is found. 0 for none."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["timezone"])
        field.choices = [(name, name) for name in list_timezones()]


class ThresholdForm(forms.Form):
    """What begins an alarm."""

    proof_objective_days = forms.IntegerField(
        label=_("Proven restorable at least every (days)"),
        required=False,
        min_value=1,
        max_value=3660,
        help_text=_("Without a passed test of the latest state for longer, there is an alarm. Empty: no objective."),
    )
    lag_alert_seconds = forms.IntegerField(
        label=_("Alarm at a lag of (seconds)"),
        required=False,
        min_value=1,
        max_value=LONGEST_OBJECTIVE,
        help_text=_(
            "Empty: the RPO objective, but at least 60 s; without an objective 300 s, and for backups made now and "
            "then 26 h."
        ),
    )
    watched_path = forms.CharField(
        label=_("Disk to watch"),
        required=False,
        max_length=1000,
        help_text=_(
            "A path on this machine. Empty: the disk that the database is on. Those of replicas in folders are watched "
            "as well."
        ),
    )
    disk_alert_percent = forms.IntegerField(
        label=_("Alarm when a disk is full to (percent)"), min_value=1, max_value=100
    )
