import pytest

from accounts.models import User
from incidents.closing import list_obstacles
from incidents.models import Incident
from recovery.services.evidence import attach_evidence
from tests.factories import NOW, make_file_evidence, make_incident, make_restore_test


@pytest.fixture
def lost(responder: User) -> Incident:
    incident = make_incident(responder)
    incident.data_loss = "lost"
    incident.save()
    return incident


def reasons(incident: Incident) -> list[str]:
    return [obstacle.reason for obstacle in list_obstacles(incident)]


NO_EVIDENCE = ["Data was lost, and no restore test that passed is attached as evidence."]


@pytest.mark.parametrize("known", ["unknown", "none"])
def test_without_lost_data_no_restore_test_is_asked_for(lost: Incident, known: str) -> None:
    lost.data_loss = known
    assert reasons(lost) == []


def test_lost_data_asks_for_a_restore_test_that_passed(lost: Incident, responder: User) -> None:
    assert reasons(lost) == NO_EVIDENCE
    make_file_evidence(lost)
    failed = make_restore_test(status="failed")
    attach_evidence(failed, incident=lost, caption="It did not come back", actor=responder, now=NOW)
    assert reasons(lost) == NO_EVIDENCE
    passed = make_restore_test(failed.replica)
    attach_evidence(passed, incident=make_incident(responder), caption="For another", actor=responder, now=NOW)
    assert reasons(lost) == NO_EVIDENCE
    attach_evidence(passed, incident=lost, caption="It came back", actor=responder, now=NOW)
    assert reasons(lost) == []


def test_withdrawn_evidence_does_not_count(lost: Incident, responder: User) -> None:
    evidence = attach_evidence(make_restore_test(), incident=lost, caption="It came back", actor=responder, now=NOW)
    evidence.withdrawn_at, evidence.withdrawn_by = NOW, responder
    evidence.save(update_fields=["withdrawn_at", "withdrawn_by"])
    assert reasons(lost) == NO_EVIDENCE
