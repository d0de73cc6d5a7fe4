"""The one builder: from the incident's records to the document tree."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from incidents.documents import blocks
from incidents.documents.cause_map import cause_map
from incidents.documents.contributions import Contribution, contributions
from incidents.documents.improvements import improvement_block
from incidents.documents.loading import load, records_of
from incidents.documents.phase_picture import phase_blocks
from incidents.documents.pictures import pictures_of
from incidents.documents.referring import with_references
from incidents.documents.roles import role_blocks
from incidents.documents.tree import Block, Document, Gap, Prose, Section
from incidents.models import Postmortem, PostmortemSection


def build_document(postmortem: Postmortem) -> Document:
    """The post-mortem as it stands, in the installation's timezone, in a fixed number of queries."""
    loaded = load(postmortem)
    incident, zone = loaded.incident, timezone.get_default_timezone()
    added = contributions(incident)
    modified_at = _newest(loaded.rows, added.values())
    structured: dict[str, tuple[Block, ...]] = {
        # An ongoing incident is drawn up to its newest change: equal records give equal documents.
        "summary": (*phase_blocks(incident, zone, now=modified_at), blocks.milestone_block(incident, zone)),
        "response": role_blocks(loaded.assignments, zone),
        "impact": (blocks.impact_block(incident),),
        "timeline": (blocks.timeline_block(loaded.events, zone),),
        "root_causes": (cause_map(incident, loaded.causes, loaded.items),),
        "action_items": (blocks.action_item_block(loaded.items),),
        "improvements": (improvement_block(loaded.improvements, incident),),
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
        sections=with_references(
            tuple(
                _section(section, structured.get(section.key, ()), added.get(section.key))
                for section in loaded.sections
            ),
            incident,
        ),
        attachments=tuple(file for contribution in added.values() for file in contribution.attachments),
        pictures=pictures_of(incident) + tuple(each for given in added.values() for each in given.pictures),
        records=records_of(loaded),
    )


def _section(section: PostmortemSection, structured: tuple[Block, ...], added: Contribution | None) -> Section:
    prose: tuple[Block, ...] = (Prose(section.body),) if section.body.strip() else ()
    everything = prose + structured + (added.blocks if added else ())
    return Section(section.key, section.title, everything or (Gap(blocks.not_written()),))


def _newest(records: Iterable[Any], added: Iterable[Contribution]) -> datetime:
    instants: list[datetime] = [record.updated_at for record in records]
    instants += [contribution.modified_at for contribution in added if contribution.modified_at]
    return max(instants)
