"""The sections of a post-mortem, in order, and what a new document begins with."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from incidents.documents.template_words import TEMPLATE_WORDS
from incidents.models import PostmortemSection, PostmortemTemplate

DEFAULT_SECTIONS: dict[str, Promise] = {
    "summary": _("Summary"),
    "impact": _("Impact"),
    "timeline": _("Timeline"),
    "detection": _("Detection"),
    "response": _("Response"),
    "root_causes": _("Root causes"),
    "recovery": _("Recovery and evidence"),
    "went_well": _("What went well"),
    "went_poorly": _("What went poorly"),
    "got_lucky": _("Where we got lucky"),
    "action_items": _("Action items"),
    "improvements": _("Improvements"),
    "lessons": _("Lessons"),
}

# What an author is asked in an empty section; shown in the editor, never in a document.
PROMPTS: dict[str, Promise] = {
    "summary": _("In three sentences: what happened, whom it touched, how it ended?"),
    "impact": _("What did people who rely on the service notice? What is known, what is not?"),
    "timeline": _("What does the timeline not show by itself?"),
    "detection": _("How was it noticed? What would have shown it earlier?"),
    "response": _("What was done, in which order, and what made it quicker or slower?"),
    "root_causes": _("What about the system made this possible?"),
    "recovery": _("What was restored, from where, and what shows that the data is complete?"),
    "went_well": _("What worked as it was meant to?"),
    "went_poorly": _("What got in the way?"),
    "got_lucky": _("What might have made it worse, but did not?"),
    "action_items": _("What do the actions below not say by themselves?"),
    "improvements": _("What is better now, and how is it measured?"),
    "lessons": _("What should another team know?"),
}

# The msgids: texts in the language they were written in.
with override(None):
    _KNOWN = {*map(str, (*DEFAULT_SECTIONS.values(), *PROMPTS.values())), *TEMPLATE_WORDS}


@dataclass(frozen=True)
class PlannedSection:
    """One section that a document is to begin with."""

    key: str
    title: str
    prompt: str


def in_words(text: str) -> str:
    """The text in the reader's language where it came with Debrief; what a team wrote stays as it is."""
    return gettext(text) if text in _KNOWN else text


def plan_sections(template: PostmortemTemplate | None) -> list[PlannedSection]:
    """What a document that is begun now begins with: the template's sections, else those of the outline."""
    if template is None or template.removed_at:
        return [PlannedSection(key, str(title), str(PROMPTS[key])) for key, title in DEFAULT_SECTIONS.items()]
    return [
        PlannedSection(section.key, in_words(section.title), in_words(section.prompt))
        for section in template.sections.all()
    ]


def prompt_of(section: PostmortemSection) -> str:
    """What the section's author is asked; a document that was begun before sections kept that asks as the outline."""
    if section.prompt or section.postmortem.template_id:
        return section.prompt
    return str(PROMPTS.get(section.key, ""))


def kind_of(key: str) -> str:
    """The records that stand in a section with this key, in words; empty for prose alone."""
    return str(DEFAULT_SECTIONS.get(key, ""))
