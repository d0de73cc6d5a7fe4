"""Attaching restore tests to incidents, withdrawing them, taking that back."""

from datetime import timedelta

import pytest

from accounts.models import User
from recovery.errors import RecoveryError
from recovery.models import Evidence, RestoreTest
from recovery.queries import list_attachable_tests, list_evidence, list_incidents_without, newest_evidence_change
from recovery.services.evidence import attach_evidence, restore_evidence, withdraw_evidence
from tests.factories import NOW, make_incident, make_restore_test, make_user

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def actor() -> User:
    return make_user()


@pytest.fixture
def evidence(actor: User) -> Evidence:
    return attach_evidence(
        make_restore_test(), incident=make_incident(actor), caption="All is there", actor=actor, now=NOW
    )


@pytest.mark.parametrize("status", ["passed", "failed", "timed_out", "inconclusive"])
def test_a_finished_test_is_attached_however_it_ended(actor: User, status: str) -> None:
    incident, test = make_incident(actor), make_restore_test(status=status)
    evidence = attach_evidence(test, incident=incident, caption="What it shows", actor=actor, now=NOW)
    assert [*list_evidence(incident)] == [evidence]
    assert (evidence.caption, evidence.attached_by, evidence.attached_at) == ("What it shows", actor, NOW)


@pytest.mark.parametrize("status", ["pending", "running"])
def test_a_test_that_has_not_finished_is_not_attached(actor: User, status: str) -> None:
    test = make_restore_test(status=status)
    with pytest.raises(RecoveryError, match="has not finished yet"):
        attach_evidence(test, incident=make_incident(actor), caption="Too early", actor=actor, now=NOW)
    assert not Evidence.objects.exists()


def test_a_test_is_attached_once_to_an_incident_and_to_several_incidents(evidence: Evidence, actor: User) -> None:
    with pytest.raises(RecoveryError, match="is already attached to INC-"):
        attach_evidence(evidence.restore_test, incident=evidence.incident, caption="Again", actor=actor, now=NOW)
    other = make_incident(actor)
    attach_evidence(evidence.restore_test, incident=other, caption="Here too", actor=actor, now=NOW)
    assert [item.caption for item in list_evidence(other)] == ["Here too"]


def test_withdrawn_evidence_is_gone_from_the_incident_and_stays_on_record(evidence: Evidence, actor: User) -> None:
    withdraw_evidence(evidence, actor=actor, now=LATER)
    evidence.refresh_from_db()
    assert not list_evidence(evidence.incident)
    assert (evidence.withdrawn_by, evidence.withdrawn_at) == (actor, LATER)
    assert newest_evidence_change(evidence.incident) == LATER


def test_withdrawing_twice_keeps_who_did_it_first(evidence: Evidence, actor: User) -> None:
    withdraw_evidence(evidence, actor=actor, now=LATER)
    again = withdraw_evidence(evidence, actor=make_user("other"), now=LATER + timedelta(hours=1))
    assert (again.withdrawn_by, again.withdrawn_at) == (actor, LATER)


def test_a_withdrawal_can_be_taken_back(evidence: Evidence, actor: User) -> None:
    withdraw_evidence(evidence, actor=actor, now=LATER)
    restored = restore_evidence(evidence, actor=actor, now=LATER)
    assert [*list_evidence(evidence.incident)] == [restored]
    assert (restored.withdrawn_by, restored.withdrawn_at) == (None, None)
    assert restore_evidence(evidence, actor=actor, now=LATER) == restored


def test_a_test_attached_again_stands_in_the_way_of_the_old_evidence(evidence: Evidence, actor: User) -> None:
    withdraw_evidence(evidence, actor=actor, now=LATER)
    attach_evidence(evidence.restore_test, incident=evidence.incident, caption="Better", actor=actor, now=LATER)
    with pytest.raises(RecoveryError, match="already attached again"):
        restore_evidence(evidence, actor=actor, now=LATER)
    assert [item.caption for item in list_evidence(evidence.incident)] == ["Better"]


def test_only_what_can_be_attached_is_offered(evidence: Evidence, actor: User) -> None:
    replica = evidence.restore_test.replica
    other, _running = make_restore_test(replica), make_restore_test(replica, status="running")
    incident = make_incident(actor)
    assert [*list_attachable_tests(evidence.incident, evidence.attached_by)] == [other]
    assert [*list_incidents_without(evidence.restore_test, evidence.attached_by)] == [incident]
    withdraw_evidence(evidence, actor=actor, now=LATER)
    assert [*list_attachable_tests(evidence.incident, evidence.attached_by)] == [other, evidence.restore_test]
    assert [*list_incidents_without(evidence.restore_test, evidence.attached_by)] == [incident, evidence.incident]
    assert RestoreTest.objects.count() == 3


def test_what_becomes_of_evidence_stands_in_the_timeline(evidence: Evidence, actor: User) -> None:
    withdraw_evidence(evidence, actor=actor, now=LATER)
    restore_evidence(evidence, actor=actor, now=LATER)
    texts = [event.text for event in evidence.incident.events.order_by("pk")]
    reference = evidence.restore_test.reference
    assert [text.partition(":")[0] for text in texts[-3:]] == [
        f"{reference} attached as evidence",
        f"{reference} withdrawn as evidence",
        f"{reference} attached as evidence again",
    ]
