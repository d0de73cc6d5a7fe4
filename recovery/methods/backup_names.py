"""What the name of a backup file says: whether it is one, when it was made, and what belongs to it."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone

# What copying tools call a file that is not whole yet.
_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".swp", ".lock", "~")
_COMPRESSIONS = ("", ".gz", ".zst", ".zstd")
_COMPANIONS = ("-wal", "-shm", "-journal")
CHECKSUM_ENDING = ".sha256"
_MOMENT = re.compile(
    r"(?<!\d)(20\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)"
    r"(?:[-_.T ]{0,2}([0-2]\d)[-_.:h]?([0-5]\d)(?:[-_.:m]?([0-5]\d)(?!:))?(?:[.,]\d+)?(Z|[+-]\d\d:?\d\d)?)?(?!\d)"
)
_UNIX_TIME = re.compile(r"(?<!\d)(1[6-9]\d{8})(?!\d)")


def is_whole_backup(name: str) -> bool:
    """Whether a file of that name can be a finished backup: not hidden, no temporary name, nobody's companion."""
    if name.startswith(".") or name.lower().endswith((*_UNFINISHED, CHECKSUM_ENDING)):
        return False
    return not any(name.endswith(f"{companion}{ending}") for companion in _COMPANIONS for ending in _COMPRESSIONS)


def companion_names(name: str, companion: str) -> list[str]:
    """The names that the -wal or -journal of the backup `name` may have: before its compression or after all."""
    plain = name
    for ending in _COMPRESSIONS[1:]:
        plain = plain.removesuffix(ending)
    return list(dict.fromkeys(f"{stem}{companion}{ending}" for stem in (plain, name) for ending in _COMPRESSIONS))


def latest_moment_named(name: str) -> datetime | None:
    """The last moment that the time in a file's name can mean (UTC), or None where there is no time in it.

    A date alone means until its end, a minute until its end. A time with no zone is taken for UTC.
    """
    found = [moment for match in _MOMENT.finditer(name) if (moment := _read(match))]
    found += [datetime.fromtimestamp(int(match[1]), tz=UTC) for match in _UNIX_TIME.finditer(name)]
    return min(found, default=None)


def _read(match: re.Match[str]) -> datetime | None:
    year, month, day, hour, minute, second, zone = match.groups()
    try:
        on = date(int(year), int(month), int(day))
        if hour is None:
            return datetime.combine(on, time(), UTC) + timedelta(days=1)
        at = datetime.combine(on, time(int(hour), int(minute), int(second or 0)), _read_zone(zone))
    except ValueError:
        return None
    return (at + (timedelta(seconds=1) if second else timedelta(minutes=1))).astimezone(UTC)


def _read_zone(zone: str | None) -> timezone:
    if zone is None or zone == "Z":
        return UTC
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return timezone(timedelta(minutes=-minutes if zone[0] == "-" else minutes))
