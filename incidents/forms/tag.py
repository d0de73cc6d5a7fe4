"""Tags: what they are called, and into which others they go."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from incidents.models import Tag
from incidents.queries.tags import list_seen_tags


class RenameTagForm(forms.Form):
    """Another word for the same incidents."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=Tag._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_name(self) -> str:
        """The word as tags are written."""
        name = " ".join(self.cleaned_data["name"].lower().split())
        if "," in name:
            raise ValidationError(_("A tag holds no comma, which stands between tags. Leave it out."))
        return name


class MergeTagForm(forms.Form):
    """The tag that the incidents have instead."""

    into = forms.ModelChoiceField(
        Tag.objects.none(),
        label=gettext_lazy("Merge into"),
        empty_label=gettext_lazy("choose a tag"),
        error_messages={
            "required": gettext_lazy("Choose the tag that takes its place."),
            "invalid_choice": gettext_lazy("This tag is no longer there; choose another one."),
        },
    )

    def __init__(self, *args: Any, tag: Tag, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into = cast("forms.ModelChoiceField[Tag]", self.fields["into"])
        into.queryset = list_seen_tags(user).exclude(pk=tag.pk)
