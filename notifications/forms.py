"""One form an action; the keys of cleaned_data are the services' keywords."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.secret_fields import SecretReferenceField
from notifications.models import Channel

MOST_RECIPIENTS = 50


class ChannelForm(forms.Form):
    """What every channel has."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)


class NewsForm(ChannelForm):
    """A channel that can be told of what is well, too."""

    wants_news = forms.BooleanField(label=gettext_lazy("Tell it of passed tests, too"), required=False)


class EmailForm(NewsForm):
    """An e-mail channel."""

    address = forms.CharField(
        label=gettext_lazy("Recipients"),
        max_length=2000,
        help_text=gettext_lazy("One address or several, separated by commas."),
    )
    field_order = ["name", "address", "wants_news"]

    def clean_address(self) -> str:
        """The addresses, each once, with a comma and a blank between them."""
        addresses = list(dict.fromkeys(filter(None, re.split(r"[\s,;]+", self.cleaned_data["address"]))))
        if not addresses or len(addresses) > MOST_RECIPIENTS:
            raise ValidationError(_("Give between one and fifty addresses."))
        for address in addresses:
            try:
                validate_email(address)
            except ValidationError:
                raise ValidationError(
                    _("“%(address)s” is not an e-mail address. Correct or remove it.") % {"address": address}
                ) from None
        return ", ".join(addresses)


class SecretForm(ChannelForm):
    """A channel with a secret: pasted, or referred to. `known` is the reference it has; None for a new channel."""

    pasted_secret = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("It is written to a file that only Debrief reads, and never shown again."),
    )
    secret = SecretReferenceField(
        label=gettext_lazy("Or where it is"),
        required=False,
        help_text=gettext_lazy("env:NAME for an environment variable, or file:/path for a file."),
    )
    what_is_pasted: str

    def __init__(self, *args: Any, known: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        self.fields["pasted_secret"].label = self.what_is_pasted
        if known:
            self.fields["pasted_secret"].help_text = _("Empty: it stays as it is.")

    def clean(self) -> dict[str, Any]:
        """One of the two, not both; for a known channel none keeps what it has."""
        pasted, reference = self.cleaned_data.get("pasted_secret"), self.cleaned_data.get("secret")
        if pasted and reference:
            self.add_error("secret", _("Paste the secret or say where it is, not both."))
        if not pasted and not reference and not self.known and "secret" not in self.errors:
            self.add_error("pasted_secret", _("Paste the secret, or say below where it is."))
        return self.cleaned_data


class SlackForm(SecretForm, NewsForm):
    """A Slack channel."""

    what_is_pasted = gettext_lazy("Address of the incoming webhook")  # type: ignore[assignment]
    field_order = ["name", "pasted_secret", "secret", "wants_news"]

    def clean_pasted_secret(self) -> str:
        """An address, which is not repeated."""
        address: str = self.cleaned_data["pasted_secret"]
        # What is posted there, and the address itself, would cross the network in the clear.
        allowed = ("https://", "http://") if settings.OUTGOING_PRIVATE else ("https://",)
        if address and not address.startswith(allowed):
            raise ValidationError(_("A webhook’s address begins with https://. Copy it whole from Slack."))
        return address


class PagerDutyForm(SecretForm):
    """A PagerDuty service."""

    what_is_pasted = gettext_lazy("Integration key (Events API v2)")  # type: ignore[assignment]
    field_order = ["name", "pasted_secret", "secret"]


FORMS: dict[str, type[ChannelForm]] = {
    Channel.Kind.EMAIL: EmailForm,
    Channel.Kind.SLACK: SlackForm,
    Channel.Kind.PAGERDUTY: PagerDutyForm,
}


def new_channel_form(kind: Channel.Kind, data: Any) -> ChannelForm:
    """The form for a new channel of this kind; passed tests are told to Slack unless somebody says otherwise."""
    return FORMS[kind](data, initial={"wants_news": kind == Channel.Kind.SLACK})


def channel_form(channel: Channel, data: Any) -> ChannelForm:
    """The form over a known channel. Its secret is not in it."""
    facts = {name: getattr(channel, name) for name in ("name", "address", "wants_news", "is_enabled")}
    options: dict[str, Any] = {"known": channel.secret} if channel.secret else {}
    form = FORMS[channel.kind](data, initial=facts, **options)
    form.fields["is_enabled"] = forms.BooleanField(label=_("On"), required=False)
    return form
