"""Durations in words short enough for a table."""

from django.utils.translation import gettext as _

UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def format_duration(seconds: float) -> str:
    """Two largest units that matter: `1.8 s`, `25 min`, `2 h 5 min`, `3 d 4 h`; below a second in milliseconds."""
    if seconds < 0:
        return f"−{format_duration(-seconds)}"
    if 0 < seconds < 0.9995:
        return f"{max(round(seconds * 1000), 1)} ms"
    if seconds < 59.95:
        return f"{seconds:.1f}".removesuffix(".0") + " s"
    rest, parts = round(seconds), []
    for unit, size in UNITS:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {unit}")
        elif parts:
            break
        if len(parts) == 2:
            break
    return " ".join(parts)


def format_ongoing(seconds: float) -> str:
    """How long something has been going on by now: below a minute in words, since the figure is old when it is read."""
    return _("less than a minute") if seconds < 60 else format_duration(seconds)


def format_bytes(count: int) -> str:
    """`count` bytes in the decimal unit that keeps the figure short: 512 B, 4.2 kB, 104.9 MB."""
    if count < 1000:
        return f"{count} B"
    size = float(count)
    for unit in ("kB", "MB", "GB"):
        size /= 1000
        if size < 999.95:
            return f"{size:.1f} {unit}"
    return f"{size / 1000:.1f} TB"
