"""How full the disks are that databases and replicas lie on."""

import os
import shutil
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from django.utils.translation import gettext as _

from lib.durations import format_bytes
from recovery.methods.lookouts import Lookouts
from recovery.models import Alarm, Database, DiskUsage
from recovery.services.alarms import close_alarm, disk_subject, list_open_subjects, open_alarm

AT_ONCE = 8
# An alarm ends this much below where it began, so that one at the limit does not come and go.
HYSTERESIS_PERCENT = 2
# What a row holds.
REASON_LENGTH = 500


@dataclass(frozen=True)
class DiskSight:
    """What one look at a path found; `mount` is where its disk is mounted. With a reason the rest says nothing."""

    mount: str = ""
    total_bytes: int = 0
    used_bytes: int = 0
    reason: str = ""


@dataclass
class Disk:
    """One disk, and the databases it matters to."""

    sight: DiskSight
    databases: list[Database] = field(default_factory=list)

    @property
    def subject(self) -> str:
        """What an alarm about it is about."""
        return disk_subject(self.sight.mount)

    @property
    def used_percent(self) -> float:
        """From 0 to 100."""
        return 100 * self.sight.used_bytes / self.sight.total_bytes if self.sight.total_bytes else 0.0


_lookouts: Lookouts[str, DiskSight] = Lookouts(AT_ONCE)


def watch_disks(*, now: datetime, seconds: float) -> None:
    """How full the disk under each path is has a row of this minute, and each disk that is nearly full has an alarm.

    A path that cannot be read, or whose disk does not answer within the time, has a row that says why.
    """
    paths = list_paths()
    looks = {path: partial(look_at_disk, path) for path in paths}
    found = _lookouts.gather(looks, seconds=seconds)
    silent = DiskSight(reason=_("The disk did not answer within %(seconds)d seconds.") % {"seconds": seconds})
    sights = {path: found.get(path, silent) for path in paths}
    DiskUsage.objects.bulk_create(
        (
            DiskUsage(
                path=path,
                at=now,
                total_bytes=sight.total_bytes,
                used_bytes=sight.used_bytes,
                reason=sight.reason[:REASON_LENGTH],
            )
            for path, sight in sights.items()
        ),
        ignore_conflicts=True,
        batch_size=100,
    )
    disks = _by_mount(paths, sights)
    full = list_open_subjects(Alarm.Kind.DISK)
    for disk in disks.values():
        _raise_alarm(disk, is_open=disk.subject in full, now=now)
    # A disk that does not answer is still watched, and nobody knows which one it is.
    if all(not sight.reason for sight in sights.values()):
        for subject in full - {disk.subject for disk in disks.values()}:
            close_alarm(Alarm.Kind.DISK, subject=subject, reason=_("It is not watched any more."), now=now)


def list_paths() -> dict[str, list[Database]]:
    """The paths whose disks are watched, each with the databases that it matters to."""
    paths: dict[str, list[Database]] = defaultdict(list)
    watched = Database.objects.here().prefetch_related("replicas")
    for database in watched.order_by("name"):
        replicas = (replica.destination for replica in database.replicas.all())
        for path in {database.watched_path or database.path, *replicas}:
            if local := read_local_path(path):
                paths[local].append(database)
    return dict(paths)


def read_local_path(location: str) -> str:
    """The path on this machine that the location names; empty where it names none."""
    path = location.removeprefix("file://")
    return path if path.startswith("/") else ""


def look_at_disk(path: str) -> DiskSight:
    """The disk under the path, which itself may be gone: its folder is asked then. Hangs as long as the disk does."""
    place = Path(path)
    try:
        while not os.path.lexists(place) and place != place.parent:
            place = place.parent
        usage = shutil.disk_usage(place)
        mount = _find_mount(place.resolve())
    except (OSError, RuntimeError) as error:
        words = {"path": path, "reason": getattr(error, "strerror", None) or error}
        return DiskSight(reason=_("%(path)s cannot be read (%(reason)s).") % words)
    # As df reckons: what only root may still write to is no room for a database.
    return DiskSight(str(mount), usage.used + usage.free, usage.used)


def _find_mount(path: Path) -> Path:
    device = path.stat().st_dev
    while path != path.parent and path.parent.stat().st_dev == device:
        path = path.parent
    return path


def _by_mount(paths: dict[str, list[Database]], sights: dict[str, DiskSight]) -> dict[str, Disk]:
    disks: dict[str, Disk] = {}
    for path, databases in paths.items():
        if not sights[path].reason:
            disk = disks.setdefault(sights[path].mount, Disk(sights[path]))
            disk.databases += [database for database in databases if database not in disk.databases]
    return disks


def _raise_alarm(disk: Disk, *, is_open: bool, now: datetime) -> None:
    """The database that wants to hear earliest decides for all that lie on the disk."""
    strictest = min(disk.databases, key=lambda database: (database.disk_alert_percent, database.name))
    limit = strictest.disk_alert_percent
    words = {
        "mount": disk.sight.mount,
        "percent": f"{disk.used_percent:.0f}",
        "free": format_bytes(disk.sight.total_bytes - disk.sight.used_bytes),
        "limit": limit,
        "databases": ", ".join(database.name for database in disk.databases),
    }
    if disk.used_percent >= limit:
        reason = _(
            "The disk at %(mount)s is %(percent)s %% full and has %(free)s left; the limit is %(limit)s %%. "
            "On it: %(databases)s."
        )
        open_alarm(
            Alarm.Kind.DISK,
            database=strictest,
            replica=None,
            subject=disk.subject,
            reason=reason % words,
            now=now,
        )
    elif is_open and disk.used_percent < limit - HYSTERESIS_PERCENT:
        reason = _("The disk at %(mount)s is %(percent)s %% full; the limit is %(limit)s %%.") % words
        close_alarm(Alarm.Kind.DISK, subject=disk.subject, reason=reason, now=now)
