"""The forms of replicas, made from what their kind needs."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lib.secret_fields import AddressInput, SecretReferenceField
from recovery.methods.litestream_destinations import Option
from recovery.models import Replica
from recovery.models.database import NAME
from recovery.services.replica_kinds import ReplicaKind

SECRET_HELP = _("Where the secret is: env:NAME, or file:/path. It is never kept here.")

# Not set is neither: the tool's own default then holds.
FLAG = (("", _("not set")), ("yes", _("yes")), ("no", _("no")))


class ReplicaEditForm(forms.Form):
    """Where a backup is, and what its kind needs. `options` and `secrets` are gathered from the kind's own fields."""

    destination = forms.CharField(max_length=1000, widget=AddressInput)

    def __init__(self, *args: Any, kind: ReplicaKind, replica: Replica | None = None, **kwargs: Any) -> None:
        if replica:
            kwargs["initial"] = _initial(replica)
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["destination"].label = str(kind.destination_label)
        example = format_lazy(_("Such as {example}."), example=kind.example)
        self.fields["destination"].help_text = str(format_lazy("{} {}", kind.help, example) if kind.help else example)
        # What it cannot do without comes first.
        for option in sorted(kind.options, key=lambda option: not option.is_required):
            self.fields[_field_name(option)] = _make_field(option)

    def clean(self) -> dict[str, Any]:
        """The service's keywords: what was left empty is left out."""
        cleaned = super().clean() or {}
        gathered: dict[str, dict[str, Any]] = {"options": {}, "secrets": {}}
        for option in self.kind.options:
            value = cleaned.pop(_field_name(option), None)
            if value not in (None, ""):
                gathered["secrets" if option.is_secret else "options"][option.name] = value
        return {**cleaned, **gathered}


class ReplicaForm(ReplicaEditForm):
    """A backup of a database."""

    name = forms.CharField(label=_("Name"), max_length=80, initial="local", validators=[NAME])
    field_order = ["name"]

    def clean(self) -> dict[str, Any]:
        """The service's keywords, the method among them."""
        return {**super().clean(), "method": self.kind.method}


def _field_name(option: Option) -> str:
    return f"{'secret' if option.is_secret else 'option'}-{option.name}"


def _make_field(option: Option) -> forms.Field:
    if option.is_secret:
        help_text = format_lazy("{} {}", option.help, SECRET_HELP) if option.help else SECRET_HELP
        return SecretReferenceField(label=option.label, required=option.is_required, help_text=help_text)
    shown: dict[str, Any] = {"label": option.label, "required": option.is_required, "help_text": option.help}
    if option.kind == "flag":
        return forms.TypedChoiceField(choices=FLAG, coerce=lambda word: word == "yes", empty_value=None, **shown)
    if option.kind == "number":
        return forms.IntegerField(min_value=0, max_value=1_000_000, **shown)
    return forms.CharField(max_length=1000, **shown)


def _initial(replica: Replica) -> dict[str, Any]:
    words = {True: "yes", False: "no"}
    options = {
        f"option-{name}": words[value] if isinstance(value, bool) else value for name, value in replica.options.items()
    }
    secrets = {f"secret-{name}": reference for name, reference in replica.secrets.items()}
    return {"destination": replica.destination, **options, **secrets}
