"""Attaching restore tests to incidents."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.models import Incident, TimelineEvent
from incidents.services.timeline import record
from lib.markdown_source import escape
from recovery.errors import RecoveryError
from recovery.models import Evidence, RestoreTest


@transaction.atomic
def attach_evidence(
    restore_test: RestoreTest, *, incident: Incident, caption: str, actor: User, now: datetime
) -> Evidence:
    """The finished test speaks for the incident; from now on the database refuses to alter or delete the test."""
    restore_test = RestoreTest.objects.select_for_update().get(pk=restore_test.pk)
    if not restore_test.is_finished:
        raise RecoveryError(_("This test has not finished yet. Wait for its result, then attach it."))
    if Evidence.objects.filter(incident=incident, restore_test=restore_test, withdrawn_at=None).exists():
        raise RecoveryError(
            _("%(test)s is already attached to %(incident)s.")
            % {"test": restore_test.reference, "incident": incident.reference},
        )
    evidence = Evidence.objects.create(
        incident=incident, restore_test=restore_test, caption=caption, attached_by=actor, attached_at=now
    )
    _record(evidence, _("%(test)s attached as evidence: %(caption)s"), actor=actor, now=now)
    return evidence


@transaction.atomic
def withdraw_evidence(evidence: Evidence, *, actor: User, now: datetime) -> Evidence:
    """The evidence no longer shows on the incident; that it was attached, and by whom withdrawn, stays on record."""
    evidence = Evidence.objects.select_for_update().get(pk=evidence.pk)
    if evidence.withdrawn_at is None:
        evidence.withdrawn_by, evidence.withdrawn_at = actor, now
        evidence.save(update_fields=["withdrawn_by", "withdrawn_at"])
        _record(evidence, _("%(test)s withdrawn as evidence: %(caption)s"), actor=actor, now=now)
    return evidence


@transaction.atomic
def restore_evidence(evidence: Evidence, *, actor: User, now: datetime) -> Evidence:
    """The withdrawn evidence shows on the incident again."""
    evidence = Evidence.objects.select_for_update().get(pk=evidence.pk)
    same = Evidence.objects.filter(incident=evidence.incident, restore_test=evidence.restore_test, withdrawn_at=None)
    if same.exclude(pk=evidence.pk).exists():
        raise RecoveryError(_("This test is already attached again; nothing needs to be undone."))
    if evidence.withdrawn_at is not None:
        evidence.withdrawn_by = evidence.withdrawn_at = None
        evidence.save(update_fields=["withdrawn_by", "withdrawn_at"])
        _record(evidence, _("%(test)s attached as evidence again: %(caption)s"), actor=actor, now=now)
    return evidence


def _record(evidence: Evidence, sentence: str, *, actor: User, now: datetime) -> None:
    words = {"test": evidence.test.reference, "caption": escape(evidence.caption)}
    record(evidence.incident, TimelineEvent.Kind.RECOVERY, sentence % words, actor=actor, at=now)
