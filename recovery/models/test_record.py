"""The signed record of a finished restore test."""

from django.db import models
from django.db.models import Q

from recovery.models.database import Database
from recovery.models.restore_test import RestoreTest


class TestRecord(models.Model):
    """One signed statement about one finished restore test, linked to the one before it of the same database.

    `envelope` is the DSSE envelope exactly as it was signed, `sha256` its digest, `previous_sha256` that of the record
    with the sequence before it (empty for the first). Rows are written once; triggers refuse to alter or delete them.
    """

    # Not a test, whatever its name begins with.
    __test__ = False

    database = models.ForeignKey(Database, models.PROTECT, related_name="test_records")
    sequence = models.PositiveIntegerField()
    restore_test = models.OneToOneField(RestoreTest, models.PROTECT, related_name="record")
    envelope = models.TextField()
    sha256 = models.CharField(max_length=64)
    previous_sha256 = models.CharField(max_length=64, blank=True)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["database", "sequence"]
        constraints = [
            models.UniqueConstraint(name="test_record_sequence_is_unique", fields=["database", "sequence"]),
            models.CheckConstraint(
                name="test_record_has_one_before_it",
                condition=Q(sequence=1, previous_sha256="") | (Q(sequence__gt=1) & ~Q(previous_sha256="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.database.name}/{self.sequence}"
