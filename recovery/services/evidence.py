"""Attaching restore tests, files and links to incidents, withdrawing them, taking that back."""

import unicodedata
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.models import Incident, TimelineEvent
from incidents.services.timeline import record
from lib.markdown_source import escape
from recovery.errors import RecoveryError
from recovery.evidence_words import measures_of, noun_of
from recovery.models import Evidence, RestoreTest
from recovery.services.evidence_files import keep_file, settle_after_commit

LONGEST_URL = 2000
# Browsers write these as %22 and the like; raw, they would end the address where it stands between other words.
UNWRITTEN = set('"<>`')


@transaction.atomic
def attach_evidence(
    restore_test: RestoreTest, *, incident: Incident, caption: str, actor: User, now: datetime
) -> Evidence:
    """The finished test speaks for the incident; from now on the database refuses to alter or delete the test."""
    restore_test = RestoreTest.objects.select_for_update().get(pk=restore_test.pk)
    if restore_test.replica.database.is_demonstration:
        raise RecoveryError(
            _("This test was made up for the demonstration and proves nothing. Attach one of a database of yours.")
        )
    if not restore_test.is_finished:
        raise RecoveryError(_("This test has not finished yet. Wait for its result, then attach it."))
    return _attach(incident, {"restore_test": restore_test}, caption=caption, actor=actor, now=now)


def attach_file(incident: Incident, *, file: "UploadedFile[Any]", caption: str, actor: User, now: datetime) -> Evidence:
    """The file speaks for the incident: stored under its SHA-256, which the database refuses to alter.

    Raises RecoveryError for the field `file` where it is none that can be taken, or is attached already.
    """
    # Before the transaction, which others wait for.
    kept = keep_file(file)
    content = {
        "kind": Evidence.Kind.FILE,
        "file_name": kept.name,
        "file_sha256": kept.sha256,
        "file_type": kept.kind.media_type,
        "file_bytes": kept.size,
    }
    with transaction.atomic():
        settle_after_commit(kept.sha256)
        return _attach(incident, content, caption=caption, actor=actor, now=now)


@transaction.atomic
def attach_link(incident: Incident, *, url: str, caption: str, actor: User, now: datetime) -> Evidence:
    """The address speaks for the incident, as it was typed; nothing is fetched.

    Raises RecoveryError for the field `url` where it is not a whole web address, or is attached already.
    """
    check_address(url)
    return _attach(incident, {"kind": Evidence.Kind.LINK, "url": url}, caption=caption, actor=actor, now=now)


@transaction.atomic
def withdraw_evidence(evidence: Evidence, *, actor: User, now: datetime) -> Evidence:
    """The evidence no longer shows on the incident; that it was attached, and by whom withdrawn, stays on record."""
    # First, as everywhere: two who lock one each in the other order would wait for each other.
    Incident.objects.select_for_update().get(pk=evidence.incident_id)
    evidence = Evidence.objects.select_for_update().get(pk=evidence.pk)
    if evidence.withdrawn_at is None:
        evidence.withdrawn_by, evidence.withdrawn_at = actor, now
        evidence.save(update_fields=["withdrawn_by", "withdrawn_at"])
        _record(evidence, _("%(what)s withdrawn as evidence: %(caption)s"), actor=actor, now=now)
    return evidence


@transaction.atomic
def restore_evidence(evidence: Evidence, *, actor: User, now: datetime) -> Evidence:
    """The withdrawn evidence shows on the incident again."""
    Incident.objects.select_for_update().get(pk=evidence.incident_id)
    evidence = Evidence.objects.select_for_update().get(pk=evidence.pk)
    if _same(evidence).exclude(pk=evidence.pk).exists():
        raise RecoveryError(_("It is already attached again; nothing needs to be undone."))
    if evidence.withdrawn_at is not None:
        evidence.withdrawn_by = evidence.withdrawn_at = None
        evidence.save(update_fields=["withdrawn_by", "withdrawn_at"])
        _record(evidence, _("%(what)s attached as evidence again: %(caption)s"), actor=actor, now=now)
    return evidence


def check_address(url: str) -> None:
    """Refuses what is not an absolute http or https address, and what would show another host than it leads to."""
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        is_whole = is_whole and "\\" not in parts.netloc
    except ValueError:
        is_whole = False
    if not is_whole or len(url) > LONGEST_URL or any(each in UNWRITTEN or _is_hidden(each) for each in url):
        raise RecoveryError(
            _("This is not a whole web address. Copy it from the browser; it begins with https:// or http://."),
            field="url",
        )
    if "@" in parts.netloc:
        raise RecoveryError(
            _("This address holds a user name or password. Take out what stands before the @."), field="url"
        )


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character)[0] in "CZ"


def _attach(incident: Incident, content: dict[str, Any], *, caption: str, actor: User, now: datetime) -> Evidence:
    # Two people who attach the same thing at once: the second one waits here, and is told.
    Incident.objects.select_for_update().get(pk=incident.pk)
    evidence = Evidence(incident=incident, caption=caption, attached_by=actor, attached_at=now, **content)
    if _same(evidence).exists():
        field = {Evidence.Kind.FILE: "file", Evidence.Kind.LINK: "url"}.get(Evidence.Kind(evidence.kind))
        raise RecoveryError(
            _("%(what)s is already attached to %(incident)s.")
            % {"what": noun_of(evidence), "incident": incident.reference},
            field=field,
        )
    evidence.save(force_insert=True)
    _record(evidence, _("%(what)s attached as evidence: %(caption)s"), actor=actor, now=now)
    return evidence


def _same(evidence: Evidence) -> QuerySet[Evidence]:
    """What shows on the incident and has the same content."""
    return Evidence.objects.filter(
        incident=evidence.incident_id,
        withdrawn_at=None,
        restore_test=evidence.restore_test_id,
        file_sha256=evidence.file_sha256,
        url=evidence.url,
    )


def _record(evidence: Evidence, sentence: str, *, actor: User, now: datetime) -> None:
    what = escape(noun_of(evidence))
    if evidence.kind == Evidence.Kind.LINK:
        what = _("Link %(url)s") % {"url": f"<{evidence.url}>"}
    text = sentence % {"what": what, "caption": escape(evidence.caption)}
    if evidence.restore_test:
        text += f"\n\n{escape(measures_of(evidence.test))}"
    record(evidence.incident, TimelineEvent.Kind.RECOVERY, text, actor=actor, at=now)
