"""The forms of PostgreSQL databases, and of the heartbeat of any."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.secret_fields import AddressInput, SecretReferenceField
from recovery.forms import KnownTableInput, ObjectivesForm
from recovery.models.database import NAME


class PostgresqlEditForm(ObjectivesForm):
    """Where a PostgreSQL database is, and what it must hold up to."""

    dsn = forms.CharField(
        label=_("Connection string of the primary"),
        max_length=1000,
        widget=AddressInput,
        help_text=_("Without a password, such as host=db1 port=5432 user=debrief dbname=shop."),
    )
    password = SecretReferenceField(
        label=_("Password"),
        required=False,
        help_text=_("Where the secret is: env:NAME, or file:/path. It is never kept here."),
    )
    field_order = ["dsn", "password"]


class PostgresqlForm(PostgresqlEditForm):
    """A PostgreSQL database to protect."""

    name = forms.CharField(label=_("Name"), max_length=80, validators=[NAME])
    field_order = ["name", "dsn", "password"]


class HeartbeatForm(forms.Form):
    """The column whose newest value says how fresh restored data is."""

    table = forms.CharField(
        label=_("Table"),
        max_length=200,
        required=False,
        widget=KnownTableInput(),
        help_text=_("The application writes the time into one of its columns at intervals."),
    )
    column = forms.CharField(label=_("Column"), max_length=200, required=False)
