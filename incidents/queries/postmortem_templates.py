"""What post-mortems are begun from, and the sections of one of them."""

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from incidents.models import Incident, PostmortemTemplate, SeverityLevel, TemplateSection


def list_templates() -> QuerySet[PostmortemTemplate]:
    """The templates that can be chosen, by name, with their sections and the levels that use them."""
    levels = Prefetch("severity_levels", SeverityLevel.objects.order_by("level"))
    return PostmortemTemplate.objects.prefetch_related("sections", levels)


def list_template_sections(template: PostmortemTemplate) -> list[TemplateSection]:
    """The sections of the template in their order."""
    return list(template.sections.all())


def find_removed_section(template: PostmortemTemplate, typed: str) -> TemplateSection | None:
    """The section of the template with this key, if it was removed."""
    removed = TemplateSection.with_removed.filter(template=template).exclude(removed_at=None)
    return next((section for section in removed if str(section.pk) == typed), None)


def chosen_template(incident: Incident) -> PostmortemTemplate | None:
    """What a document of this incident begins from where nobody chooses; None is the outline."""
    template = incident.severity.postmortem_template
    return template if template and template.removed_at is None else None


def find_removed_template(user: User, typed: str) -> PostmortemTemplate | None:
    """The template with this key, if it was removed and this person may bring it back."""
    if not user.is_administrator or not typed.isdecimal() or len(typed) > 18:  # no database has such keys
        return None
    return PostmortemTemplate.with_removed.filter(pk=typed).exclude(removed_at=None).first()
