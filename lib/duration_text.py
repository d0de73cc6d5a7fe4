"""Durations as people type them, in seconds."""

import re

SECONDS = {
    **dict.fromkeys(("ms", "msec", "milliseconds", "millisecond", "มิลลิวินาที"), 0.001),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "วินาที"), 1.0),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "นาที"), 60.0),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "ชั่วโมง", "ชม."), 3600.0),
    **dict.fromkeys(("d", "day", "days", "วัน"), 86_400.0),
}
_part = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s{0,3}([A-Za-z\u0e00-\u0e7f.]{1,14})\s{0,3}")


def parse_duration(text: str) -> float | None:
    """`25 min`, `2 h 5 min`, `8.5s`, `~3 นาที`, `2 min (by hand)` in seconds; None for everything else."""
    rest, seconds = text.partition("(")[0].strip().lstrip("~<≈").strip(), 0.0
    if not rest or len(rest) > 60:
        return None
    while rest:
        part = _part.match(rest)
        unit = SECONDS.get(part[2].lower()) if part else None
        if part is None or unit is None:
            return None
        seconds += float(part[1]) * unit
        rest = rest[part.end() :]
    return seconds
