"""What a post-mortem still lacks, as rules that stand in nobody's way; other apps add theirs when they start."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.documents.loading import Loaded, load
from incidents.documents.references import find_references
from incidents.durations import DurationState
from incidents.lifecycle import MILESTONES
from incidents.models import ActionItem, Incident, Postmortem, RootCause
from incidents.models.incident import DataLoss
from lib.markdown import split_fences
from lib.markdown_references import NO_WORDS, spell_keys

# Their records speak for them; the prose is only what the records do not show.
TOLD_BY_RECORDS = {"timeline", "root_causes", "action_items", "improvements", "recovery"}
NEEDED_MILESTONES = ("impact_started_at", "detected_at", "mitigated_at", "resolved_at")
MAIN_KINDS = (RootCause.Kind.TRIGGER, RootCause.Kind.ROOT_CAUSE, RootCause.Kind.CONTRIBUTING_FACTOR)
SHOWN = 60


@dataclass(frozen=True)
class Missing:
    """One thing that is not there, a sentence, and where it can be put right."""

    sentence: str
    url: str


@dataclass(frozen=True)
class Text:
    """Something that the document says, and where it is written."""

    text: str
    url: str


@dataclass(frozen=True)
class Subject:
    """The post-mortem with its records, read once for all rules."""

    loaded: Loaded

    @property
    def incident(self) -> Incident:
        """The incident it is of."""
        return self.loaded.incident

    def address(self, route: str, *arguments: object) -> str:
        """A page of the incident's."""
        return reverse(f"incidents:{route}", args=[self.incident.pk, *arguments])

    @cached_property
    def texts(self) -> list[Text]:
        """All that people wrote in sections and in the events that the document shows."""
        texts = [Text(section.body, self.address("section_edit", section.key)) for section in self.loaded.sections]
        events = [event for event in self.loaded.events if event.is_pinned and not event.is_hidden]
        return texts + [Text(event.text, self.address("event_edit", event.pk)) for event in events]


@dataclass(frozen=True)
class Rule:
    """Something that a complete document has; `find` gives what is missing, in a fixed number of queries."""

    label: str | Promise
    find: Callable[[Subject], Iterable[Missing]]


@dataclass(frozen=True)
class Completeness:
    """How many of the rules hold, and what is missing under each of the others."""

    held: tuple[str, ...]
    lacking: tuple[tuple[str, tuple[Missing, ...]], ...]

    @property
    def total(self) -> int:
        """How many rules there are."""
        return len(self.held) + len(self.lacking)


_rules: list[Rule] = []


def register(rule: Rule) -> None:
    """From now on, documents are measured by this rule too."""
    if rule not in _rules:
        _rules.append(rule)


def measure(postmortem: Postmortem) -> Completeness:
    """What the post-mortem has and what it lacks, in a fixed number of queries."""
    subject = Subject(load(postmortem))
    found = [(str(rule.label), tuple(rule.find(subject))) for rule in _rules]
    held = tuple(label for label, missing in found if not missing)
    return Completeness(held, tuple((label, missing) for label, missing in found if missing))


def _impact(subject: Subject) -> Iterator[Missing]:
    incident, url = subject.incident, subject.address("impact_edit")
    if incident.customers_affected is None:
        yield Missing(_("How many customers were affected is unknown; 0 is an answer too."), url)
    if incident.requests_failed is None:
        yield Missing(_("How many requests failed is unknown; 0 is an answer too."), url)
    if incident.data_loss == DataLoss.UNKNOWN and not incident.data_lost:
        yield Missing(_("Whether data was lost is unknown."), url)


def _milestones(subject: Subject) -> Iterator[Missing]:
    url = subject.address("milestones_edit")
    for name in NEEDED_MILESTONES:
        if subject.incident.milestones[name] is None:
            yield Missing(_("When this was is unknown: %(milestone)s.") % {"milestone": MILESTONES[name]}, url)
    for duration in subject.incident.durations:
        if duration.state is DurationState.INVALID:
            yield Missing(f"{duration.label}: {duration.reason}", url)


def _sections(subject: Subject) -> Iterator[Missing]:
    for section in subject.loaded.sections:
        if not section.body.strip() and section.key not in TOLD_BY_RECORDS:
            sentence = _("“%(title)s” is not written yet.") % {"title": section.title}
            yield Missing(sentence, subject.address("section_edit", section.key))


def _timeline(subject: Subject) -> Iterator[Missing]:
    if not any(event.is_pinned and not event.is_hidden for event in subject.loaded.events):
        sentence = _("No timeline event has been chosen for the post-mortem.")
        yield Missing(sentence, f"{subject.incident.get_absolute_url()}#timeline-panel")


def _causes(subject: Subject) -> Iterator[Missing]:
    if not any(cause.kind in MAIN_KINDS for cause in subject.loaded.causes):
        yield Missing(_("No cause has been recorded."), subject.address("cause_create"))


def _addressed(subject: Subject) -> Iterator[Missing]:
    addressed = {item.root_cause_id for item in subject.loaded.items}
    for cause in subject.loaded.causes:
        if cause.kind != RootCause.Kind.MITIGATOR and cause.pk not in addressed:
            sentence = _("No action item addresses “%(cause)s”.") % {"cause": _short(cause.statement)}
            yield Missing(sentence, subject.address("cause_edit", cause.pk))


def _kept(subject: Subject) -> Iterator[Missing]:
    if not subject.loaded.items:
        yield Missing(_("No action item has been recorded."), subject.address("action_item_create"))
    for item in subject.loaded.items:
        words, url = {"item": item.reference}, subject.address("action_item_edit", item.number)
        if item.status != ActionItem.Status.NOT_DOING and item.owner is None:
            yield Missing(_("%(item)s has no owner.") % words, url)
        if item.is_open and item.due_date is None:
            yield Missing(_("%(item)s has no due date.") % words, url)


def _tied(subject: Subject) -> Iterator[Missing]:
    for item in subject.loaded.items if subject.loaded.causes else ():
        if item.root_cause_id is None:
            sentence = _("%(item)s addresses no cause.") % {"item": item.reference}
            yield Missing(sentence, subject.address("action_item_edit", item.number))


def _referred(subject: Subject) -> Iterator[Missing]:
    keys = {text: {key for key in spell_keys(_words(text.text)) if key[0] != "@"} for text in subject.texts}
    known = find_references(set().union(*keys.values()), subject.incident)
    for text, named in keys.items():
        for key in sorted(named - known.keys()):
            sentence = _("%(reference)s leads nowhere for readers of this document, and stays plain text.")
            yield Missing(sentence % {"reference": key}, text.url)


def _words(text: str) -> str:
    """Markdown without code and links, in which nothing refers to a record."""
    prose = (line for is_code, lines in split_fences(text.split("\n")) if not is_code for line in lines)
    return NO_WORDS.sub(" ", "\n".join(prose))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN].rstrip()}…"


for _label, _find in (
    (gettext_lazy("Impact figures"), _impact),
    (gettext_lazy("Milestones, detection among them"), _milestones),
    (gettext_lazy("Every section is written"), _sections),
    (gettext_lazy("A timeline"), _timeline),
    (gettext_lazy("A cause"), _causes),
    (gettext_lazy("An action item for every cause"), _addressed),
    (gettext_lazy("An owner and a due date for every action item"), _kept),
    (gettext_lazy("A cause for every action item"), _tied),
    (gettext_lazy("References that lead somewhere"), _referred),
):
    register(Rule(_label, _find))
