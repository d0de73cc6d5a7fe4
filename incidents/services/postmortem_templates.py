"""What post-mortems are begun from. No change here touches a document that was begun."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.documents.outline import in_words
from incidents.errors import IncidentError
from incidents.models import PostmortemTemplate, SeverityLevel, TemplateSection
from lib.edits import check_unchanged


def template_values(template: PostmortemTemplate) -> dict[str, Any]:
    """What a form over the template is filled with."""
    return {
        "name": in_words(template.name),
        "description": in_words(template.description),
        "severities": list(template.severity_levels.order_by("level")),
    }


@transaction.atomic
def add_template(*, name: str, description: str = "", severities: Iterable[SeverityLevel] = ()) -> PostmortemTemplate:
    """A new template with one section, which these levels use from now on."""
    _check_name(name, None)
    template = PostmortemTemplate.objects.create(name=name, description=description)
    TemplateSection.objects.create(template=template, key="summary", title=_("Summary"), position=1)
    _use(template, severities)
    return template


@transaction.atomic
def change_template(
    template: PostmortemTemplate,
    *,
    name: str,
    description: str,
    severities: Iterable[SeverityLevel],
    seen: str | None = None,
) -> PostmortemTemplate:
    """The template with this name and description, used by these levels and no other.

    Raises EditConflict when somebody changed it since it was `seen`.
    """
    template = lock_template(template)
    check_unchanged(template_values(template), seen)
    _check_name(name, template)
    template.name = reworded(template.name, name)
    template.description = reworded(template.description, description)
    template.save(update_fields=["name", "description", "updated_at"])
    _use(template, severities)
    return template


@transaction.atomic
def copy_template(template: PostmortemTemplate) -> PostmortemTemplate:
    """Another template with the same sections, which no level uses yet."""
    template = lock_template(template)
    copy = PostmortemTemplate.objects.create(name=_name_of_copy(template), description=template.description)
    for section in template.sections.all():
        TemplateSection.objects.create(
            template=copy, key=section.key, title=section.title, prompt=section.prompt, position=section.position
        )
    return copy


@transaction.atomic
def remove_template(template: PostmortemTemplate, *, now: datetime) -> PostmortemTemplate:
    """The template can be chosen no more. Levels that used it use the sections of the outline until it is back."""
    template = lock_template(template)
    template.removed_at = template.removed_at or now
    template.save(update_fields=["removed_at", "updated_at"])
    return template


@transaction.atomic
def bring_back_template(template: PostmortemTemplate) -> PostmortemTemplate:
    """The template as it was, for the levels that used it. Refused where another has its name by now."""
    template = lock_template(template)
    _check_name(template.name, template)
    template.removed_at = None
    template.save(update_fields=["removed_at", "updated_at"])
    return template


def lock_template(template: PostmortemTemplate) -> PostmortemTemplate:
    """The template as it stands now, removed or not; until the transaction ends, nobody else changes it."""
    return PostmortemTemplate.with_removed.select_for_update().get(pk=template.pk)


def reworded(stored: str, typed: str) -> str:
    """What is to be stored: words that came with Debrief stay as they are while nobody writes others for them.

    They are shown in the reader's language, and a form that is saved unchanged would settle them in that one.
    """
    return stored if typed == in_words(stored) else typed


def _use(template: PostmortemTemplate, severities: Iterable[SeverityLevel]) -> None:
    chosen = {severity.pk for severity in severities}
    # One by one, so that the history of each level says so.
    for level in SeverityLevel.objects.select_for_update(of=("self",)):
        if (level.pk in chosen) != (level.postmortem_template_id == template.pk):
            level.postmortem_template = template if level.pk in chosen else None
            level.save(update_fields=["postmortem_template"])


def _check_name(name: str, template: PostmortemTemplate | None) -> None:
    others = PostmortemTemplate.objects.exclude(pk=template.pk) if template else PostmortemTemplate.objects.all()
    # By what a reader sees as well as by what is stored.
    taken = {text.casefold() for other in others for text in (other.name, in_words(other.name))}
    if name.casefold() in taken:
        raise IncidentError(_("Another template has this name; choose one that tells them apart."), field="name")


def _name_of_copy(template: PostmortemTemplate) -> str:
    room = PostmortemTemplate._meta.get_field("name").max_length or 0
    taken = {*PostmortemTemplate.objects.values_list("name", flat=True)}
    for number in range(1, len(taken) + 2):
        ending = _("(copy)") if number == 1 else _("(copy %(number)d)") % {"number": number}
        name = f"{in_words(template.name)[: room - len(ending) - 1]} {ending}"
        if name not in taken:
            break
    return name
