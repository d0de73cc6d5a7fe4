"""Post-mortems that were written elsewhere, as records: a retrospective incident with all that was understood of it."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime, time, tzinfo
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import Door, changes_by
from accounts.models import Team, User
from incidents.documents.markdown_record import has_record
from incidents.documents.tree_json import FORMAT
from incidents.models import ActionItem, Incident, Mode, Postmortem, RootCause, SeverityLevel, TimelineEvent
from incidents.readers.document import ReadItem, ReadPostmortem
from incidents.services.action_items import add_action_item
from incidents.services.causes import add_cause
from incidents.services.declaration import DEFAULT_LEVEL, declare_incident
from incidents.services.drafts import start_postmortem
from incidents.services.imported_sections import write_sections
from incidents.services.own_import import import_json, import_markdown
from incidents.services.timeline import next_revision
from incidents.transcripts.kinds import guess_kind

LONGEST_TITLE = 200


@dataclass(frozen=True)
class Imported:
    """The post-mortem, whether this made it (False: the same file was imported before), and what to look at."""

    postmortem: Postmortem
    is_new: bool = True
    remarks: tuple[str, ...] = ()


def is_own(text: str) -> bool:
    """Whether Debrief exported this, as JSON or as Markdown with its record."""
    if not text.lstrip("\ufeff \t\r\n").startswith("{"):
        return has_record(text)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(data, dict) and data.get("format") == FORMAT


def find_imported(source: str, *, actor: User) -> Postmortem | None:
    """What this file became before, as far as this person may know of it."""
    seen = Incident.objects.visible_to(actor).filter(submission_key=_key(source))
    return Postmortem.objects.filter(incident__in=seen).select_related("incident").first()


def import_own(source: str, *, actor: User, now: datetime) -> Imported:
    """The post-mortem that Debrief exported, once. Raises IncidentError where the file is damaged."""
    is_json = source.lstrip("\ufeff \t\r\n").startswith("{")
    with transaction.atomic():
        if known := _find_in_turn(source, actor):
            return Imported(known, is_new=False)
        made = (import_json if is_json else import_markdown)(source, actor=actor, now=now)
        made_here = Incident.objects.filter(pk=made.postmortem.incident_id)
        made_here.update(submission_key=_free_key(source, actor))
    return Imported(made.postmortem, remarks=made.warnings)


def import_read(
    read: ReadPostmortem,
    *,
    source: str,
    actor: User,
    now: datetime,
    time_zone: str,
    ends: tuple[datetime | None, datetime | None] = (None, None),
) -> Imported:
    """A retrospective incident with the events, causes, items and sections that were read, all of them or nothing.

    `ends` are its beginning and its end, where somebody said them; else those of the timeline.
    `source` is the text they were read from: imported twice, it is there once. Raises IncidentError with a sentence.
    """
    if known := find_imported(source, actor=actor):
        return Imported(known, is_new=False)
    remarks: list[str] = []
    began, resolved = ends
    first, last = _ends(read, ZoneInfo(time_zone), now, [] if began and resolved else remarks)
    severity = SeverityLevel.objects.get(level=read.severity or DEFAULT_LEVEL)
    if not read.severity:
        words = _("The document names no severity, so the incident has %(level)s until somebody corrects it.")
        remarks.append(words % {"level": severity.name})
    with transaction.atomic(), changes_by(actor, door=Door.IMPORT):
        if known := _find_in_turn(source, actor):
            return Imported(known, is_new=False)
        incident = declare_incident(
            title=(read.title or _("Untitled"))[:LONGEST_TITLE],
            actor=actor,
            now=now,
            severity=severity,
            mode=Mode.RETROSPECTIVE,
            impact_started_at=began or min(first, resolved or first),
            resolved_at=resolved or max(last, began or last),
            time_zone=time_zone,
            submission_key=_free_key(source, actor),
        )
        _make_events(incident, read, actor=actor)
        _make_causes(incident, read)
        remarks += _make_items(incident, read, now=now)
        longer = [full for item in read.items if (full := _full_title(item)) and len(full) > LONGEST_TITLE]
        postmortem = start_postmortem(incident, actor=actor, author_line=read.authors)
        if postmortem.author_line != read.authors:
            postmortem.author_line = read.authors
            postmortem.save(update_fields=["author_line", "updated_at"])
        write_sections(postmortem, read, longer_items=longer, actor=actor, now=now)
    return Imported(postmortem, remarks=tuple(remarks))


def _find_in_turn(source: str, actor: User) -> Postmortem | None:
    """What this file became before, now that nobody else imports: of two who send it at once, the second finds it."""
    # The constraint on keys is one of each person's own; and who met it would be told of an error at the very end.
    SeverityLevel.objects.select_for_update(no_key=True).order_by("level").first()
    return find_imported(source, actor=actor)


def _free_key(source: str, actor: User) -> str:
    """The key of this file; none where the actor imported it once and may not know of that incident any more."""
    key = _key(source)
    return "" if Incident.objects.filter(declared_by=actor, submission_key=key).exists() else key


def _key(source: str) -> str:
    digest = hashlib.sha256(source.replace("\r\n", "\n").replace("\r", "\n").strip().encode(errors="replace"))
    return f"import-{digest.hexdigest()[:56]}"


def _ends(read: ReadPostmortem, zone: tzinfo, now: datetime, remarks: list[str]) -> tuple[datetime, datetime]:
    """From when to when it lasted, as the first and the last entry of the timeline tell."""
    if read.events:
        remarks.append(_("Beginning and end are those of the timeline; correct them where they differ."))
        ends = (event.ended_at or event.occurred_at for event in read.events)
        return min(event.occurred_at for event in read.events), max(ends)
    if read.date is None:
        remarks.append(_("The document names no day; beginning and end are those of this import. Correct them."))
        return now, now
    remarks.append(_("The document names a day and no times; beginning and end are its midnight. Correct them."))
    day = datetime.combine(read.date, time(), zone)
    return day, day


def _make_events(incident: Incident, read: ReadPostmortem, *, actor: User) -> None:
    if not read.events:
        return
    revision = next_revision(incident)
    # One by one, so that the history of each begins.
    for place, event in enumerate(read.events):
        TimelineEvent.objects.create(
            incident=incident,
            text=event.text,
            occurred_at=event.occurred_at,
            ended_at=event.ended_at,
            kind=guess_kind(event.text),
            author=actor,
            source=TimelineEvent.Source.IMPORT,
            grading=TimelineEvent.Grading.REPORTED,
            revision=revision,
            submission_key=f"import-{place}",
        )


def _make_causes(incident: Incident, read: ReadPostmortem) -> None:
    for cause in read.causes:
        add_cause(incident, kind=cause.kind, category=RootCause.Category.UNKNOWN, statement=cause.statement)


def _make_items(incident: Incident, read: ReadPostmortem, *, now: datetime) -> list[str]:
    """The items; an owner who has no account here stands behind the title, and a sentence says so."""
    owners = _owners()
    unknown: list[str] = []
    for item in read.items:
        owner = owners.get(item.owner.lower().strip("@ "))
        if item.owner and owner is None:
            unknown.append(item.owner)
        add_action_item(
            incident,
            title=_title(item, with_owner=owner is None),
            now=now,
            owner=owner,
            due_date=item.due_date,
            kind=item.kind or ActionItem.Kind.PREVENT,
            status=ActionItem.Status.DONE if item.is_done else ActionItem.Status.OPEN,
            reason="",
            root_cause=None,
        )
    if not unknown:
        return []
    names = ", ".join(sorted(set(unknown)))[:300]
    return [_("Nobody here has the name %(names)s; it stands behind the action.") % {"names": names}]


def _title(item: ReadItem, *, with_owner: bool) -> str:
    title = _full_title(item) if with_owner else _full_title(replace(item, owner=""))
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"


def _full_title(item: ReadItem) -> str:
    """The item in one line, which may be more than its title holds; the whole line then stands in the section too."""
    title = f"{item.group}: {item.title}" if item.group else item.title
    return f"{title} ({item.owner})" if item.owner else title


def _owners() -> dict[str, User | Team]:
    """People and teams by their names in lower case; a name that two have means neither."""
    found: dict[str, User | Team] = {}
    twice: set[str] = set()
    people = User.objects.filter(is_active=True)
    teams = Team.objects.filter(retired_at=None)
    named: list[tuple[str, User | Team]] = [(team.name, team) for team in teams]
    named += [(name, person) for person in people for name in {person.username, person.name}]
    for name, owner in named:
        key = name.lower()
        if key in found and found[key] != owner:
            twice.add(key)
        found[key] = owner
    return {key: owner for key, owner in found.items() if key and key not in twice}
