"""The records of an incident, made again of the plain values that a file carries."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.models import Team, User
from incidents.documents.records import ActionRecord, PersonRecord, Records
from incidents.documents.tree_json import UnreadableDocumentError
from incidents.models import ActionItem, Improvement, Incident, RoleAssignment, RootCause, TimelineEvent
from incidents.models.grant import who_sees
from incidents.services.own_references import Renaming

# Made here, not read from the file.
OWN = {"author", "actor", "incident", "person", "owner_person", "owner_team", "root_cause", "declared_by", "severity"}


def check_fields(row: Model) -> None:
    """Raises ValidationError where a value is not one that its field may have."""
    row.clean_fields(exclude=OWN | {"postmortem"})


class RecordMaker:
    """Makes the records of one incident; `warnings` are sentences about what is not as it was."""

    def __init__(self, incident: Incident, records: Records, actor: User, now: datetime) -> None:
        self.incident, self.records, self.actor, self.now = incident, records, actor, now
        self.warnings: list[str] = []
        self._causes: list[RootCause] = []

    def make_causes(self) -> list[RootCause]:
        """The causes, and what each leads to."""
        for record in self.records.causes:
            known = asdict(record) | {"whys": [*record.whys]}
            del known["leads_to"]
            self._causes.append(self._save(RootCause(incident=self.incident, **known)))
        for cause, record in zip(self._causes, self.records.causes, strict=True):
            cause.leads_to.set([_at(self._causes, place) for place in record.leads_to])
        return self._causes

    def make_action_items(self, causes: list[RootCause]) -> dict[str, str]:
        """The action items; what each was called, and what it is called now."""
        people = self._find_people([record.person for record in self.records.action_items if record.person])
        teams = {team.name: team for team in Team.objects.all()}
        numbers: dict[str, str] = {}
        for record in self.records.action_items:
            item = ActionItem(
                incident=self.incident,
                root_cause=None if record.cause is None else _at(causes, record.cause),
                owner_person=people.get(record.person.username) if record.person else None,
                owner_team=teams.get(record.team),
                **{name: getattr(record, name) for name in ("title", "kind", "status", "reason")},
                due_date=record.due_date,
                completed_at=record.completed_at,
            )
            numbers[f"ACT-{record.number}"] = self._save(item).reference
            self._tell_of_owner(record, item)
        return numbers

    def make_events(self, rename: Renaming) -> None:
        """The timeline that the document shows."""
        for record in self.records.events:
            known = asdict(record) | {"text": rename(record.text)}
            source = TimelineEvent.Source.IMPORT
            self._save(TimelineEvent(incident=self.incident, author=self.actor, source=source, **known))

    def rename_causes(self, rename: Renaming) -> None:
        """The causes with the references that hold here."""
        for cause in self._causes:
            statement, whys = rename(cause.statement), [rename(why) for why in cause.whys]
            if (statement, whys) != (cause.statement, cause.whys):
                cause.statement, cause.whys = statement, whys
                cause.save(update_fields=["statement", "whys", "updated_at"])

    def make_improvements(self, rename: Renaming) -> None:
        """The figures before and after."""
        for record in self.records.improvements:
            known = {name: rename(value) for name, value in asdict(record).items()}
            self._save(Improvement(incident=self.incident, **known))

    def make_roles(self) -> None:
        """Who held which role, of those who have an account here and see the incident."""
        people = self._find_people([record.person for record in self.records.roles])
        for record in self.records.roles:
            person = people.get(record.person.username)
            if person is None:
                words = {"person": record.person.name or record.person.username}
                self.warnings.append(
                    _("%(person)s held a role, but has no account here that sees the incident.") % words
                )
                continue
            known = {"role": record.role, "taken_at": record.taken_at, "released_at": record.released_at}
            self._save(RoleAssignment(incident=self.incident, person=person, **known))

    def _tell_of_owner(self, record: ActionRecord, item: ActionItem) -> None:
        if item.owner is None and (record.person or record.team):
            named = record.team or (record.person.name or record.person.username if record.person else "")
            words = {"item": item.reference, "owner": named}
            sentence = _("%(item)s has no owner: “%(owner)s” is not known here, or may not see the incident.")
            self.warnings.append(sentence % words)

    def _find_people(self, named: list[PersonRecord]) -> dict[str, User]:
        """Those who are known here by the same user name and the same name, and see the incident.

        One of the two names alone may be somebody else's.
        """
        names = {person.username: person.name for person in named}
        found = User.objects.filter(who_sees(self.incident), username__in=names, is_active=True)
        return {person.username: person for person in found if person.name == names[person.username]}

    def _save(self, row: Any) -> Any:
        check_fields(row)
        row.save()
        return row


def _at(rows: list[RootCause], place: int) -> RootCause:
    if not 0 <= place < len(rows):
        raise UnreadableDocumentError(
            _("The post-mortem in this file is damaged: it names cause %(place)s, which is not there.")
            % {"place": place + 1}
        )
    return rows[place]
