"""The signed record of each finished restore test, in one chain for each database."""

import hashlib
import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction

from recovery.attestation import canonical, envelope, keys
from recovery.attestation.statement import Installation, Place, make_statement
from recovery.models import Database, RestoreTest, TestRecord
from recovery.services.record_files import path_of, write_after_commit, write_announced

logger = logging.getLogger(__name__)
UNFINISHED = (RestoreTest.Status.PENDING, RestoreTest.Status.RUNNING)
AT_ONCE = 500


def record_result(test: RestoreTest, *, now: datetime) -> None:
    """The finished test has its record, in the transaction that wrote its result.

    Where the key or the disk forbids it, the result stands without one: that is logged, the sweep tries again, and
    `evidence_verify` names the test until then.
    """
    try:
        write_record(test, now=now)
    except keys.UNREADABLE as error:
        logger.error("the record of %s could not be written: %s", test.reference, error)


@transaction.atomic
def write_record(test: RestoreTest, *, now: datetime, is_late: bool = False) -> TestRecord | None:
    """The one record of a finished test: signed, linked to the one before it, and a file after the commit.

    A test that has one keeps it. None for the tests of a demonstration, which prove nothing. `is_late` is signed too:
    it says that others could write to the row before it was recorded. Raises one of `keys.UNREADABLE`.
    """
    related = "replica__database", "requested_by", "incident", "record"
    database_id = Database.objects.values_list("pk", flat=True).get(replicas=test.replica_id)
    # Two records that are written at once would take one place.
    database = Database.objects.select_for_update().get(pk=database_id)
    # As the database has it, since that is what it is compared with.
    test = RestoreTest.objects.select_related(*related).get(pk=test.pk)
    if not test.is_finished:
        raise ValueError(f"{test.reference} has not finished, so there is nothing to record.")
    if hasattr(test, "record"):
        return test.record
    if database.is_demonstration:
        return None
    place = _next_place(database, now=now, is_late=is_late)
    installation = Installation(settings.BASE_URL, f"Debrief {settings.VERSION}")
    signed = envelope.sign(make_statement(test, place, installation), keys.signer())
    record = TestRecord.objects.create(
        database=database,
        sequence=place.sequence,
        restore_test=test,
        envelope=signed,
        sha256=canonical.digest_of_text(signed),
        previous_sha256=place.previous_sha256,
        written_at=now,
    )
    write_after_commit(record)
    return record


def write_missing_records(*, now: datetime) -> None:
    """Finished tests have their records, and records their files, as far as a crash or a full disk left them without.

    A file that was there once is not written again, so that its absence is found.
    """
    waiting = RestoreTest.objects.filter(record=None, replica__database__is_demonstration=False)
    waiting = waiting.exclude(status__in=UNFINISHED).order_by("finished_at", "number")
    try:
        for test in waiting[:AT_ONCE]:
            write_record(test, now=now, is_late=True)
    except keys.UNREADABLE as error:
        logger.error("records could not be written: %s", error)
    write_announced(now=now)


def _next_place(database: Database, *, now: datetime, is_late: bool) -> Place:
    last = TestRecord.objects.filter(database=database).order_by("sequence").last()
    sequence, previous = (last.sequence + 1, last.sha256) if last else (1, "")
    # The file of a record whose row is gone stays the proof that there was one, so nothing takes its place.
    while (path := path_of(database.pk, sequence)).exists():
        sequence, previous = sequence + 1, hashlib.sha256(path.read_bytes()).hexdigest()
    return Place(sequence, previous, now, is_late)
