"""The signed records of restore tests."""

from recovery.models import RestoreTest, TestRecord


def find_record(test: RestoreTest) -> TestRecord | None:
    """The record of a test; None where it has none."""
    return TestRecord.objects.filter(restore_test=test).first()


def find_previous_record(record: TestRecord | None) -> TestRecord | None:
    """The record that this one is linked to, with its test; None for the first of its database."""
    if record is None or not record.previous_sha256:
        return None
    before = TestRecord.objects.filter(database_id=record.database_id, sequence__lt=record.sequence)
    return before.select_related("restore_test").order_by("-sequence").first()
