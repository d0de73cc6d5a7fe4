"""The one builder: from the incident's records to the document tree."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model, Prefetch
from django.utils import timezone
from django.utils.translation import get_language

from incidents.documents import blocks
from incidents.documents.contributions import Contribution, contributions
from incidents.documents.phase_picture import phase_blocks
from incidents.documents.pictures import pictures_of
from incidents.documents.roles import role_blocks
from incidents.documents.tree import Block, Document, Gap, Prose, Section
from incidents.models import Incident, Postmortem, PostmortemSection


def build_document(postmortem: Postmortem) -> Document:
    """The post-mortem as it stands, in the installation's timezone, in a fixed number of queries."""
    incident = Incident.objects.select_related("severity").get(pk=postmortem.incident_id)
    zone = timezone.get_default_timezone()
    events = list(incident.events.select_related("author"))
    causes = list(incident.root_causes.prefetch_related(Prefetch("action_items", incident.action_items.all())))
    items = list(incident.action_items.select_related("owner_person", "owner_team"))
    improvements = list(incident.improvements.all())
    assignments = list(incident.role_assignments.select_related("person"))
    sections = list(postmortem.sections.all())
    added = contributions(incident)
    records: Iterable[Any] = [postmortem, incident, *events, *causes, *items, *improvements, *assignments, *sections]
    modified_at = _newest(records, added.values())
    structured: dict[str, tuple[Block, ...]] = {
        # An ongoing incident is drawn up to its newest change: equal records give equal documents.
        "summary": (*phase_blocks(incident, zone, now=modified_at), blocks.milestone_block(incident, zone)),
        "response": role_blocks(assignments, zone),
        "impact": (blocks.impact_block(incident),),
        "timeline": (blocks.timeline_block(events, zone),),
        "root_causes": (blocks.cause_block(causes),),
        "action_items": (blocks.action_item_block(items),),
        "improvements": (blocks.improvement_block(improvements),),
    }
    return Document(
        reference=incident.reference,
        title=incident.title,
        language=get_language() or "en",
        zone=str(zone),
        created_at=postmortem.created_at,
        modified_at=modified_at,
        author=postmortem.author_line or str(postmortem.author),
        status=postmortem.get_status_display(),
        severity=incident.severity.name,
        severity_level=incident.severity.level,
        severity_colour=incident.severity.tone,
        key_figures=blocks.key_figures(incident, zone),
        sections=tuple(
            _section(section, structured.get(section.key, ()), added.get(section.key)) for section in sections
        ),
        attachments=tuple(file for contribution in added.values() for file in contribution.attachments),
        pictures=pictures_of(incident) + tuple(each for given in added.values() for each in given.pictures),
    )


def _section(section: PostmortemSection, structured: tuple[Block, ...], added: Contribution | None) -> Section:
    prose: tuple[Block, ...] = (Prose(section.body),) if section.body.strip() else ()
    everything = prose + structured + (added.blocks if added else ())
    return Section(section.key, section.title, everything or (Gap(blocks.not_written()),))


def _newest(records: Iterable[Model], added: Iterable[Contribution]) -> datetime:
    instants: list[datetime] = [getattr(record, "updated_at") for record in records]  # noqa: B009  # every record has it
    instants += [contribution.modified_at for contribution in added if contribution.modified_at]
    return max(instants)
