"""One cause: what it was, why that was so, what it led to, and what is done about it."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from incidents.forms.text import long_text
from incidents.models import ActionItem, Incident, RootCause
from incidents.services.causes import MOST_WHYS, cause_values
from lib.choices import RecordsField
from lib.forms import RecordForm

LEAST_FIELDS = 3
LONGEST_WHY = 500


class WhysInput(forms.TextInput):
    """A field for each sentence and empty ones behind them; the script adds another when the last is written in."""

    template_name = "incidents/cause/_whys.html"
    use_fieldset = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:  # noqa: ARG002  # Django's own signature
        """All lines that were sent, in their order."""
        sent = (data.get(f"{name}_{number}") for number in range(MOST_WHYS + 1))
        return [line for line in sent if line]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:  # noqa: ARG002  # Django's own signature
        """True where none of the fields was sent."""
        return f"{name}_0" not in data

    def format_value(self, value: Any) -> Any:
        """The lines as they are."""
        return value.splitlines() if isinstance(value, str) else value or []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The lines, and empty ones."""
        lines = [line for line in self.format_value(value) if line.strip()]
        count = min(max(len(lines) + 1, LEAST_FIELDS), max(MOST_WHYS, len(lines)))
        shown = lines + [""] * (count - len(lines))
        return super().get_context(name, value, attrs) | {"lines": shown, "most": MOST_WHYS, "longest": LONGEST_WHY}

    def id_for_label(self, _id: str) -> str:
        """None of the fields is the one that the label is for."""
        return ""


class WhysField(forms.Field):
    """Sentences in an order; empty fields count for nothing."""

    widget = WhysInput

    def to_python(self, value: Any) -> list[str]:
        """Each in one line."""
        lines = value.splitlines() if isinstance(value, str) else value or []
        return [" ".join(str(line).split()) for line in lines if str(line).strip()]

    def validate(self, value: Any) -> None:
        """Refuses a sentence that is a story."""
        super().validate(value)
        if any(len(line) > LONGEST_WHY for line in value):
            raise forms.ValidationError(
                gettext_lazy("One of these has more than %(limit)d characters. Say it in a sentence."),
                params={"limit": LONGEST_WHY},
            )


class CauseForm(RecordForm):
    """One cause."""

    statement = long_text(
        gettext_lazy("What about the system made it possible?"),
        rows=2,
        error_messages={"required": gettext_lazy("Describe the cause in a sentence about the system.")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=RootCause.Kind.choices, initial="root_cause")
    category = forms.ChoiceField(label=gettext_lazy("Category"), choices=RootCause.Category.choices, initial="unknown")
    whys = WhysField(
        label=gettext_lazy("Why was that so?"),
        required=False,
        help_text=gettext_lazy(
            "A sentence each: why it was so, then why that was so. About systems, not about people."
        ),
    )
    leads_to = RecordsField(
        RootCause.objects.none(),
        label=gettext_lazy("It led to"),
        required=False,
        help_text=gettext_lazy("What it made possible or worse. For a mitigator: what it softened."),
    )
    action_items = RecordsField(
        ActionItem.objects.none(),
        label=gettext_lazy("Addressed by"),
        required=False,
        help_text=gettext_lazy("An action item addresses one cause: one that is chosen here leaves the other."),
    )

    def __init__(self, *args: Any, incident: Incident, cause: RootCause | None = None, **kwargs: Any) -> None:
        super().__init__(*args, record=cause_values(cause) if cause else None, **kwargs)
        self._offer("leads_to", incident.root_causes.exclude(pk=cause.pk if cause else 0))
        self._offer("action_items", incident.action_items.all())

    def _offer(self, name: str, records: Any) -> None:
        """The records to choose from; without any there is nothing to ask."""
        field = cast(RecordsField, self.fields[name])
        field.queryset = records
        # Read once, for the page; what is sent is looked for among the records.
        field.choices = [(record.pk, str(record)) for record in records]
        if not field.choices:
            field.widget = forms.MultipleHiddenInput()
