"""Files that are evidence: what a file store keeps of them, in the words of this app."""

from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from lib.file_store import FileLostError, FileRefusedError, FileStore, KeptFile
from recovery.errors import EvidenceFileLost, RecoveryError
from recovery.models import Evidence


def evidence_store() -> FileStore:
    """Where evidence lies."""
    return FileStore(Path(settings.EVIDENCE_DIR), settings.EVIDENCE_FILE_LIMIT)


def path_of(digest: str) -> Path:
    """Where the file with this SHA-256 lies."""
    return evidence_store().path_of(digest)


def keep_file(upload: "UploadedFile[Any]") -> KeptFile:
    """The upload is stored; until a transaction settles it, a sweep may remove it.

    Raises RecoveryError with a sentence for the field `file` where it is not taken. Calls belong outside of any
    transaction, which others would wait for.
    """
    try:
        return evidence_store().keep(upload)
    except FileRefusedError as refused:
        raise RecoveryError(str(refused), field=refused.field) from refused


def settle_after_commit(digest: str) -> None:
    """Once the transaction has committed, no sweep looks at this file again."""
    evidence_store().settle_after_commit(digest)


def open_file(evidence: Evidence) -> BinaryIO:
    """The file for reading, after it was found to be what was attached. Raises EvidenceFileLost with a sentence."""
    try:
        return evidence_store().open(evidence.file_sha256)
    except FileLostError as lost:
        raise EvidenceFileLost(str(lost)) from lost


def sweep_evidence_files(*, now: datetime) -> None:
    """Files are gone that were announced an hour ago and that no evidence names; all others stay."""
    # Withdrawn evidence names its file, too.
    evidence_store().sweep(lambda digest: Evidence.objects.filter(file_sha256=digest).exists(), now=now)
