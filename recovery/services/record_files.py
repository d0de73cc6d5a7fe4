"""Each record as a file beside its row, so that rows which are gone are missed."""

import logging
import os
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from lib.files import write_atomically
from recovery.models import Database, TestRecord

logger = logging.getLogger(__name__)
ANNOUNCED = ".announced"
# Longer than any transaction that writes a record; an announcement of one that was rolled back means nothing then.
ROLLED_BACK = timedelta(minutes=5)


def path_of(database_id: int, sequence: int) -> Path:
    """Where the envelope of this record lies."""
    return Path(settings.RECORDS_DIR) / str(database_id) / f"{sequence}.json"


def write_after_commit(record: TestRecord) -> None:
    """The file is there once the transaction has committed; if that fails, the sweep writes it later.

    What is owed is announced by an empty file before the commit. So a file that was never written is told apart from
    one that somebody has deleted, which is never written again.
    """
    _announce(record)

    def write() -> None:
        _write(record)

    transaction.on_commit(write, robust=True)


def write_announced(*, now: datetime) -> None:
    """Files that were announced and not written are there; announcements of what was rolled back are gone."""
    for announcement in sorted(Path(settings.RECORDS_DIR).glob(f"*/*{ANNOUNCED}")):
        try:
            database_id, sequence = int(announcement.parent.name), int(announcement.name.removesuffix(ANNOUNCED))
        except ValueError:
            continue
        _settle(announcement, database_id, sequence, now)


def list_files() -> dict[int, dict[int, Path]]:
    """The files that are there, by database and sequence; one with another name is nobody's."""
    found: dict[int, dict[int, Path]] = {}
    for path in Path(settings.RECORDS_DIR).glob("*/*.json"):
        if path.stem.isascii() and path.stem.isdigit() and path.parent.name.isascii() and path.parent.name.isdigit():
            found.setdefault(int(path.parent.name), {})[int(path.stem)] = path
    return found


def _announcement(record: TestRecord) -> Path:
    return path_of(record.database_id, record.sequence).with_suffix(ANNOUNCED)


def _announce(record: TestRecord) -> None:
    path = _announcement(record)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        # A row that outlives a power cut without its announcement would look like a deleted file.
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(record: TestRecord) -> None:
    write_atomically(path_of(record.database_id, record.sequence), record.envelope.encode())
    _announcement(record).unlink(missing_ok=True)


@transaction.atomic
def _settle(announcement: Path, database_id: int, sequence: int, now: datetime) -> None:
    # Whoever writes a record holds this lock until the commit.
    Database.objects.select_for_update().filter(pk=database_id).first()
    record = TestRecord.objects.filter(database_id=database_id, sequence=sequence).first()
    try:
        if record and not path_of(database_id, sequence).exists():
            _write(record)
        elif record or now.timestamp() - announcement.stat().st_mtime > ROLLED_BACK.total_seconds():
            announcement.unlink(missing_ok=True)
    except FileNotFoundError:
        # The process that wrote the record has been quicker.
        pass
    except OSError as error:
        logger.error("the record %s could not be written to its file: %s", record, error)
