"""Files that are evidence: checked by their content, stored once under their SHA-256.

A file is announced before the transaction that names it and settled after its commit. So the sweep looks only at what
was announced, and never at what was once committed, whatever database this installation is given.
"""

import errno
import fcntl
import hashlib
import logging
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from lib.durations import format_bytes
from lib.file_kinds import FileKind, UnknownFileError, recognise
from recovery.errors import EvidenceFileLost, RecoveryError
from recovery.models import Evidence

logger = logging.getLogger(__name__)
LONGEST_NAME = 150
# Longer than any upload and its transaction take.
ABANDONED = timedelta(hours=1)
ANNOUNCED = ".announced"
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class KeptFile:
    """A file that is stored: what it is called, and what it is."""

    name: str
    sha256: str
    kind: FileKind
    size: int


def path_of(digest: str) -> Path:
    """Where the file with this SHA-256 lies."""
    return Path(settings.EVIDENCE_DIR) / digest[:2] / digest


def keep_file(upload: "UploadedFile[Any]") -> KeptFile:
    """The upload is stored, mode 0600, whole and on disk; until a transaction settles it, a sweep may remove it.

    Raises RecoveryError with a sentence for the field `file` where it is empty, too large or of no kind that is taken,
    or where the disk is full. Calls belong outside of any transaction, which others would wait for.
    """
    draft = None
    try:
        for folder in (_announced().parent, _announced()):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=_announced(), prefix="draft-")
        with os.fdopen(descriptor, "wb") as file:
            digest, size = _copy(upload, file)
        kind = recognise(Path(draft), upload.name or "")
        _place(Path(draft), digest)
    except UnknownFileError as error:
        raise RecoveryError(str(error), field="file") from error
    except OSError as error:
        logger.error("an evidence file could not be stored: %s", error)
        raise RecoveryError(_explain(error), field="file") from error
    finally:
        if draft:
            Path(draft).unlink(missing_ok=True)
    return KeptFile(clean_name(upload.name or "", kind), digest, kind, size)


def settle_after_commit(digest: str) -> None:
    """Once the transaction has committed, no sweep looks at this file again."""

    def settle() -> None:
        (_announced() / digest).unlink(missing_ok=True)

    transaction.on_commit(settle, robust=True)


def open_file(evidence: Evidence) -> BinaryIO:
    """The file for reading, after it was found to be what was attached.

    Raises EvidenceFileLost with a sentence where it is missing, cannot be read, or has another content.
    """
    try:
        file = path_of(evidence.file_sha256).open("rb")
    except FileNotFoundError:
        raise EvidenceFileLost(_("The file is no longer in Debrief's data folder.")) from None
    except OSError as error:
        raise EvidenceFileLost(_("The file cannot be read: %(why)s.") % {"why": error.strerror}) from error
    if hashlib.file_digest(file, "sha256").hexdigest() != evidence.file_sha256:
        file.close()
        raise EvidenceFileLost(_("The file in Debrief's data folder is no longer what was attached."))
    file.seek(0)
    return file


def sweep_evidence_files(*, now: datetime) -> None:
    """Files are gone that were announced an hour ago and that no evidence names; all others stay."""
    if not _announced().exists():
        return
    for mark in _announced().iterdir():
        with _lock():
            if not _is_older(mark, now - ABANDONED):
                continue
            if mark.name.startswith("draft-"):
                mark.unlink(missing_ok=True)
            elif DIGEST.fullmatch(mark.name):
                # Withdrawn evidence names its file, too.
                if not Evidence.objects.filter(file_sha256=mark.name).exists():
                    path_of(mark.name).unlink(missing_ok=True)
                mark.unlink(missing_ok=True)


def clean_name(name: str, kind: FileKind) -> str:
    """The last part of the name, in plain characters, with an ending that belongs to its kind."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    # Categories C (control, direction, unassigned) and Z but for the blank
    name = "".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in name)
    name = " ".join(name.split()).strip(". ")
    path = PurePosixPath(name or "file")
    ending = path.suffix if path.suffix.lower() in kind.endings else kind.endings[0]
    stem = name.removesuffix(ending) or "file"
    return stem[: LONGEST_NAME - len(ending)] + ending


def _announced() -> Path:
    return Path(settings.EVIDENCE_DIR) / ANNOUNCED


def _copy(upload: "UploadedFile[Any]", file: BinaryIO) -> tuple[str, int]:
    """The upload's SHA-256 and size, once it is in the file and on the disk."""
    limit = settings.EVIDENCE_FILE_LIMIT
    digest, size = hashlib.sha256(), 0
    for block in upload.chunks():
        size += len(block)
        if size > limit:
            sentence = _("This file is larger than %(limit)s. Attach the part that matters, or a link to it.")
            raise UnknownFileError(sentence % {"limit": format_bytes(limit)})
        digest.update(block)
        file.write(block)
    if not size:
        raise UnknownFileError(_("This file is empty. Choose one with content."))
    file.flush()
    os.fsync(file.fileno())
    return digest.hexdigest(), size


def _place(draft: Path, digest: str) -> None:
    path = path_of(digest)
    with _lock():
        (_announced() / digest).touch(mode=0o600)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        draft.replace(path)
    for folder in (path.parent, path.parent.parent):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _lock() -> Iterator[None]:
    """Nobody else places or sweeps a file meanwhile."""
    descriptor = os.open(_announced() / ".lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _is_older(path: Path, than: datetime) -> bool:
    try:
        return path.stat().st_mtime < than.timestamp()
    except FileNotFoundError:
        # Settled, or a draft that has found its place.
        return False


def _explain(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _("The disk that holds the evidence is full. Free some space and attach the file again.")
    return _("The file could not be stored. The log says more.")
