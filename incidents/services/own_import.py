"""Post-mortems that come back: files that Debrief exported, as records again.

What a file says is not taken for proof: restore tests and published versions stay where they were measured and
published, and nobody comes to see a restricted incident by being named in a file.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.audit import Door, changes_by
from accounts.models import User
from incidents.documents.carried import Carried, carried_by
from incidents.documents.markdown_record import read_markdown
from incidents.documents.tree_json import UnreadableDocumentError, from_json
from incidents.lengths import LONG_TEXT, MOST_RECORDS, SECTION_TEXT
from incidents.models import Incident, Postmortem, PostmortemSection, SectionVersion, Service, SeverityLevel, Visibility
from incidents.services.own_records import RecordMaker, check_fields
from incidents.services.own_references import Renaming
from incidents.services.section_order import MOST_SECTIONS
from incidents.services.sections import save_section
from incidents.services.tags import name_tags
from incidents.services.timeline import next_revision
from incidents.services.visibility import name_audience

Status = Postmortem.Status


@dataclass(frozen=True)
class ImportedPostmortem:
    """The post-mortem of a new incident, and sentences about what is not as it was."""

    postmortem: Postmortem
    warnings: tuple[str, ...] = ()


def import_json(data: str | bytes | dict[str, Any], *, actor: User, now: datetime) -> ImportedPostmortem:
    """The post-mortem that was exported as this JSON, of a new incident. Raises UnreadableDocumentError."""
    if not isinstance(data, dict):
        try:
            data = json.loads(data)
        except (ValueError, RecursionError):
            raise UnreadableDocumentError(_("This file is no JSON. Choose a file that Debrief exported.")) from None
    return _import(carried_by(from_json(data)), [], actor=actor, now=now)


def import_markdown(text: str, *, actor: User, now: datetime) -> ImportedPostmortem:
    """The post-mortem that was exported as this Markdown, with the prose as it stands in the file now.

    Raises UnreadableDocumentError where it is not one, or its last block is gone.
    """
    carried, warnings = read_markdown(text)
    return _import(carried, warnings, actor=actor, now=now)


def _import(carried: Carried, warnings: list[str], *, actor: User, now: datetime) -> ImportedPostmortem:
    try:
        with transaction.atomic(), changes_by(actor, door=Door.IMPORT):
            postmortem = _make(carried, warnings, actor=actor, now=now)
    except ValidationError as error:
        words = {"reason": " ".join(error.messages)}
        raise UnreadableDocumentError(_("The post-mortem in this file is damaged: %(reason)s") % words) from error
    except IntegrityError as error:
        raise UnreadableDocumentError(
            _("The post-mortem in this file is damaged: its records contradict each other. Export it once more.")
        ) from error
    return ImportedPostmortem(postmortem, tuple(warnings))


def _make(carried: Carried, warnings: list[str], *, actor: User, now: datetime) -> Postmortem:
    _check_size(carried)
    incident = _make_incident(carried, warnings, actor)
    maker = RecordMaker(incident, carried.records, actor, now)
    numbers = maker.make_action_items(maker.make_causes())
    rename = Renaming({carried.reference: incident.reference, **numbers})
    maker.rename_causes(rename)
    maker.make_events(rename)
    maker.make_improvements(rename)
    maker.make_roles()
    warnings += maker.warnings
    postmortem = _make_postmortem(carried, warnings, incident=incident, actor=actor)
    for section in _make_sections(postmortem, carried):
        body = rename(next(each.body for each in carried.sections if each.key == section.key))
        save_section(section, body=body, actor=actor, now=now, origin=SectionVersion.Origin.IMPORTED)
    next_revision(incident)
    _stamp(postmortem, carried, now)
    _tell_of_what_stays(carried, warnings)
    return Postmortem.objects.select_related("incident").get(pk=postmortem.pk)


def _check_size(carried: Carried) -> None:
    """Raises UnreadableDocumentError where it holds more than others could wait for, or could ever be saved again."""
    records = carried.records
    count = len(records.events) + len(records.causes) + len(records.action_items) + len(records.improvements)
    if count + len(records.roles) > MOST_RECORDS or len(carried.sections) > MOST_SECTIONS:
        words = {"records": MOST_RECORDS, "sections": MOST_SECTIONS}
        sentence = _("This file holds more than %(records)d records or %(sections)d sections. Import it in parts.")
        raise UnreadableDocumentError(sentence % words)
    texts = [*(event.text for event in records.events), *(cause.statement for cause in records.causes)]
    texts.append(records.incident.summary)
    if any(len(text) > LONG_TEXT for text in texts) or any(len(each.body) > SECTION_TEXT for each in carried.sections):
        words = {"text": LONG_TEXT, "section": SECTION_TEXT}
        sentence = _("A text in this file is too long: at most %(text)d characters fit, in a section %(section)d.")
        raise UnreadableDocumentError(sentence % words)


def _make_incident(carried: Carried, warnings: list[str], actor: User) -> Incident:
    known = asdict(carried.records.incident)
    services, tags = known.pop("services"), known.pop("tags")
    severity = SeverityLevel.objects.filter(level=carried.severity_level).first()
    if severity is None:
        raise UnreadableDocumentError(_("The post-mortem in this file is damaged: there are severity levels 1 to 5."))
    incident = Incident(**known, title=carried.title, severity=severity, declared_by=actor)
    check_fields(incident)
    incident.save()
    found = {service.name.casefold(): service for service in Service.objects.all()}
    incident.services.set([found[name.casefold()] for name in services if name.casefold() in found])
    warnings += [
        _("The service “%(name)s” is not known here, so the incident does not name it.") % {"name": name}
        for name in services
        if name.casefold() not in found
    ]
    incident.tags.set(name_tags(tags))
    if incident.visibility == Visibility.RESTRICTED:
        name_audience(incident, people=(), teams=(), actor=actor)
        warnings.append(_("The incident is restricted, and only you see it now. Name the others on its page."))
    return incident


def _make_postmortem(carried: Carried, warnings: list[str], *, incident: Incident, actor: User) -> Postmortem:
    records = carried.records
    is_not_required = records.postmortem_status == Status.NOT_REQUIRED
    postmortem = Postmortem(
        incident=incident,
        author=actor,
        author_line=carried.author,
        status=Status.NOT_REQUIRED if is_not_required else Status.DRAFT,
        reason=records.reason if is_not_required else "",
    )
    check_fields(postmortem)
    postmortem.save()
    if records.postmortem_status in (Status.PUBLISHED, Status.IN_REVIEW):
        warnings.append(_("It comes back as a draft: reviews and published versions stay where they were made."))
    return postmortem


def _make_sections(postmortem: Postmortem, carried: Carried) -> list[PostmortemSection]:
    made = []
    for position, section in enumerate(carried.sections, start=1):
        row = PostmortemSection(
            postmortem=postmortem,
            key=section.key,
            title=section.title,
            position=position,
        )
        check_fields(row)
        row.save()
        made.append(row)
    return made


def _stamp(postmortem: Postmortem, carried: Carried, now: datetime) -> None:
    """Everything changed last when it did where it comes from: its files carry that, and equal records equal it."""
    incident, changed_at = postmortem.incident, min(carried.modified_at, now)
    rows: list[Any] = [
        *(incident.events, incident.root_causes, incident.action_items, incident.improvements),
        *(incident.role_assignments, postmortem.sections, Incident.objects.filter(pk=incident.pk)),
    ]
    for some in rows:
        some.update(updated_at=changed_at)
    Postmortem.objects.filter(pk=postmortem.pk).update(
        created_at=min(carried.created_at, changed_at), updated_at=changed_at
    )


def _tell_of_what_stays(carried: Carried, warnings: list[str]) -> None:
    if carried.has_pictures:
        warnings.append(_("Attached pictures are not in the file. Attach them again where the text shows them."))
    if carried.has_evidence:
        warnings.append(
            _("Restore tests are not in the file: what was measured elsewhere proves nothing here. Attach one of here.")
        )
