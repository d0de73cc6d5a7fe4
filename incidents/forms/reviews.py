"""Reviewing and publishing a post-mortem."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import User
from incidents.forms.text import long_text
from incidents.models import ChecklistAnswer, Postmortem, Review
from incidents.queries.reviews import list_possible_reviewers
from incidents.services.comments import LONGEST_QUOTE

LONGEST_COMMENT = 10_000
DECISIONS = [(value, label) for value, label in Review.Decision.choices if value != Review.Decision.PENDING]


class AskForm(forms.Form):
    """Who is asked to read it."""

    people = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=gettext_lazy("Ask for a review"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose one or more people.")},
    )

    def __init__(self, data: Any = None, *, postmortem: Postmortem) -> None:
        super().__init__(data, auto_id="ask_%s")
        field = cast("forms.ModelMultipleChoiceField[User]", self.fields["people"])
        field.queryset = list_possible_reviewers(postmortem.incident)


class DecisionForm(forms.Form):
    """What the reviewer says."""

    decision = forms.ChoiceField(label=gettext_lazy("Decision"), choices=DECISIONS, widget=forms.HiddenInput)
    note = long_text(gettext_lazy("Note"), rows=2, required=False, max_length=LONGEST_COMMENT)


class CommentForm(forms.Form):
    """Something about a section, or a passage of it."""

    quote = forms.CharField(
        label=gettext_lazy("Passage"),
        required=False,
        max_length=LONGEST_QUOTE,
        help_text=gettext_lazy("The words it is about; empty: the whole section."),
    )
    quote_before = forms.CharField(required=False, widget=forms.HiddenInput)
    text = long_text(gettext_lazy("Comment"), rows=3, max_length=LONGEST_COMMENT)


class EditForm(forms.Form):
    """A comment or an answer in other words."""

    text = long_text(gettext_lazy("Comment"), rows=4, max_length=LONGEST_COMMENT)


class AnswerForm(forms.Form):
    """An answer to a comment."""

    text = long_text(gettext_lazy("Answer"), rows=2, max_length=LONGEST_COMMENT)


class ChecklistForm(forms.Form):
    """The answer to one question; empty takes it back."""

    question = forms.CharField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(choices=[("", ""), *ChecklistAnswer.Answer.choices], required=False)
    reason = forms.CharField(label=gettext_lazy("Why it does not apply"), required=False, max_length=300)


class PublicationForm(forms.Form):
    """What changed, from the second version on; from an administrator, why what is open shall not stand in the way."""

    what_changed = forms.CharField(label=gettext_lazy("What changed"), max_length=1000, required=False)
    read = forms.BooleanField(
        label=gettext_lazy("I have read it as it will be published"),
        help_text=gettext_lazy("A version stays as it is and cannot be taken back."),
        error_messages={"required": gettext_lazy("Read the post-mortem, then tick this; it cannot be taken back.")},
    )

    def __init__(self, data: Any = None, *, is_first: bool, may_override: bool) -> None:
        super().__init__(data, auto_id="publish_%s")
        if is_first:
            del self.fields["what_changed"]
        if may_override:
            self.fields["override"] = forms.CharField(
                label=gettext_lazy("Publish all the same, because"),
                required=False,
                max_length=500,
                help_text=gettext_lazy("Administrators only. The timeline keeps the reason with what is open."),
            )
            self.order_fields(["what_changed", "override", "read"])

    def clean(self) -> dict[str, Any]:
        """What the service is told: that it was read is for whoever publishes alone."""
        super().clean()
        return {name: value for name, value in self.cleaned_data.items() if name != "read"}
