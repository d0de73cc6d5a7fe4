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
    does not see the incident, or none was named, or where one is its author and others could be asked.
    """
    postmortem = lock_postmortem(postmortem)
    wanted = sorted(set(people), key=lambda person: person.pk)
    allowed = set(list_possible_reviewers(postmortem.incident))
    if not wanted or not allowed.issuperset(wanted):
        raise IncidentError(_("Choose one or more people who may see this incident."), field="people")
    if postmortem.author in wanted and len(allowed) > 1:
        sentence = _("%(name)s is the author, who cannot review their own post-mortem. Ask others.")
        raise IncidentError(sentence % {"name": postmortem.author}, field="people")
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
def decide_review(
    review: Review, *, decision: str, actor: User, now: datetime, note: str = "", seen: str = ""
) -> Review:
    """The reviewer approves what stands now, or asks for changes and says which; the text decided on is kept by digest.

    Raises IncidentError for anybody else than the reviewer, and where the text is not the one that was `seen`, by its
    digest, any more (empty: not compared).
    """
    postmortem = lock_postmortem(review.postmortem)
    asked = Review.objects.select_for_update(of=("self",)).select_related("reviewer").filter(pk=review.pk).first()
    if asked is None:
        raise IncidentError(_("You are no longer asked to review this post-mortem; the request was withdrawn."))
    review, after, note = asked, Decision(decision), note.strip()
    if review.reviewer_id != actor.pk:
        raise IncidentError(_("Only whoever was asked decides."))
    if after is Decision.CHANGES_REQUESTED and not note:
        raise IncidentError(_("Say what is to be changed."), field="note")
    review.decision, review.note, review.decided_at = after, note, now
    review.content_sha256 = content_digest(build_frozen(postmortem))
    if seen not in ("", review.content_sha256):
        raise IncidentError(_("The post-mortem was changed after you opened this page. Read it again, then decide."))
    review.save(update_fields=["decision", "note", "decided_at", "content_sha256", "updated_at"])
    if after is Decision.APPROVED:
        told = _("%(name)s approved the post-mortem.")
    else:
        told = _("%(name)s asks for changes of the post-mortem.")
    told = told % {"name": escape(str(actor))}
    record(postmortem.incident, TimelineEvent.Kind.STATUS_CHANGE, told, actor=actor, at=now)
    return review


@transaction.atomic
def withdraw_review(review: Review, *, actor: User, now: datetime) -> User:
    """The reviewer, who is not asked any more and hears so as they heard of the request; the timeline says it.

    Where that leaves nobody who was asked, the post-mortem is a draft again. Raises IncidentError where they have
    decided: a decision is not made undone by others.
    """
    postmortem = lock_postmortem(review.postmortem)
    asked = Review.objects.select_for_update(of=("self",)).select_related("reviewer").filter(pk=review.pk).first()
    if asked is None:
        raise IncidentError(_("This request was withdrawn already."))
    if asked.decision != Decision.PENDING:
        sentence = _("%(name)s has decided. Ask again instead; what was decided is then set aside.")
        raise IncidentError(sentence % {"name": asked.reviewer})
    person = asked.reviewer
    asked.delete()
    if postmortem.status == Status.IN_REVIEW and not postmortem.reviews.exists():
        move(postmortem, Status.DRAFT)
    told = _("%(name)s is no longer asked to review the post-mortem.") % {"name": escape(str(person))}
    record(postmortem.incident, TimelineEvent.Kind.STATUS_CHANGE, told, actor=actor, at=now)
    if person != actor:
        _mail_withdrawal(postmortem, person, actor, now)
    return person


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


def _mail_withdrawal(postmortem: Postmortem, person: User, actor: User, now: datetime) -> None:
    # Whoever lost sight of the incident since is told no more of it.
    if not Incident.objects.visible_to(person).filter(pk=postmortem.incident_id).exists():
        return
    words = {"reference": postmortem.incident.reference, "actor": actor}
    notify_person(
        person,
        topic="postmortem_review",
        title=_("Your review of the post-mortem of %(reference)s is no longer needed") % words,
        text=_("%(actor)s took the request back. There is nothing you have to do; you can still read it.") % words,
        path=postmortem.get_absolute_url(),
        now=now,
    )
