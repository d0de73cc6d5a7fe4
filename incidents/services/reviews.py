"""Asking people to read a post-mortem, and what they decide."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.documents.frozen import build_frozen, content_digest
from incidents.errors import IncidentError
from incidents.models import Incident, Postmortem, Review, TimelineEvent
from incidents.queries.reviews import list_possible_reviewers
from incidents.services.postmortem_status import move
from incidents.services.timeline import record
from lib.markdown_source import escape
from notifications.services.outbox import notify_person

Status, Decision = Postmortem.Status, Review.Decision


@dataclass(frozen=True)
class Asked:
    """Who was asked, and which of them hear of it by e-mail."""

    people: tuple[User, ...]
    mailed: tuple[User, ...]


@transaction.atomic
def ask_reviewers(postmortem: Postmortem, *, people: Iterable[User], actor: User, now: datetime) -> Asked:
    """These people are asked to read it; a draft is in review from now on. Who decided before is asked anew.

    Each is mailed where a mail server is set and their account has an address. Raises IncidentError where one of them
    does not see the incident, or none was named.
    """
    postmortem = lock_postmortem(postmortem)
    wanted = sorted(set(people), key=lambda person: person.pk)
    allowed = set(list_possible_reviewers(postmortem.incident))
    if not wanted or not allowed.issuperset(wanted):
        raise IncidentError(_("Choose one or more people who may see this incident."), field="people")
    if postmortem.status == Status.NOT_REQUIRED:
        raise IncidentError(_("This post-mortem is not required. Take it back to draft first."))
    if postmortem.status == Status.DRAFT:
        move(postmortem, Status.IN_REVIEW)
    for person in wanted:
        asked = {"asked_by": actor, "asked_at": now, "decision": Decision.PENDING, "decided_at": None}
        asked |= {"note": "", "content_sha256": ""}
        Review.objects.update_or_create(postmortem=postmortem, reviewer=person, defaults=asked)
    names = ", ".join(escape(str(person)) for person in wanted)
    told = _("Review of the post-mortem asked of %(names)s.") % {"names": names}
    record(postmortem.incident, TimelineEvent.Kind.STATUS_CHANGE, told, actor=actor, at=now)
    mailed = tuple(person for person in wanted if person != actor and _mail(postmortem, person, actor, now))
    return Asked(tuple(wanted), mailed)


@transaction.atomic
def decide_review(review: Review, *, decision: str, actor: User, now: datetime, note: str = "") -> Review:
    """The reviewer approves what stands now, or asks for changes and says which; the text decided on is kept by digest.

    Raises IncidentError for anybody else than the reviewer.
    """
    postmortem = lock_postmortem(review.postmortem)
    review = Review.objects.select_for_update(of=("self",)).select_related("reviewer").get(pk=review.pk)
    after, note = Decision(decision), note.strip()
    if review.reviewer_id != actor.pk:
        raise IncidentError(_("Only whoever was asked decides."))
    if after is Decision.CHANGES_REQUESTED and not note:
        raise IncidentError(_("Say what is to be changed."), field="note")
    review.decision, review.note, review.decided_at = after, note, now
    review.content_sha256 = content_digest(build_frozen(postmortem))
    review.save(update_fields=["decision", "note", "decided_at", "content_sha256", "updated_at"])
    if after is Decision.APPROVED:
        told = _("%(name)s approved the post-mortem.")
    else:
        told = _("%(name)s asks for changes of the post-mortem.")
    told = told % {"name": escape(str(actor))}
    record(postmortem.incident, TimelineEvent.Kind.STATUS_CHANGE, told, actor=actor, at=now)
    return review


def lock_postmortem(postmortem: Postmortem) -> Postmortem:
    """The post-mortem as it stands; until the transaction ends nobody else changes its course, or its incident's."""
    # The incident first, as everywhere.
    incident = Incident.objects.select_for_update().get(pk=postmortem.incident_id)
    locked = Postmortem.objects.select_for_update(of=("self",)).select_related("author").get(pk=postmortem.pk)
    locked.incident = incident
    return locked


def _mail(postmortem: Postmortem, person: User, actor: User, now: datetime) -> bool:
    """True where it is on its way. Of the incident it names the number alone: a log shows it to others."""
    words = {"reference": postmortem.incident.reference, "actor": actor}
    queued = notify_person(
        person,
        topic="postmortem_review",
        title=_("You were asked to review the post-mortem of %(reference)s") % words,
        text=_("%(actor)s asks you to read it, to comment, and to approve it or ask for changes.") % words,
        path=postmortem.get_absolute_url(),
        now=now,
    )
    return queued is not None
