"""The database itself refuses to alter or delete evidence, whatever the application, or anybody, sends it."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from recovery.models import Evidence, RestoreTest
from recovery.services.evidence import attach_evidence, withdraw_evidence
from tests.factories import NOW, make_incident, make_restore_test, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["attached", "withdrawn"])
def evidence(request: pytest.FixtureRequest) -> Evidence:
    actor = make_user()
    attached = attach_evidence(
        make_restore_test(), incident=make_incident(actor), caption="All is there", actor=actor, now=NOW
    )
    return withdraw_evidence(attached, actor=actor, now=NOW) if request.param == "withdrawn" else attached


def execute(sql: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def refuse(words: str, sql: str, *parameters: object) -> None:
    before = [*RestoreTest.objects.values(), *Evidence.objects.values()]
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        execute(sql, *parameters)
    assert [*RestoreTest.objects.values(), *Evidence.objects.values()] == before


def columns(model: type[RestoreTest] | type[Evidence]) -> list[str]:
    return [field.column for field in model._meta.concrete_fields]


@pytest.mark.parametrize("column", columns(RestoreTest))
def test_no_column_of_an_attached_test_can_be_altered(evidence: Evidence, column: str) -> None:
    refuse("can no longer be altered", f"UPDATE recovery_restoretest SET {column} = {column}")  # noqa: S608


def test_an_attached_test_cannot_be_deleted(evidence: Evidence) -> None:
    refuse("can no longer be", "DELETE FROM recovery_restoretest")


# Withdrawing alone is possible, and taking that back.
@pytest.mark.parametrize("column", [name for name in columns(Evidence) if not name.startswith("withdrawn")])
def test_no_fact_of_evidence_can_be_altered(evidence: Evidence, column: str) -> None:
    refuse("withdrawn, not rewritten", f"UPDATE recovery_evidence SET {column} = {column}")  # noqa: S608


def test_evidence_cannot_be_deleted(evidence: Evidence) -> None:
    refuse("withdrawn, ", "DELETE FROM recovery_evidence")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="REPLACE is SQLite's")
def test_a_row_put_in_its_place_does_not_replace_an_attached_test(evidence: Evidence) -> None:
    number, names = evidence.restore_test_id, ", ".join(columns(RestoreTest))
    other = make_restore_test(evidence.restore_test.replica, status="failed")
    values = names.replace("number", "%s")
    refuse(
        "can no longer be altered",
        f"REPLACE INTO recovery_restoretest ({names}) SELECT {values} FROM recovery_restoretest WHERE number = %s",  # noqa: S608
        number,
        other.number,
    )
    refuse(
        "can no longer be altered",
        "UPDATE OR REPLACE recovery_restoretest SET number = %s WHERE number = %s",
        number,
        other.number,
    )


@pytest.mark.skipif(connection.vendor != "sqlite", reason="REPLACE is SQLite's")
def test_a_row_put_in_its_place_does_not_replace_evidence(evidence: Evidence) -> None:
    names = ", ".join(columns(Evidence))
    values = names.replace("caption", "'nothing'")
    in_place = f"REPLACE INTO recovery_evidence ({names}) SELECT {values} FROM recovery_evidence"  # noqa: S608
    refuse("withdrawn, not rewritten", in_place)
    if evidence.withdrawn_at is None:
        without_id = ", ".join(columns(Evidence)[1:])
        again = f"REPLACE INTO recovery_evidence ({without_id}) SELECT {without_id} FROM recovery_evidence"  # noqa: S608
        refuse("withdrawn, not rewritten", again)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="REPLACE is SQLite's")
def test_old_evidence_that_comes_back_does_not_push_out_newer(evidence: Evidence) -> None:
    if evidence.withdrawn_at is None:
        withdraw_evidence(evidence, actor=evidence.attached_by, now=NOW)
    attach_evidence(
        evidence.restore_test, incident=evidence.incident, caption="Newer", actor=evidence.attached_by, now=NOW
    )
    put_back = "UPDATE OR REPLACE recovery_evidence SET withdrawn_at = NULL WHERE id = %s"
    refuse("attached already", put_back, evidence.pk)


def test_the_application_cannot_either(evidence: Evidence) -> None:
    test = evidence.restore_test
    test.status = "failed"
    with pytest.raises(IntegrityError), transaction.atomic():
        test.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        RestoreTest.objects.update(rpo_seconds=0)
    with pytest.raises(ProtectedError):
        test.delete()
    with pytest.raises(ProtectedError):
        evidence.incident.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        evidence.delete()
    assert RestoreTest.objects.get(pk=test.pk).status == "passed"


def test_a_test_that_is_no_evidence_is_free(evidence: Evidence) -> None:
    other = make_restore_test(evidence.restore_test.replica)
    execute("UPDATE recovery_restoretest SET log_tail = 'x' WHERE number = %s", other.number)
    execute("DELETE FROM recovery_restoretest WHERE number = %s", other.number)
    assert not RestoreTest.objects.filter(pk=other.pk).exists()


def test_evidence_has_a_caption(evidence: Evidence) -> None:
    with pytest.raises(IntegrityError, match="evidence_caption_is_not_empty"), transaction.atomic():
        Evidence.objects.create(
            incident=make_incident(evidence.attached_by),
            restore_test=evidence.restore_test,
            caption="",
            attached_by=evidence.attached_by,
            attached_at=NOW,
        )
