"""Publishing: a version that is frozen."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.documents.external import make_external, roles_in
from incidents.documents.frozen import build_frozen, content_digest, freeze_as
from incidents.documents.tree_json import canonical
from incidents.errors import IncidentError
from incidents.models import Postmortem, Publication, TimelineEvent
from incidents.queries.publications import read_version
from incidents.queries.publishing import list_open_points
from incidents.services.postmortem_status import move
from incidents.services.reviews import lock_postmortem
from incidents.services.timeline import record
from lib.markdown_source import escape


@transaction.atomic
def publish_postmortem(
    postmortem: Postmortem,
    *,
    actor: User,
    now: datetime,
    what_changed: str = "",
    override: str = "",
    seen: str = "",
) -> Publication:
    """The next version, which says what the document says now, for readers inside and outside, and never changes.

    From the second on it says what changed. Raises IncidentError with the list of what is open; an administrator may
    publish all the same with a reason (`override`), which the timeline keeps with the list. Raises it as well where the
    text is not the one that was `seen`, by its digest, any more (empty: not compared).
    """
    postmortem = lock_postmortem(postmortem)
    what_changed, override = what_changed.strip(), override.strip()
    last = postmortem.publications.order_by("-number").first()
    if last and not what_changed:
        sentence = _("Say what changed since version %(number)d; readers of it are told so.")
        raise IncidentError(sentence % {"number": last.number}, field="what_changed")
    first = postmortem.publications.order_by("number").values_list("published_at", flat=True).first()
    move(postmortem, Postmortem.Status.PUBLISHED, published_at=first or postmortem.published_at or now)
    document = build_frozen(postmortem)
    digest = content_digest(document)
    if seen not in ("", digest):
        raise IncidentError(_("The post-mortem was changed after you opened this page. Read it again, then publish."))
    if last and content_digest(read_version(last)) == digest:
        sentence = _("Nothing changed since version %(number)d, so there is nothing to publish.")
        raise IncidentError(sentence % {"number": last.number})
    points = _check_open(postmortem, actor, override)
    number = last.number + 1 if last else 1
    document = freeze_as(document, number, now)
    people = list(User.objects.order_by("pk"))
    external = make_external(document, people, roles_in(postmortem.incident, document, people))
    content, external_content = canonical(document), canonical(external)
    publication = Publication.objects.create(
        postmortem=postmortem,
        number=number,
        content=content,
        sha256=_sha256(content),
        external_content=external_content,
        external_sha256=_sha256(external_content),
        what_changed=what_changed,
        published_at=now,
        published_by=actor,
    )
    told = _tell(publication, points, override)
    record(postmortem.incident, TimelineEvent.Kind.STATUS_CHANGE, told, actor=actor, at=now)
    return publication


def _check_open(postmortem: Postmortem, actor: User, override: str) -> list[str]:
    """What is open and was overridden."""
    points = list_open_points(postmortem)
    if points and not (actor.is_administrator and override):
        raise IncidentError(_("This cannot be published yet: %(points)s") % {"points": " ".join(points)})
    return points


def _tell(publication: Publication, points: list[str], override: str) -> str:
    told = [_("Post-mortem published, version %(number)d.") % {"number": publication.number}]
    if publication.what_changed:
        told.append(escape(publication.what_changed))
    if points:
        reason = {"reason": escape(override), "points": escape(" ".join(points))}
        told.append(_("In spite of what was open (%(points)s), because: %(reason)s") % reason)
    return " ".join(told)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
