"""Events of the timeline."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.forms.text import long_text
from incidents.models import Incident, TimelineEvent
from lib.edits import fingerprint
from lib.errors import EditConflict
from lib.forms import RecordForm
from lib.merging import Piece, compare_texts, merge_texts
from lib.moment_fields import MomentField, set_zone
from lib.moment_text import write_moment

ON_THE_LINE = ("occurred_at", "kind", "is_pinned")
FOLDED = ("ended_at", "grading")


class TimelineEventForm(RecordForm):
    """A new event: its text, and what is said of it on one line; the rest is folded."""

    text = long_text(
        gettext_lazy("What happened"),
        rows=2,
        error_messages={"required": gettext_lazy("Write what happened; a few words are enough.")},
    )
    occurred_at = MomentField(label=gettext_lazy("When"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=TimelineEvent.Kind.choices, required=False)
    is_pinned = forms.BooleanField(label=gettext_lazy("In the post-mortem"), required=False, initial=True)
    ended_at = MomentField(
        label=gettext_lazy("Until"), required=False, help_text=gettext_lazy("For what went on for a while.")
    )
    grading = forms.ChoiceField(
        label=gettext_lazy("Known by"),
        choices=TimelineEvent.Grading.choices,
        required=False,
        help_text=gettext_lazy("Measured by a machine, reported at the time, or recollected afterwards."),
    )

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = incident.zone
        set_zone(self.fields, self.zone)
        self.fields["text"].widget.attrs["placeholder"] = self.fields["text"].label
        self.fields["occurred_at"].help_text = self._time_help()
        grading = TimelineEvent.Grading.RECOLLECTED if incident.is_over else TimelineEvent.Grading.REPORTED
        self.initial = {"kind": TimelineEvent.Kind.OBSERVATION, "grading": grading, **(self.initial or {})}

    @property
    def line(self) -> list[forms.BoundField]:
        """The fields that stand on one line under the text."""
        return [self[name] for name in ON_THE_LINE]

    @property
    def folded(self) -> list[forms.BoundField]:
        """The fields that are folded away."""
        return [self[name] for name in FOLDED]

    @property
    def is_unfolded(self) -> bool:
        """True where a folded field says something, or is to be corrected."""
        return bool(self["ended_at"].value() or any(field.errors for field in self.folded))

    def clean_kind(self) -> str:
        """An observation, or what it was, where nothing was said."""
        return str(self.cleaned_data["kind"] or self.initial["kind"])

    def clean_grading(self) -> str:
        """As proposed, or as it was, where nothing was said."""
        return str(self.cleaned_data["grading"] or self.initial["grading"])

    def clean(self) -> dict[str, Any]:
        """With the timezone that a time was typed in."""
        if self.cleaned_data.get("occurred_at") and self.cleaned_data["occurred_at"] != self.initial.get("occurred_at"):
            self.cleaned_data["time_zone"] = str(self.zone)
        return self.cleaned_data

    def _time_help(self) -> str:
        return _("%(zone)s. Such as 14:03, -10m, yesterday 23:50. Empty: now.") % {"zone": self.zone}


@dataclass(frozen=True)
class Choice:
    """What two people made of one event, as far as both changed the same. `mine` and `theirs` are texts, marked where
    they differ from each other, and empty where only one of the two touched the text.

    `others` are further fields with the value that stands now; `is_merged` is true where the text field holds both.
    """

    mine_text: str
    mine: list[Piece]
    theirs: list[Piece]
    others: list[str]
    is_merged: bool

    @property
    def is_about_text(self) -> bool:
        """True where the texts differ."""
        return any(piece.kind != "same" for piece in [*self.mine, *self.theirs])


class CorrectEventForm(TimelineEventForm):
    """An event that stands, to be corrected. It carries what its writer saw, so that two people's changes are joined.

    After a conflict, `take` says which text is meant instead of the one in the field: `mine` or `theirs`.
    """

    choice: Choice | None = None
    # True after a conflict in which nothing was changed by both: what the form holds can be saved as it is.
    is_settled = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (*ON_THE_LINE, *FOLDED, "text"):
            self.fields[name].show_hidden_initial = True
        self.fields["occurred_at"].required = True
        if taken := {"mine": self.data.get("mine_text"), "theirs": self.initial["text"]}.get(self.data.get("take", "")):
            self._put("text", taken)

    def show_conflict(self, conflict: EditConflict) -> None:
        """What only one of the two changed is taken over; where both did, mine stays, beside what stands now.

        Of two texts, both changes are in the field where they can be told apart. Saving again saves what is shown.
        Where no field was changed by both, there is nothing to choose, and the form is settled.
        """
        mine = self._plain("text", self.data.get("text", ""))
        others, is_merged, is_text_open = list[str](), False, False
        for name, value in conflict.values.items():
            shown, typed, base = self._shown(name, value), self._typed(name), self._seen(name)
            merged = self._merge(name, base, typed, shown)
            if name == "text":
                is_merged = merged not in (None, typed, shown)
                is_text_open = is_merged or merged is None
            elif merged is None:
                others.append(f"{self[name].label}: {self._in_words(name, value)}")
            self._put(name, typed if merged is None else merged)
            self._put(f"initial-{name}", shown)
        sides = _sides(mine, str(conflict.values["text"])) if is_text_open else ([], [])
        self.is_settled = not is_text_open and not others
        self.choice = None if self.is_settled else Choice(mine, *sides, others, is_merged)
        self._put("seen", fingerprint(conflict.values))
        self._put("mine_text", mine)

    def _in_words(self, name: str, value: Any) -> str:
        if isinstance(value, datetime):
            return write_moment(value, self.zone)
        return super()._in_words(name, value)

    def _merge(self, name: str, base: str | None, mine: str, theirs: str) -> str | None:
        if mine == theirs or theirs == base:
            return mine
        if mine == base:
            return theirs
        return merge_texts(base, mine, theirs) if name == "text" and base is not None else None

    def _typed(self, name: str) -> str:
        """What the field says, as text."""
        if isinstance(self.fields[name], forms.BooleanField):
            return str(bool(self.data.get(name)))
        return self._plain(name, self.data.get(name, ""))

    def _seen(self, name: str) -> str | None:
        """What the field said when it was opened; None where that is not known."""
        base = self.data.get(f"initial-{name}")
        return None if base is None else self._plain(name, base)

    def _shown(self, name: str, value: Any) -> str:
        prepared = self.fields[name].prepare_value(value)
        return "" if prepared is None else str(prepared)

    def _plain(self, name: str, value: str) -> str:
        return str(self.fields["text"].to_python(value)) if name == "text" else value

    def _put(self, name: str, value: str) -> None:
        data = cast(QueryDict, self.data).copy()
        data[name] = value
        if isinstance(self.fields.get(name), forms.BooleanField) and value == "False":
            del data[name]
        self.data = data

    def _time_help(self) -> str:
        return _("%(zone)s. Such as 14:03, -10m, yesterday 23:50.") % {"zone": self.zone}


def _sides(mine: str, theirs: str) -> tuple[list[Piece], list[Piece]]:
    pieces = compare_texts(theirs, mine)
    return [each for each in pieces if each.kind != "removed"], [each for each in pieces if each.kind != "added"]
