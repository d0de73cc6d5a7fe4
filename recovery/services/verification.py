"""Looking for whatever no longer agrees with what was signed, in the whole installation. Nothing is changed."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Exists, OuterRef

from recovery.attestation.findings import Verification
from recovery.attestation.keys import PublicKey
from recovery.models import Database, Evidence, Replica, RestoreTest, TestRecord
from recovery.services.chain_verification import Chain, verify_chain
from recovery.services.record_files import list_files
from recovery.services.records import UNFINISHED

# A record is written with its result; where that failed, the sweep writes it within a minute.
GRACE = timedelta(minutes=5)
BLOCK = 1024 * 1024


def verify_installation(keys: Sequence[PublicKey], *, now: datetime, published: Sequence[str] = ()) -> Verification:
    """Every record, test, file and piece of evidence was looked at; `keys` are those whose signatures count.

    `published` are digests of records that were kept elsewhere: each must be that of a record that is still here.
    Rows are read each by itself, since a join would leave out what lost its other half.
    """
    found = Verification()
    # Before the rows: a file is written after its row, so that each of these must have one.
    files = list_files()
    names = dict(Database.objects.values_list("pk", "name"))
    called = {pk: (database, name, method) for pk, database, name, method in _list_replicas()}
    recorded = set(TestRecord.objects.order_by().values_list("database_id", flat=True).distinct())
    for database_id in sorted(recorded | set(files) | set(names)):
        name = names.get(database_id, f"database {database_id}")
        verify_chain(Chain(database_id, name, called, files.get(database_id, {}), keys, now - GRACE), found)
    _verify_that_all_are_recorded(found, names, now)
    _verify_demonstrations(found, recorded)
    _verify_evidence(found)
    for digest in published:
        if not TestRecord.objects.filter(sha256=digest.strip().lower()).exists():
            found.add(f"No record here has the digest {digest}, which was published.")
    return found


def _list_replicas() -> list[tuple[int, int, str, str]]:
    return list(Replica.objects.values_list("pk", "database_id", "name", "method"))


def _verify_that_all_are_recorded(found: Verification, names: dict[int, str], now: datetime) -> None:
    demonstrations = Replica.objects.filter(database__is_demonstration=True).values("pk")
    tests = RestoreTest.objects.exclude(status__in=UNFINISHED).exclude(replica__in=demonstrations)
    unrecorded = tests.filter(~Exists(TestRecord.objects.filter(restore_test=OuterRef("pk"))))
    replicas = dict(Replica.objects.values_list("pk", "database_id"))
    found.tests += tests.count()
    settled = unrecorded.exclude(finished_at__gt=now - GRACE, finished_at__lte=now)
    for number, replica in settled.order_by("number").values_list("number", "replica_id"):
        name = names.get(replicas.get(replica, 0), "")
        found.add("The test has finished and has no record.", database=name, test=f"RT-{number}")


def _verify_demonstrations(found: Verification, recorded: set[int]) -> None:
    for name in Database.objects.filter(is_demonstration=True, pk__in=recorded).values_list("name", flat=True):
        found.add("The database is marked as a demonstration, and demonstrations have no records.", database=name)


def _verify_evidence(found: Verification) -> None:
    recorded = set(TestRecord.objects.values_list("restore_test_id", flat=True))
    existing = dict(RestoreTest.objects.filter(evidence__isnull=False).values_list("number", "replica_id"))
    exempt = set(Replica.objects.filter(database__is_demonstration=True).values_list("pk", flat=True))
    for evidence in Evidence.objects.order_by("pk"):
        found.evidence += 1
        number = evidence.restore_test_id
        if evidence.kind == Evidence.Kind.FILE:
            _verify_file(found, evidence)
        elif number is not None and number not in existing:
            found.add(f"{evidence} names a test that is gone.", test=f"RT-{number}")
        elif number is not None and number not in recorded and existing[number] not in exempt:
            found.add(f"{evidence} rests on a test whose record is not there.", test=f"RT-{number}")


def _verify_file(found: Verification, evidence: Evidence) -> None:
    path = Path(settings.EVIDENCE_DIR) / evidence.file_sha256[:2] / evidence.file_sha256
    try:
        actual = _digest_of_file(path)
    except OSError as error:
        found.add(f"The file of {evidence} ({evidence.file_name}) cannot be read: {error.strerror}.")
        return
    found.files += 1
    if actual != evidence.file_sha256:
        found.add(f"The file of {evidence} ({evidence.file_name}) has another content: its SHA-256 is {actual}.")


def _digest_of_file(path: Path) -> str:
    content = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            content.update(block)
    return content.hexdigest()
