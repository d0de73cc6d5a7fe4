"""The sections of a template: which there are, in which order, and what their authors are asked."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from incidents.documents.outline import in_words
from incidents.models import PostmortemTemplate, TemplateSection
from incidents.services import section_order
from incidents.services.postmortem_templates import lock_template, reworded
from lib.edits import check_unchanged


def section_values(section: TemplateSection) -> dict[str, Any]:
    """What a form over the section is filled with."""
    return {"title": in_words(section.title), "prompt": in_words(section.prompt)}


@transaction.atomic
def add_section(template: PostmortemTemplate, *, title: str, prompt: str = "", kind: str = "") -> TemplateSection:
    """One more section at the end. `kind` is the key of the records that stand in it; empty for prose alone."""
    template = lock_template(template)
    blank = TemplateSection(template=template)
    return section_order.add(blank, _siblings(template), title=title, prompt=prompt, kind=kind)


@transaction.atomic
def change_section(section: TemplateSection, *, title: str, prompt: str, seen: str | None = None) -> TemplateSection:
    """The section with this title and question.

    Raises EditConflict when somebody changed them since they were `seen`.
    """
    section = _locked(section)
    check_unchanged(section_values(section), seen)
    section.title, section.prompt = reworded(section.title, title), reworded(section.prompt, prompt)
    section.save(update_fields=["title", "prompt", "updated_at"])
    return section


@transaction.atomic
def move_section(section: TemplateSection, *, direction: str) -> TemplateSection:
    """The section one place `up` or `down`; where it was, if it is the first or last already."""
    section = _locked(section)
    section_order.move(section, _siblings(section.template), direction=direction)
    return section


@transaction.atomic
def remove_section(section: TemplateSection, *, now: datetime) -> TemplateSection:
    """The section in no document that is begun from now on; its place is kept."""
    section = _locked(section)
    section_order.remove(section, _siblings(section.template), now=now)
    return section


@transaction.atomic
def bring_back_section(section: TemplateSection) -> TemplateSection:
    """The section where it stood."""
    section = _locked(section)
    section_order.bring_back(section, _siblings(section.template))
    return section


def _locked(section: TemplateSection) -> TemplateSection:
    lock_template(section.template)
    return TemplateSection.with_removed.select_related("template").get(pk=section.pk)


def _siblings(template: PostmortemTemplate) -> QuerySet[TemplateSection]:
    return TemplateSection.with_removed.filter(template=template)
