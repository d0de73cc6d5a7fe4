from datetime import UTC, datetime

import pytest

from recovery.methods.backup_names import companion_names, is_whole_backup, latest_moment_named


@pytest.mark.parametrize(
    "name", ["app.db", "app-2026-11-22.db.gz", "app.db.zst", "partial.db", "waltz.db", "app-wal.db"]
)
def test_a_backup_is_told_by_its_name(name: str) -> None:
    assert is_whole_backup(name)


@pytest.mark.parametrize(
    "name",
    [
        ".app.db.Xy12",
        "app.db.part",
        "app.db.TMP",
        "app.db~",
        "app.db-wal",
        "app.db-shm",
        "app.db-journal",
        "app.db-wal.gz",
        "app.db.gz-wal",
        "app.db.gz.sha256",
    ],
)
def test_what_is_not_finished_or_belongs_to_another_is_none(name: str) -> None:
    assert not is_whole_backup(name)


def test_a_companion_is_packed_like_the_backup_or_not() -> None:
    assert companion_names("app.db", "-wal") == ["app.db-wal", "app.db-wal.gz", "app.db-wal.zst", "app.db-wal.zstd"]
    assert {"app.db-wal", "app.db-wal.gz", "app.db.gz-wal"} <= set(companion_names("app.db.gz", "-wal"))


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("app-2026-11-22T03:04:05Z.db", datetime(2026, 11, 22, 3, 4, 6, tzinfo=UTC)),
        ("app-20261122T030405Z.db.gz", datetime(2026, 11, 22, 3, 4, 6, tzinfo=UTC)),
        ("app-20261122030405.db", datetime(2026, 11, 22, 3, 4, 6, tzinfo=UTC)),
        ("app_2026-11-22_0304.db", datetime(2026, 11, 22, 3, 5, tzinfo=UTC)),
        ("app-20261122-0304+0700.db", datetime(2026, 11, 21, 20, 5, tzinfo=UTC)),
        ("app-20261122-0304-05:00.db", datetime(2026, 11, 22, 8, 5, tzinfo=UTC)),
        ("app-2026-11-22.db", datetime(2026, 11, 23, tzinfo=UTC)),
        ("app-1795316645.db", datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)),
        ("v20251231-20261122.db", datetime(2026, 1, 1, tzinfo=UTC)),
        ("app.db", None),
        ("app-20261322.db", None),
        ("app-1234.db", None),
        ("app-920261122.db", None),
        ("app-2026-11-22-2575.db", datetime(2026, 11, 23, tzinfo=UTC)),
    ],
)
def test_the_last_moment_that_a_name_can_mean(name: str, moment: datetime | None) -> None:
    assert latest_moment_named(name) == moment
