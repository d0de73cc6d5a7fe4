"""The records of one database: whole, linked, signed, each with its file, and each test as it was signed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from recovery.attestation import canonical, envelope
from recovery.attestation.comparison import differences_of_record, differences_of_test
from recovery.attestation.findings import Verification
from recovery.attestation.keys import PublicKey
from recovery.models import RestoreTest, TestRecord

Row = TypeVar("Row", RestoreTest, TestRecord)
# Tests have logs and lists of tables, so that not all are held at once.
CHUNK = 200
# What Django raises for a column that holds what its type cannot be.
UNREADABLE_ROW = (ValueError, TypeError, AttributeError)


@dataclass(frozen=True)
class Chain:
    """One database, what its rows are called now, the files by sequence, and the keys that count.

    `replicas` gives database, name and method by the replica's key. Records written before `settled` have their files.
    """

    database_id: int
    name: str
    replicas: dict[int, tuple[int, str, str]]
    files: dict[int, Path]
    keys: Sequence[PublicKey]
    settled: datetime


def verify_chain(chain: Chain, found: Verification) -> None:
    """Whatever does not hold among the records of this database is added to what was found."""
    sequence, previous, seen = 0, "", set()
    for chunk in _read_records(chain, found):
        tests = _read_tests([record.restore_test_id for record in chunk])
        for record in chunk:
            found.records += 1
            _verify_place(chain, record, sequence, previous, found)
            _verify_record(chain, record, tests.get(record.restore_test_id), found)
            sequence, previous = record.sequence, record.sha256
            seen.add(record.sequence)
    if seen:
        found.heads[chain.name] = {"sequence": sequence, "sha256": previous}
    _verify_orphans(chain, seen, found)


def _read_records(chain: Chain, found: Verification) -> Iterator[list[TestRecord]]:
    """The records in their order, some at a time; what cannot be read is named and left out."""
    rows = TestRecord.objects.filter(database_id=chain.database_id).order_by("sequence", "pk")
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        read = {pk: row for pk, row in _read_rows(TestRecord.objects.in_bulk, chunk).items() if _is_of_its_types(row)}
        if len(read) < len(chunk):
            found.add("A record's row holds what no record can hold.", database=chain.name)
        yield [read[pk] for pk in chunk if pk in read]


def _is_of_its_types(record: TestRecord) -> bool:
    # SQLite keeps in any column what it is given.
    numbers = (record.sequence, record.restore_test_id)
    return isinstance(record.envelope, str) and all(isinstance(number, int) for number in numbers)


def _read_tests(numbers: list[int]) -> dict[int, RestoreTest]:
    return _read_rows(RestoreTest.objects.in_bulk, numbers)


def _read_rows(read: Callable[[list[int]], dict[int, Row]], keys: list[int]) -> dict[int, Row]:
    """The rows by their keys, without those that hold what no field can hold."""
    try:
        return read(keys)
    except UNREADABLE_ROW:
        if len(keys) == 1:
            return {}
        middle = len(keys) // 2
        return _read_rows(read, keys[:middle]) | _read_rows(read, keys[middle:])


def _verify_place(chain: Chain, record: TestRecord, last: int, previous: str, found: Verification) -> None:
    here: dict[str, Any] = {"database": chain.name, "record": record.sequence, "test": f"RT-{record.restore_test_id}"}
    if record.sequence == last:
        found.add("Another record has the same number.", **here)
    elif record.sequence != last + 1:
        found.add(f"{_range(last + 1, record.sequence - 1)} missing before this one.", **here)
    elif record.previous_sha256 != previous:
        found.add("It is not linked to the record before it.", **here)


def _range(first: int, last: int) -> str:
    return f"Record {first} is" if first == last else f"Records {first} to {last} are"


def _verify_record(chain: Chain, record: TestRecord, test: RestoreTest | None, found: Verification) -> None:
    number = record.restore_test_id
    here: dict[str, Any] = {"database": chain.name, "record": record.sequence, "test": f"RT-{number}"}
    if canonical.digest_of_text(record.envelope) != record.sha256:
        found.add("The envelope does not have the digest that its row gives.", **here)
    _verify_record_file(chain, record, found, here)
    try:
        statement = envelope.verify(record.envelope, chain.keys)
    except envelope.EnvelopeRefusedError as error:
        found.add(f"The envelope does not hold: {error}.", **here)
        return
    for difference in differences_of_record(record, statement):
        found.add(f"The record's {difference}.", **here)
    if test is None:
        is_there = RestoreTest.objects.filter(pk=number).exists()
        found.add("The test's row holds what no test can hold." if is_there else "The test is gone.", **here)
        return
    for difference in differences_of_test(test, statement):
        found.add(f"The test's {difference}.", **here)
    _verify_names(chain, test, statement, found)


def _verify_record_file(chain: Chain, record: TestRecord, found: Verification, here: dict[str, Any]) -> None:
    path = chain.files.get(record.sequence)
    if path is None:
        if record.written_at is None or record.written_at <= chain.settled:
            found.add("The record's file is missing.", **here)
        return
    try:
        content = path.read_bytes()
    except OSError as error:
        found.add(f"The record's file cannot be read: {error.strerror}.", **here)
        return
    found.files += 1
    if content != record.envelope.encode("utf-8", "surrogatepass"):
        found.add("The record's file is not the envelope that the row holds.", **here)


def _verify_names(chain: Chain, test: RestoreTest, statement: dict[str, Any], found: Verification) -> None:
    """A test shows under the names of its replica and database, which no page changes."""
    signed = statement["predicate"]["debrief"]
    then = (signed["database"]["id"], signed["replica"]["name"], signed["replica"]["method"])
    if chain.replicas.get(test.replica_id) != then:
        name = signed["replica"]["name"]
        found.add(f"The replica {name} is not the one of this name that the records are of.", database=chain.name)
    if chain.name != signed["database"]["name"]:
        was = signed["database"]["name"]
        found.add(f"The database was called {was} when records of it were signed.", database=chain.name)


def _verify_orphans(chain: Chain, seen: set[int], found: Verification) -> None:
    for sequence in sorted(set(chain.files) - seen):
        # Asked again: it may have been written while the rows were read.
        if TestRecord.objects.filter(database_id=chain.database_id, sequence=sequence).exists():
            continue
        statement = _peek(chain.files[sequence])
        signed = statement["predicate"]["debrief"]["record"] if statement else {}
        number = signed.get("restore_test_id")
        test = f"RT-{number}" if number else ""
        found.add("The record's row is gone; its file remains.", database=chain.name, record=sequence, test=test)


def _peek(path: Path) -> dict[str, Any] | None:
    try:
        return envelope.peek(path.read_text())
    except (OSError, ValueError):
        return None
