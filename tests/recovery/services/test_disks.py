"""Which disks are watched, and when one is nearly full."""

from pathlib import Path

import pytest

from notifications.models import Notification
from recovery.models import Alarm, Database, DiskUsage
from recovery.services import disks
from recovery.services.disks import DiskSight, list_paths, look_at_disk, read_local_path, watch_disks
from tests.factories import NOW, make_database, make_replica

pytestmark = pytest.mark.django_db


def levels() -> list[str]:
    return list(Notification.objects.order_by("pk").values_list("level", flat=True))


@pytest.fixture
def sights(monkeypatch: pytest.MonkeyPatch) -> dict[str, DiskSight]:
    """What the machine says of each path: the kernel's answer, which no test can choose otherwise."""
    found: dict[str, DiskSight] = {}
    monkeypatch.setattr(disks, "look_at_disk", lambda path: found[path])
    return found


def used(percent: float, mount: str = "/data") -> DiskSight:
    return DiskSight(mount, 1000, round(10 * percent))


def test_a_real_disk(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "not" / "yet" / "there.db"):
        found = look_at_disk(str(path))
        assert found.total_bytes > found.used_bytes > 0
        assert Path(found.mount).is_mount()
        assert tmp_path.is_relative_to(found.mount)
        assert found.reason == ""


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    found = look_at_disk(str(loop))
    assert found == DiskSight(reason=f"{loop} cannot be read (Too many levels of symbolic links).")


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("/data/app.db", "/data/app.db"),
        ("file:///backups/app", "/backups/app"),
        ("s3://bucket/app", ""),
        ("sftp://backup@host/app", ""),
        ("host=db1 dbname=shop", ""),
        ("", ""),
    ],
)
def test_a_location_on_this_machine(location: str, path: str) -> None:
    assert read_local_path(location) == path


def test_each_path_is_watched_once_for_all_that_it_matters_to() -> None:
    shop, blog = make_database("shop", "/data/shop.db"), make_database("blog", "/data/blog.db", watched_path="/data")
    make_replica(shop, "/backups")
    make_replica(blog, "/backups")
    make_replica(blog, "s3://bucket/blog", name="far")
    there = make_database("there", "/data/there.db", host="db1.example.org")
    make_replica(there, "s3://bucket/there")
    make_replica(there, "/backups", name="folder")
    make_database("shown", is_demonstration=True)
    names = {path: [database.name for database in databases] for path, databases in list_paths().items()}
    assert names == {"/data": ["blog"], "/data/shop.db": ["shop"], "/backups": ["blog", "shop"]}


def test_every_path_has_its_row_and_the_disk_one_alarm(sights: dict[str, DiskSight]) -> None:
    make_database("shop", "/data/shop.db")
    make_database("blog", "/data/blog.db", disk_alert_percent=90)
    sights |= {"/data/shop.db": used(85), "/data/blog.db": used(85)}
    watch_disks(now=NOW, seconds=5)
    assert [(row.path, row.used_percent) for row in DiskUsage.objects.order_by("path")] == [
        ("/data/blog.db", 85.0),
        ("/data/shop.db", 85.0),
    ]
    alarm = Alarm.objects.get()
    assert (alarm.subject, alarm.database.name) == ("disk:/data", "shop")
    assert alarm.reason == "The disk at /data is 85 % full and has 150 B left; the limit is 80 %. On it: blog, shop."
    assert levels() == ["warning"]


def test_at_the_limit_it_begins_and_well_below_it_ends(sights: dict[str, DiskSight]) -> None:
    make_database("shop", "/data/shop.db")
    expected = []
    for percent, level in ((79.9, ""), (80, "warning"), (79, ""), (81, ""), (78, ""), (77.9, "recovered"), (79, "")):
        sights["/data/shop.db"] = used(percent)
        watch_disks(now=NOW, seconds=5)
        expected += [level] if level else []
        assert levels() == expected, percent


def test_a_path_that_cannot_be_read_has_a_row_that_says_why(sights: dict[str, DiskSight]) -> None:
    make_database("shop", "/data/shop.db")
    sights["/data/shop.db"] = used(90)
    watch_disks(now=NOW, seconds=5)
    sights["/data/shop.db"] = DiskSight(reason="It cannot be read.")
    watch_disks(now=NOW.replace(minute=1), seconds=5)
    row = DiskUsage.objects.get(at__gt=NOW)
    assert (row.total_bytes, row.used_bytes, row.reason) == (0, 0, "It cannot be read.")
    assert levels() == ["warning"]


def test_a_disk_that_nothing_lies_on_any_more_ends_its_alarm(sights: dict[str, DiskSight]) -> None:
    make_database("shop", "/data/shop.db")
    sights |= {"/data/shop.db": used(90), "/other/shop.db": used(10, "/other")}
    watch_disks(now=NOW, seconds=5)
    Database.objects.update(path="/other/shop.db")
    watch_disks(now=NOW.replace(minute=1), seconds=5)
    assert levels() == ["warning", "recovered"]


def test_without_databases_there_is_nothing_to_do() -> None:
    watch_disks(now=NOW, seconds=5)
    assert DiskUsage.objects.count() == 0
